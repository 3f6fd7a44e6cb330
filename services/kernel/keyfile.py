"""Ed25519 keys in a file outside the database: the first signs, all verify; made once, whole or not at all."""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PEM = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)


class NoKey(Exception):
    """There is no key to sign or verify with."""


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key beside what it signs: the beginning of the hash of its public half."""
    return hashlib.sha256(raw(key)).hexdigest()[:16]


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def trusted(path: Path) -> dict[str, Ed25519PublicKey]:
    """The public keys of a file by their ids: the first is that of the key that signs.

    Raises:
        NoKey: there is no file, or none of Ed25519 in it.
    """
    return {key_id(one): one for one in (_public(key) for key in _read(path))}


def signer(path: Path, *, make: bool) -> Ed25519PrivateKey:
    """The key that signs; with `make` one is made where there is no file.

    Raises:
        NoKey: there is none, or the first of the file is not a private one.
    """
    if make and not path.exists():
        _make(path)
    key = _read(path)[0]
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"The first key in {path} is not a private one of Ed25519.")
    return key


def written(folder: Path, body: bytes) -> Path:
    """A new file of this folder that is on the disk, under a name of its own."""
    made, name = tempfile.mkstemp(prefix=".made-", dir=folder)  # its mode is 0600
    with os.fdopen(made, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _read(path: Path) -> list[Ed25519PrivateKey | Ed25519PublicKey]:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise NoKey(f"The key {path} cannot be read: {error.strerror}.") from None
    found: list[Ed25519PrivateKey | Ed25519PublicKey] = []
    for one in _PEM.finditer(text):
        key: object
        if one[1] == b"PUBLIC KEY":
            key = serialization.load_pem_public_key(one[0])
        else:
            key = serialization.load_pem_private_key(one[0], password=None)
        if isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
            found.append(key)
    if not found:
        raise NoKey(f"{path} holds no Ed25519 key in PEM.")
    return found


def _public(key: Ed25519PrivateKey | Ed25519PublicKey) -> Ed25519PublicKey:
    return key.public_key() if isinstance(key, Ed25519PrivateKey) else key


def _make(path: Path) -> None:
    private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.parent.mkdir(parents=True, exist_ok=True)
    made = written(path.parent, Ed25519PrivateKey.generate().private_bytes(*private))
    with suppress(FileExistsError):  # another process was first: its key is the one
        os.link(made, path)
    made.unlink()
