"""JSON logs on standard error, each line with the one id that goes from a request to its last effect."""

import logging
import logging.config
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from services.kernel import ids
from services.kernel.config import settings

trace: ContextVar[str] = ContextVar("trace", default="")
_DETAIL = re.compile(r"DETAIL: .*")


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

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        """The traceback without what PostgreSQL tells of the row in DETAIL."""
        return _DETAIL.sub("DETAIL: left out", logging.Formatter.formatException(self, ei))


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
