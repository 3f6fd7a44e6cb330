"""Facts that reports announce."""

from services.kernel.events import Event


class ReportSubmitted(Event):
    """A report was accepted."""

    name = "report.submitted"


class ReportRevised(Event):
    """A report has a new revision, perhaps with another marking."""

    name = "report.revised"


class ReportWithdrawn(Event):
    """A report was taken back by its originator."""

    name = "report.withdrawn"


class ReportRecalled(Event):
    """A report was taken back by its owner and its words destroyed."""

    name = "report.recalled"


class ReportEmptied(Event):
    """A retention rule has taken a report's words; what it counts for stays."""

    name = "report.emptied"


class ReportRemarked(Event):
    """A report has another marking, by hand or by its date; its words are the same."""

    name = "report.remarked"


class ReviewDue(Event):
    """The marking of a report is to be looked at again by its owner."""

    name = "report.review_due"


class ReportGivenLate(Event):
    """A report was changed while an answer that holds its words was on its way: whoever reads it has them now."""

    name = "report.given_late"
