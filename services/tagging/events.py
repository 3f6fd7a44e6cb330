"""Facts that tagging announces."""

from services.kernel.events import Event


class ReportTagged(Event):
    """What a report is about, or what it is linked to, may have changed."""

    name = "report.tagged"
