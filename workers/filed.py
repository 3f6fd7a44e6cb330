"""Where attached files lie and whether their scanner answers, for ``ewn doctor``."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from services import attachments
from services.kernel.config import Settings
from workers.findings import Finding


def files(settings: Settings) -> Iterator[Finding]:
    """Whether files can be stored, and read by the service alone."""
    about, place = "attachments", settings.attached
    if "://" in place:
        yield Finding(about, "well", f"lie at {place.partition('://')[0]}://..., which is not looked at from here")
        return
    folder = Path(place)
    if not folder.exists():
        yield Finding(about, "well", f"{folder} is made with the first file")
        return
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        mend = "Choose another place: EWN_ATTACHMENTS, or let the service's user write there."
        yield Finding(about, "broken", f"{folder} is no folder that this user may read and write", mend)
        return
    open_to = stat.S_IMODE(folder.stat().st_mode) & 0o077
    shown = f"{folder} has mode {stat.S_IMODE(folder.stat().st_mode):04o}"
    if open_to:
        yield Finding(about, "doubtful", f"{shown}: others may look into it", f"Run: chmod 700 {folder}")
    else:
        yield Finding(about, "well", shown)


def scanner(settings: Settings) -> Iterator[Finding]:
    """Whether the scanner says of a harmless file that it is clean."""
    if not settings.scanner:
        mend = "Where a scanner runs, name its command: EWN_SCANNER='clamdscan --fdpass --no-summary'"
        yield Finding("scanner", "doubtful", "none is asked about attached files", mend)
        return
    verdict = attachments.try_scanner()
    if verdict == "clean":
        yield Finding("scanner", "well", "answers")
        return
    what = "does not answer" if verdict == "silent" else "finds something in a harmless file"
    mend = "Start it, or mend EWN_SCANNER. Until it answers others are given no new file; it is asked again by itself."
    yield Finding("scanner", "broken", what, mend)
