"""What lies on the disk, for ``ewn doctor``: whether its device is encrypted, and who may read the keys."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from services.kernel.config import Settings
from workers.findings import Finding

Answer = Literal["yes", "no", "cannot tell"]
KEY_FILES = ("secret", "receipt-key")  # in the data folder
DEPTH = 8  # devices below one another
OVER = {
    "overlay",
    "nfs",
    "nfs4",
    "cifs",
    "9p",
    "virtiofs",
    "zfs",
    "btrfs",
    "fuse",
    "ecryptfs",
}  # not one device of ours


def encrypted(place: Path, *, proc: Path = Path("/proc"), system: Path = Path("/sys")) -> tuple[Answer, str]:
    """Whether a folder lies on a device that dm-crypt encrypts, and what that was read from. Never guesses: what lies
    on a network, in a container's layers or in memory cannot be told from here."""
    mounted = _mount(place, proc)
    if mounted is None:
        return "cannot tell", "the mounts of this system cannot be read"
    device, kind = mounted
    number = _number(device, system)
    if kind.partition(".")[0] in OVER or number is None:
        return "cannot tell", f"it lies on {device} ({kind})"
    state = _crypt(number, system, DEPTH)
    if state is None:
        return "cannot tell", f"what {device} is made of cannot be read"
    return ("yes", f"{device} is encrypted by dm-crypt") if state else ("no", f"{device} is not encrypted by dm-crypt")


def _mount(place: Path, proc: Path) -> tuple[str, str] | None:
    """Device and kind of the file system that a folder lies on."""
    best: tuple[int, str, str] | None = None
    try:
        lines = (proc / "mounts").read_text(encoding="utf-8", errors="replace").splitlines()
        where = place.resolve()
    except OSError:
        return None
    for line in lines:
        words = line.split(" ")
        if len(words) < 3:
            continue
        point = Path(words[1].replace("\\040", " "))
        if where.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = len(point.parts), words[0], words[2]
    return best[1:] if best is not None else None


def _number(device: str, system: Path) -> str | None:
    """The name of a device in the system's own list: dm-0, sda1."""
    if not device.startswith("/dev/"):
        return None
    name = device.removeprefix("/dev/")
    if name.startswith("mapper/"):
        wanted = name.removeprefix("mapper/")
        for one in sorted((system / "block").glob("dm-*")):
            if _read(one / "dm" / "name") == wanted:
                return one.name
        return None
    return name if "/" not in name else None


def _crypt(name: str, system: Path, depth: int) -> bool | None:
    """Whether a device, or all that it is made of, is encrypted; None where that cannot be read."""
    folder = system / "class" / "block" / name
    if not folder.exists():
        folder = system / "block" / name
    if not folder.exists() or depth == 0:
        return None
    if (_read(folder / "dm" / "uuid") or "").startswith("CRYPT-"):
        return True
    below = sorted((folder / "slaves").glob("*")) if (folder / "slaves").exists() else []
    states = [_crypt(one.name, system, depth - 1) for one in below]
    if None in states:
        return None
    return bool(states) and all(states)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None


def at_rest(settings: Settings, *, proc: Path = Path("/proc"), system: Path = Path("/sys")) -> Iterator[Finding]:
    """Whether the data folder lies on an encrypted device, in plain words: yes, no, cannot tell."""
    answer, why = encrypted(settings.data_dir, proc=proc, system=system)
    mend = "Encrypt the disk (LUKS), and the backups. See docs/adr/0016-retention-and-rights.md"
    if answer == "cannot tell":
        mend = "Ask whoever runs the machine whether the disk and the backups are encrypted."
    where = f"is {settings.data_dir} on an encrypted device: {answer}; {why}"
    yield Finding("encryption", "well" if answer == "yes" else "doubtful", where, "" if answer == "yes" else mend)


def keys(settings: Settings) -> Iterator[Finding]:
    """Whether the key files, and the folder they lie in, may be read by their owner alone, and are ours."""
    folder = settings.data_dir
    for path in (folder, *(folder / name for name in KEY_FILES)):
        if not path.exists():
            continue
        about = path.stat()
        open_to = stat.S_IMODE(about.st_mode) & 0o077
        shown = f"{path} has mode {stat.S_IMODE(about.st_mode):04o}"
        if about.st_uid != os.geteuid():
            what = f"{path} belongs to user {about.st_uid}, the service runs as {os.geteuid()}"
            yield Finding("key files", "broken", what, f"As root: chown {os.geteuid()} {path}")
        elif open_to and path.is_file():
            what = f"{shown}: others may read the key"
            yield Finding("key files", "broken", what, f"Run: chmod 600 {path}; then change the key, it may be known.")
        elif open_to:
            yield Finding("key files", "doubtful", f"{shown}: others may look into it", f"Run: chmod 700 {path}")
        else:
            yield Finding("key files", "well", shown)
