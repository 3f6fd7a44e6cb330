"""Shapes of notices."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, Field

What: TypeAlias = Literal[
    "withdrawn",
    "narrowed",
    "recalled",
    "review_due",
    "emptying_due",
    "factor_reset",
    "reader_made",
    "outcome_told",
    "thread_message",
    "report_due",
    "report_overdue",
    "inquiry_asked",
    "inquiry_due",
    "inquiry_overdue",
    "inquiry_answered",
    "inquiry_extended",
    "inquiry_ended",
]


class NoticeView(BaseModel):
    """What was done to a report that you have had, or that is yours, or to a sign-in: no content, and no reason."""

    reference: str
    what: What = Field(
        description="withdrawn, recalled: destroy what you hold of it; narrowed: it is no longer shared with you; "
        "review_due: look again at the marking of your own report; emptying_due: a retention rule takes its words; "
        "outcome_told: an analyst told what came of your report; "
        "thread_message: somebody wrote in the thread about it; "
        "report_due, report_overdue: a report is expected of you, soon or since, and has not come; "
        "inquiry_asked, _due, _overdue, _extended, _ended: a request for information that you were asked, or that is "
        "yours; inquiry_answered: yours was answered; "
        "factor_reset: an administrator made a link with which a person of your organisation, or you, chooses a new "
        "password and second factor; reader_made: an administrator made this person a reader of your organisation, or "
        "a link that opens its sign-in."
    )
    report: str = Field(
        description="The reference of the report, of the request for information, or of the assignment that expects a "
        "report; of a person the sign-in name. "
        "A notice gives no sight of it."
    )
    at: datetime = Field(description="When it was done, or announced.")
    on_day: date | None = Field(
        description="Of what is announced: the first day on which it is done; of a question: its due day."
    )
    read_at: datetime | None


class NoticePage(BaseModel):
    """One page of your notices, newest first; `next` is the cursor to the following page."""

    notices: list[NoticeView]
    unread: int = Field(description="How many you have not read, on all pages.")
    next: str | None
