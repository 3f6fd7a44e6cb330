"""Shapes of the desk: what waits there and why, and how right tagging was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, Field

from services.network import Closed
from services.tagging import TaggedReport

State: TypeAlias = Literal["waiting", "rest", "open", "done", "all"]
Status: TypeAlias = Literal["actual", "exercise", "test"]
Reason: TypeAlias = Literal["untagged", "language", "unsure", "themes", "places", "personal", "alike"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an analyst looks at: `waiting` for a look, the `rest` that is not done with, both (`open`), what is `done`,
    or `all`; of one status, or what happened before exercises and tests."""

    state: State = "waiting"
    country: str = ""
    theme: str = ""
    language: str = ""
    reason: Reason | None = None
    status: Status | None = None


class Waiting(BaseModel):
    """A report on the desk, and why it needs a look."""

    report: TaggedReport
    reasons: list[Reason] = Field(
        description="`untagged`: not tagged yet; `language`: undetermined; `unsure`: a tag of low confidence that its "
        "sender did not give; `themes`, `places`: sender and text share none; `personal`: its owner has not decided "
        "about personal data; `alike`: another of the latest reports may tell the same event."
    )
    done: bool = Field(description="Whether your desk is done with its present revision.")


class Counts(BaseModel):
    """How many reports there are in each list under the same filters, and how many not done with by reason."""

    waiting: int
    rest: int = Field(description="Of no reason: a filter by reason does not touch it.")
    open: int
    done: int
    all: int
    reasons: dict[Reason, int]
    of: int | None = Field(description="Where there are more reports than that: how many of the latest were counted.")


class DeskPage(BaseModel):
    """One page of the queue, what happened before exercises and tests, each the latest received first; `next` is the
    cursor to the following page."""

    reports: list[Waiting]
    counts: Counts
    next: str | None


class Done(BaseModel):
    """Whether your desk is done with the present revision of a report: by whom and when."""

    reference: str
    person: str | None
    at: datetime | None


class NewDone(Closed):
    """The revision of a report that was looked through."""

    revision: int = Field(ge=1, le=1_000_000)


class Measure(BaseModel):
    """How often a definition was right, as far as analysts said so, and how much of what there was it found."""

    confirmed: int
    rejected: int
    added: int = Field(description="What it missed and an analyst added.")
    precision: float | None = Field(description="Confirmed, of confirmed and rejected; null where there are none.")
    between: tuple[float, float] = Field(description="The interval of 95 % (Wilson): wide where little was judged.")
    recall: float | None = Field(
        description="Found, of found and missed, in reports that analysts said to be done with; null where "
        "there are none. It is of what they saw: what they overlooked too it does not know."
    )
    found: int = Field(description="Those of the confirmed in reports that analysts said to be done with.")
    missed: int = Field(description="Those of the added in such reports.")
    recall_between: tuple[float, float] = Field(description="The interval of 95 % (Wilson) of the recall.")


class VersionMeasure(Measure):
    """The same of one version of the definition; empty: judged before versions were kept of what was missed."""

    version: str


class MeasuredView(Measure):
    """The same of one definition in one language, and of each of its versions."""

    scheme: Literal["theme", "place"]
    value: str
    language: str
    versions: list[VersionMeasure]


class PrecisionView(BaseModel):
    """Measured on the reports of this status that you see and analysts judged."""

    status: Status
    done: int = Field(description="How many of the reports that you see analysts said to be done with.")
    definitions: list[MeasuredView]
