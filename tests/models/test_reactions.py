"""Messages are lost, doubled, late, reordered, handled by rivals that die: the cells come out right (ADR 0006)."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from .incidents import recount
from .reactions import Database, Plan, Poisoned, react
from .test_incidents import DAYS, VIEWERS, Fact, Report, keys, reports

pick = st.integers(0, 99)


class Workers(RuleBasedStateMachine):
    """A sender, a relay, and workers that stop between prepare and apply whenever it hurts."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database()
        self.messages: list[list[int]] = []
        self.plans: list[Plan] = []

    @rule(key=keys, report=reports)
    def submit_or_revise(self, key, report):
        self.database.change(key, report=report)

    @rule(key=keys)
    def withdraw(self, key):
        self.database.change(key, report=None)

    @rule(a=keys, b=keys)
    def link_or_unlink(self, a, b):
        if a != b:
            self.database.change(a, b, link=True)

    @precondition(lambda self: self.database.outbox)
    @rule(first=pick, size=st.integers(1, 4))
    def relay(self, first, size):
        rows = sorted(self.database.outbox)
        self.messages.append((rows[first % len(rows) :] + rows)[:size])

    @rule()
    def empty_the_broker(self):
        self.messages.clear()

    @precondition(lambda self: self.messages)
    @rule(which=pick)
    def prepare(self, which):
        try:
            self.plans.append(self.database.prepare(self.messages[which % len(self.messages)]))
        except Poisoned:
            react(self.database, self.messages[which % len(self.messages)])

    @precondition(lambda self: self.plans)
    @rule(which=pick, again=st.booleans())
    def apply(self, which, again):
        plan = self.plans[which % len(self.plans)]
        self.database.apply(plan)
        if not again:
            self.plans.remove(plan)

    @precondition(lambda self: self.plans)
    @rule(which=pick)
    def crash_with_the_plan(self, which):
        self.plans.pop(which % len(self.plans))

    @rule(key=keys)
    def poison(self, key):
        self.database.poison ^= {key}

    @invariant()
    def the_cells_are_never_half_written(self):
        tally = self.database.tally
        assert all(tally.read(seen) == recount(tally.reports, tally.links, seen) for seen in VIEWERS[::3])

    @invariant()
    def every_event_is_waiting_consumed_or_set_aside(self):
        db = self.database
        assert db.published == db.consumed + len(db.outbox) + len(db.quarantine)

    def teardown(self):
        db = self.database
        react(db, sorted(db.outbox))
        assert not db.outbox
        assert set(db.quarantine.values()) <= set(range(5))
        db.poison.clear()
        db.retry()
        react(db, sorted(db.outbox))
        assert not db.outbox
        assert not db.quarantine
        assert all(db.tally.read(seen) == recount(db.reports, db.links, seen) for seen in VIEWERS)


TestWorkers = Workers.TestCase
TestWorkers.settings = settings(max_examples=max(60, settings().max_examples // 2))  # a run here is a whole story

ONE = Report(frozenset({0}), "actual", (Fact("incidents", "R", DAYS[0], DAYS[0]),))


def test_two_rivals_with_the_same_message_count_once():
    db = Database()
    db.change(1, report=ONE)
    first, second = db.prepare([0]), db.prepare([0])
    assert db.apply(first)
    assert db.apply(second), "nothing left to take is done, not stale"
    assert set(db.tally.read({0}).values()) == {1}


def test_a_plan_is_stale_when_a_neighbour_was_counted_meanwhile():
    """Two messages, one incident: without the tally number the second would subtract what is no longer there."""
    db = Database()
    db.change(1, report=ONE)
    db.change(2, report=ONE)
    db.change(1, 2, link=True)
    left, right = db.prepare([0]), db.prepare([1])
    assert left.keys == right.keys == {1, 2}
    assert db.apply(left)
    assert not db.apply(right)
    assert 1 in db.outbox, "a stale plan gives its rows back"
    react(db, sorted(db.outbox))
    assert set(db.tally.read({0}).values()) == {1}


def test_a_late_message_brings_nothing_old_back():
    db = Database()
    db.change(1, report=ONE)
    old = db.prepare([0])
    db.change(1, report=None)
    assert not db.apply(old)
    react(db, [1])
    react(db, [0])
    assert not db.tally.cells


def test_the_bad_event_of_a_batch_stands_alone_and_the_others_are_counted():
    db = Database()
    for key in range(7):
        db.change(key, report=ONE)
    db.poison = {3}
    react(db, range(7))
    assert db.quarantine == {3: 3}
    assert set(db.tally.read({0}).values()) == {6}
