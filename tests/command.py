"""The command in a process of its own, forked from this one: most commands take less time than to load the service."""

import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile
from typing import NamedTuple, Never

from services.kernel import db
from services.kernel.config import settings
from tests.architecture.tree import ROOT


class Said(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def ewn(*words: object, timeout: float = 60, **given: object) -> Said:
    """Run a command with these settings and no others."""
    with open(os.devnull, "rb") as nothing, TemporaryFile() as out, TemporaryFile() as err:  # noqa: PTH123 - a device
        child = start(words, given, [file.fileno() for file in (nothing, out, err)])
        deadline = time.monotonic() + timeout
        while (code := ended(child)) is None:
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                raise AssertionError(f"it did not end within {timeout} seconds")
            time.sleep(0.005)
        out.seek(0)
        err.seek(0)
        return Said(code, out.read().decode(), err.read().decode())


def start(words: Sequence[object], given: Mapping[str, object], files: Sequence[int]) -> int:
    """Start a command in a session of its own, on these three files; its process."""
    sys.stdout.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: none of them holds what the child needs
        child = os.fork()
    if not child:
        _become([str(word) for word in words], {name: str(value) for name, value in given.items()}, files)
    return child


def ended(child: int) -> int | None:
    """The exit code of a command that has ended; asked for once."""
    pid, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _become(words: Sequence[str], given: Mapping[str, str], files: Sequence[int]) -> Never:
    """The child: nothing of the parent's service is bound any more; what it had open stays the parent's to close."""
    code = 1
    try:
        os.setsid()
        for number, file in enumerate(files):
            os.dup2(file, number)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "w" if n else "r", closefd=False) for n in range(3))
        for name in [name for name in os.environ if name.startswith("EWN_")]:
            del os.environ[name]
        os.environ.update(given)
        os.chdir(ROOT)
        db._engine = None
        settings.cache_clear()
        from workers.cli import app

        app(args=words, prog_name="ewn")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it is, the child goes no further
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
