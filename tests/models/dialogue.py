"""Threads and revisions as sets: who is told what was said and written before a report was marked or revised (0022)."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """What was written, and who saw the report then; its owner always does."""

    text: str
    audience: frozenset[str]


@dataclass
class Report:
    """A report's markings and revisions in their order, and what was written about it."""

    owner: str
    states: list[tuple[int, frozenset[str]]]
    """Revision and audience of each state; the last one stands."""
    messages: list[Message] = field(default_factory=list)

    @property
    def now(self) -> frozenset[str]:
        return self.states[-1][1]

    def mark(self, audience: frozenset[str]) -> None:
        self.states.append((self.states[-1][0], audience | {self.owner}))

    def revise(self, audience: frozenset[str]) -> None:
        self.states.append((self.states[-1][0] + 1, audience | {self.owner}))

    def write(self, writer: str, text: str) -> bool:
        """Whether it could be written: by whoever sees the report."""
        if writer not in self.now:
            return False
        self.messages.append(Message(text, self.now))
        return True


def thread(report: Report, reader: str) -> list[str] | None:
    """The messages that a reader is told; None where the report does not exist for it."""
    if reader not in report.now:
        return None
    return [one.text for one in report.messages if reader in one.audience]


def revisions(report: Report, reader: str) -> list[int] | None:
    """The revisions that a reader may read: of each the last of its markings decides."""
    if reader not in report.now:
        return None
    last = dict(report.states)
    return [number for number, audience in last.items() if reader in audience]
