"""Shapes of reports together with what they are about."""

from pydantic import BaseModel

from services.reports import ReportView


class TagView(BaseModel):
    """One tag with the words that led to it: code-point spans over title, one line break, text."""

    scheme: str
    value: str
    confidence: float
    method: str
    spans: list[tuple[int, int]]
    version: str


class TaggedReport(ReportView):
    """A report as this caller may see it, with its tags; `tagged` is false until this revision is worked on."""

    tagged: bool
    tags: list[TagView]


class ReportPage(BaseModel):
    """One page of reports, newest first; `next` is the cursor to the following page."""

    reports: list[TaggedReport]
    next: str | None


class IncidentView(BaseModel):
    """What tells the same as a report, among the reports this caller sees, and from how many independent origins."""

    reports: list[str]
    origins: int
