"""Facts that definitions announce."""

from services.kernel.events import Event


class ReportOutdated(Event):
    """A report was tagged by definitions that are in force no longer."""

    name = "report.outdated"


class PastRetagged(Event):
    """All reports that were told before a version came into force are tagged and counted by it; its subject is the run.
    Whoever watches a series evaluates it once, with the cause `definition`."""

    name = "past.retagged"
