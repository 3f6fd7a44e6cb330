"""What those may learn of a report who may not read it: told by slices above, which are wired in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self, TypeAlias

from pydantic import BaseModel, Field
from sqlmodel import Session

from services.network import Caller


class TraceView(BaseModel):
    """That your organisation sent a report that is expected of it, and whether in time: all that is told of it to those
    who may not read it."""

    assignment: str = Field(description="The reference of what expects it.")
    form: str
    form_name: str
    start: date | None = Field(description="First day of the period, where the report's days are known.")
    end: date | None
    tlp: str
    everybody: bool = Field(description="The public too.")
    organisations: list[str] = Field(description="Who may know it, by name, as far as you may know them.")


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a report when it is asked who would see it; what is None may be anything."""

    kind: str | None = None
    form: str | None = None
    status: str | None = None
    first: date | None = None
    last: date | None = None
    answers: Any = None

    @classmethod
    def of(cls, report: Any) -> Self:
        """What a report that is there, or is about to be, says of itself."""
        answers = {code: getattr(one, "model_dump", lambda one=one: one)() for code, one in report.answers.items()}
        return cls(report.kind, report.form, report.status, report.occurred_from, report.occurred_to, answers)


Teller: TypeAlias = Callable[[Session, Caller, About], list[TraceView]]
_tellers: list[Teller] = []


def traced_by(*tellers: Teller) -> None:
    """Wire what leaves a trace. Each is asked for a report of the caller's own organisation."""
    _tellers[:] = tellers


def traces(session: Session, caller: Caller, about: About) -> list[TraceView]:
    """All traces that such a report of the caller's organisation leaves."""
    return [one for teller in _tellers for one in teller(session, caller, about)]
