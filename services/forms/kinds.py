"""The kinds of reports, and what each form asks of the one core that all reports share."""

from typing import Literal

Kind = Literal[
    "incident", "situation", "measures", "research", "questionnaire", "zero", "concern", "practice", "document",
    "correction",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "incident", "situation", "measures", "research", "questionnaire", "zero", "concern", "practice", "document",
    "correction",
)  # fmt: skip

Scale = Literal["yes_no", "0-4", "count", "trend", "text", "choice", "date"]
Period = Literal["none", "week", "month", "quarter", "year"]
Need = Literal["required", "optional", "absent"]

# Fields of the core in the order in which they are asked. Those that every report has, whatever its form:
ALWAYS = ("title", "text", "occurred_from", "occurred_to")
# and those that a form may require or leave out; what it does not name is optional.
CHOSEN = ("place", "themes", "figures", "source", "credibility", "language", "selection")
CORRECTS = "corrects"  # of a correction only, and then required
