"""JSON logs on standard error, each line with the one id that goes from a request to its last effect."""

import logging
import logging.config
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from services.kernel import ids
from services.kernel.config import settings

trace: ContextVar[str] = ContextVar("trace", default="")
_DETAIL = "DETAIL:"


traces: ContextVar[Mapping[int, str]] = ContextVar("traces", default={})  # noqa: B039 -- never changed, only replaced


def trace_of(subject_id: int) -> str:
    """The trace that led to a subject where a batch holds many, else the trace of this context."""
    return traces.get().get(subject_id) or trace.get()


def new_trace() -> str:
    """Begin a new trace in this context and return its id."""
    value = ids.reference("T")
    trace.set(value)
    return value


class Lines(JsonFormatter):
    """One JSON object a line; of a database's complaint, not the row that it complains of."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - the same
        """UTC, as ISO 8601 writes it."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        """The traceback without what PostgreSQL tells of the row in DETAIL, which may have many lines."""
        told = logging.Formatter.formatException(self, ei)
        for said in sorted({str(one) for one in _chain(ei[1])}, key=len, reverse=True):  # the outer hold the inner
            before, detail, _ = said.partition(_DETAIL)
            if detail:
                told = told.replace(said, f"{before}{detail} left out")
        return told


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that led to it."""
    if error is not None:
        yield error
        yield from _chain(error.__cause__)
        yield from _chain(error.__context__)


class _Trace(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.trace = trace.get()
        return True


def configure(process: str) -> None:
    """Send all logs of this process to standard error as JSON lines. Never log bodies, keys or cookies."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"trace": {"()": _Trace}},
            "formatters": {
                "json": {
                    "()": Lines,
                    "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(trace)s",
                    "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
                    "static_fields": {"process": process},
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["trace"]}},
            "root": {"level": settings().log_level, "handlers": ["stderr"]},
            "loggers": {"httpx": {"level": "WARNING"}, "celery": {"level": "WARNING"}, "kombu": {"level": "WARNING"}},
        }
    )
