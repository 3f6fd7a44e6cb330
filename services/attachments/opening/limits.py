"""What a file may cost to open, and how the process that opens it is kept from costing more."""

import resource
import signal

MEGABYTE = 1 << 20
MEMORY_BYTES = 640 * MEGABYTE  # of addresses; a picture of MOST_PIXELS takes 400
CPU_SECONDS = 12
WRITTEN_BYTES = 64 * MEGABYTE
OPEN_FILES = 64

MOST_ENTRIES = 2_000  # of a package
MOST_UNPACKED = 100 * MEGABYTE
MOST_RATIO = 100  # of a part of more than RATIO_FROM; text in XML packs to a tenth
RATIO_FROM = MEGABYTE
MOST_XML = 30 * MEGABYTE  # of one part that is parsed
MOST_PAGES = 1_000
MOST_OBJECTS = 100_000  # of a PDF's copy
MOST_STREAM = 50 * MEGABYTE  # of a PDF, unpacked
MOST_PDF_UNPACKED = 200 * MEGABYTE  # all its streams together
MOST_DEPTH = 60  # of objects inside one another
MOST_PIXELS = 50_000_000
MOST_WORDS = 50_000  # characters of text that are kept; a report's own text may have as many


class Refused(Exception):
    """Why a file is not taken, or not opened: a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def bound() -> None:
    """Bound this process, before it looks at anything. What it cannot have it fails for, and nobody else."""
    wanted = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: WRITTEN_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
