"""The malware scanner of the operator's choice, if there is one: a command that is given a path."""

import logging
import shlex
import subprocess
from pathlib import Path
from typing import Literal

from services.attachments.store import store
from services.kernel.config import settings

logger = logging.getLogger(__name__)
SECONDS = 12.0
Verdict = Literal["clean", "found", "silent"]
# What the command-line scanners agree on: clamscan(1), clamdscan(1).
_VERDICTS: dict[int, Verdict] = {0: "clean", 1: "found"}


def asked() -> bool:
    """Whether there is a scanner to ask."""
    return bool(settings().scanner)


def scanned(path: Path) -> Verdict:
    """What the scanner says of a file; silent where it does not answer, whatever the reason."""
    try:
        command = shlex.split(settings().scanner)
        done = subprocess.run(
            [*command, str(path)], check=False, timeout=SECONDS,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        logger.error("the scanner does not answer: %s", type(error).__name__)  # noqa: TRY400 -- that says it all
        return "silent"
    verdict = _VERDICTS.get(done.returncode, "silent")
    if verdict == "silent":
        logger.error("the scanner failed with code %d", done.returncode)
    return verdict


def tried() -> Verdict:
    """What the scanner says of a harmless file."""
    with store().scratch() as harmless:
        harmless.write_text("A harmless text.\n", encoding="utf-8")
        return scanned(harmless)
