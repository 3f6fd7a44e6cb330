"""Facts that tagging announces."""

from services.kernel.events import Event


class ReportReread(Event):
    """A report is to be read once more: what the pack says of words and places has changed."""

    name = "report.reread"


class ReportTagged(Event):
    """What a report is about, or what it is linked to, may have changed."""

    name = "report.tagged"


class PairDecided(Event):
    """An analyst has said of a report and another whether they tell the same event."""

    name = "pair.decided"
