"""Has a file opened by a child process with bounds on memory, time and what it writes; this process never parses it."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.kernel.errors import Invalid, TooLarge, UnsupportedType

logger = logging.getLogger(__name__)
SECONDS = 15.0  # by the wall; the processor's time is bounded in the child
MOST_SAID = 1 << 20
# The packages on the way to the opening, bare: their front doors would load the whole service into the child.
_LAUNCH = """
import runpy, sys, types
for name, folder in zip(("services", "services.attachments"), sys.argv[1:3]):
    made = types.ModuleType(name)
    made.__path__ = [folder]
    sys.modules[name] = made
del sys.argv[1:3]
runpy.run_module("services.attachments.opening", run_name="__main__", alter_sys=True)
"""
_HERE = Path(__file__).parent


class KindNotAccepted(UnsupportedType):
    """The content of the file is of no kind that is taken."""

    title = "This kind of file is not taken"


class FileUnreadable(Invalid):
    """The file is of a kind that is taken, and cannot be opened."""

    title = "The file cannot be opened"


class UnpacksTooLarge(TooLarge):
    """Opened, the file would take more than any may."""

    title = "The file unpacks to too much"


_REFUSALS = {
    "kind": (
        KindNotAccepted,
        "Its content is none of DOCX, PDF, PNG, JPEG or plain text in UTF-8: save it as one of these.",
    ),
    "damaged": (FileUnreadable, "It is damaged, or not what it begins as: save it anew."),
    "locked": (FileUnreadable, "It is encrypted: take its password away and send it again."),
    "bomb": (UnpacksTooLarge, "It has too many parts, pages or points, or unpacks to too much: send it in parts."),
    "time": (UnpacksTooLarge, "It takes too long to open: send it in parts."),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a child says of a file. `refused`: a code, empty where it was opened; `why`: what keeps it from others;
    `left_out`: what the copy for others is without; `text`: the words of that copy."""

    refused: str = ""
    kind: str = ""
    why: Sequence[str] = ()
    left_out: Sequence[str] = ()
    text: str = ""


def examined(source: Path, scratch: Path) -> Opened:
    """What a file is, once all of it was opened: the copy is made to be sure, and stays in `scratch`.

    Raises:
        KindNotAccepted, FileUnreadable, UnpacksTooLarge: it is not taken.
    """
    found = opened("copy", source, scratch)
    if found.refused:
        kind, said = _REFUSALS[found.refused]
        raise kind(said, field="file")
    return found


def opened(act: str, source: Path, target: Path, *, seconds: float = SECONDS) -> Opened:
    """Run a child on a file: it may end as it likes. `copy` writes the target, `words` reads a copy."""
    command = [sys.executable, "-I", "-c", _LAUNCH, str(_HERE.parent), str(_HERE), act, str(source), str(target)]
    with tempfile.TemporaryFile(dir=target.parent) as said:
        try:
            # No environment: there is nothing in it that a child needs, and the service's secrets are.
            child = subprocess.run(
                command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL,
                timeout=seconds, env={}, cwd="/",
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Opened(refused="time")
        said.seek(0)
        return _read(said.read(MOST_SAID), child.returncode)


def _read(said: bytes, code: int) -> Opened:
    """What a child has said; one that was killed on the way, or said nothing, found too much."""
    try:
        body: Any = json.loads(said) if code == 0 else {"refused": "time"}
        known: dict[str, Any] = {name: body.get(name) for name in ("refused", "kind", "why", "left_out", "text")}
        found = Opened(**{name: value for name, value in known.items() if value is not None})
    except (ValueError, TypeError, AttributeError):
        found = Opened(refused="time")
    if code != 0:
        logger.warning("a child that opened a file ended with %d", code)
    return found if found.refused in ("", *_REFUSALS) else Opened(refused="damaged")
