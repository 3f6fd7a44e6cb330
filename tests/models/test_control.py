"""Who is told that a report was taken back: exactly those who had it and lost it, each once (ADR 0012)."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from .control import Notice, Report, give, hand_in, look, mark, read, tell, touch, withdraw

PEOPLE = ("owner", "ada", "ben", "eva")
people = st.sampled_from(PEOPLE)
readers = st.frozensets(st.sampled_from(PEOPLE[1:]))


class Story(RuleBasedStateMachine):
    """Marks, readings and takings back in any order; answers leave late, and reactions look when they like."""

    def __init__(self) -> None:
        super().__init__()
        self.report = hand_in("owner", frozenset(PEOPLE))
        self.reading: list[tuple[str, int]] = []
        self.found: list[set[Notice]] = []
        self.invited = False
        # The rule, kept act by act: who has had what is there now, and who must have been told what.
        self.had: set[str] = set()
        self.due: set[tuple[str, str, int]] = set()
        self.changes = 0

    def _lost(self, what: str, readers: set[str]) -> None:
        self.changes += 1
        self.due |= {(what, reader, self.changes) for reader in readers}
        self.invited = True

    @precondition(lambda self: not self.report.withdrawn)
    @rule(readers=readers)
    def mark(self, readers) -> None:
        before = self.report.seen_by
        mark(self.report, readers)
        # Whoever is being answered has what was there: the record is made before the answer leaves.
        self._lost("narrowed", {one for one in self._has() if one in before and one not in self.report.seen_by})

    @precondition(lambda self: not self.report.withdrawn)
    @rule()
    def withdraw(self) -> None:
        withdraw(self.report)
        self._lost("withdrawn", self._has())

    def _has(self) -> set[str]:
        return (self.had | {reader for reader, _ in self.reading}) - {"owner"}

    @rule()
    def other_work(self) -> None:
        touch(self.report)

    @rule(reader=people)
    def read(self, reader) -> None:
        version = read(self.report, reader)
        if version is not None:
            self.reading.append((reader, version))

    @precondition(lambda self: self.reading)
    @rule(which=st.integers(0, 9))
    def an_answer_leaves(self, which) -> None:
        reader, version = self.reading.pop(which % len(self.reading))
        self.had.add(reader)
        self.invited |= give(self.report, reader, version)

    @rule()
    def a_reaction_looks(self) -> None:
        self.found.append(look(self.report))

    @precondition(lambda self: self.found)
    @rule(which=st.integers(0, 9), again=st.booleans())
    def a_reaction_writes(self, which, again) -> None:
        found = self.found[which % len(self.found)]
        tell(self.report, found)
        if not again:
            self.found.remove(found)

    @invariant()
    def nobody_is_told_who_had_nothing_or_lost_nothing(self) -> None:
        due = {(reader, what) for what, reader, _ in self.due}
        assert {(one.reader, one.what) for one in self.report.notices} <= due

    def teardown(self) -> None:
        """Once answers have left and the invited reaction has run, exactly those who are due were told, each once."""
        while self.reading:
            self.an_answer_leaves(0)
        if self.invited:
            tell(self.report, look(self.report))
        told = [(one.what, one.reader) for one in self.report.notices]
        assert sorted(told) == sorted((what, reader) for what, reader, _ in self.due)


TestStory = Story.TestCase


@given(st.lists(readers, max_size=5))
def test_widening_tells_nobody(markings):
    report = hand_in("owner", frozenset())
    seen: frozenset[str] = frozenset()
    for more in markings:
        seen |= more
        mark(report, seen)
        for one in seen:
            give(report, one, report.version)
    assert look(report) == set()


def test_who_first_reads_after_a_narrowing_had_nothing_to_lose_by_it() -> None:
    report = hand_in("owner", frozenset({"ada", "ben"}))
    mark(report, frozenset({"ada"}))
    mark(report, frozenset({"ada", "ben"}))
    give(report, "ben", report.version)
    assert look(report) == set()


def test_who_lost_it_hears_of_no_later_marking_but_of_its_withdrawal() -> None:
    report = hand_in("owner", frozenset({"ada", "ben"}))
    give(report, "ben", 1)
    for readers_ in ({"ada"}, {"eva"}):
        mark(report, frozenset(readers_))
    assert look(report) == {Notice(1, "ben", "narrowed")}
    withdraw(report)
    assert look(report) == {Notice(1, "ben", "narrowed"), Notice(3, "ben", "withdrawn")}


def test_of_two_answers_that_leave_in_the_wrong_order_the_earlier_reading_counts() -> None:
    report = hand_in("owner", frozenset({"ben"}))
    mark(report, frozenset())
    mark(report, frozenset({"ben"}))
    assert not give(report, "ben", report.version)
    assert give(report, "ben", 1)
    assert look(report) == {Notice(1, "ben", "narrowed")}


def test_the_owners_own_readings_leave_nothing() -> None:
    report: Report = hand_in("owner", frozenset({"ada"}))
    assert not give(report, "owner", 1)
    assert report.had == {}
