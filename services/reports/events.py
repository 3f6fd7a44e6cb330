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
