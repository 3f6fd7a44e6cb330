"""Group commit: whoever waits beside a report that cannot be stored, or that nobody waits for any more, is answered."""

import json
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from services.kernel import db
from services.kernel.errors import Problem
from services.network import Caller, Organisation
from services.reports import Accepted, NewReport, Submission, commit
from services.reports.intake import Intake, examine
from services.reports.repeats import OwnReferenceTaken
from tests.reports.rows import rows
from tests.world import World, report


@pytest.fixture
def caller(world: World) -> Caller:
    world.enrol("north")
    with db.reading() as session:
        return Caller(session.exec(select(Organisation.id)).one(), key_id=1)


def submission(caller: Caller, number: int, **overrides: Any) -> Submission:
    """A report on its way in; `overrides` pass by every check, as a fault of ours would."""
    new = NewReport.model_validate_json(json.dumps(report(number=number)))
    made = Submission(caller, new)
    object.__setattr__(made, "report", new.model_copy(update=overrides))
    return made


BROKEN: tuple[dict[str, Any], ...] = (
    {"title": "\ud800"},  # no database and no digest takes half a pair
    {"figures": {"killed": object()}},
    {"occurred_from": None},
)


def test_a_report_that_cannot_be_stored_fails_alone(caller: Caller) -> None:
    before = rows()["report"]
    for number, broken in enumerate(BROKEN):
        batch = [submission(caller, number * 10 + n) for n in range(3)]
        batch.insert(1, submission(caller, number * 10 + 9, **broken))
        outcomes = commit(batch)
        assert [isinstance(one, Accepted) for one in outcomes] == [True, False, True, True], broken
        assert isinstance(outcomes[1], Problem)
        assert outcomes[1].status == 500
    assert rows()["report"] == before + 3 * len(BROKEN)


def test_the_writer_answers_everybody_in_a_batch_with_a_bad_report(caller: Caller) -> None:
    writer = Intake("writer", commit)
    given = [submission(caller, n, **({"title": "\ud800"} if n == 5 else {})) for n in range(20)]
    futures = [writer.hand_in(one) for one in given]
    assert sum(future.exception(timeout=30) is None for future in futures) == 19
    assert isinstance(futures[5].exception(), Problem)
    writer.stop()
    assert rows()["report"] == 19


def test_a_caller_that_has_gone_leaves_the_writer_and_its_neighbours_alone(caller: Caller) -> None:
    writer = Intake("writer", commit)
    futures: list[Future[Accepted]] = []
    with db.transaction():  # the writer waits for its turn while callers come and go
        held = writer.hand_in(submission(caller, 0)) if not db.engine().url.drivername.startswith("sqlite") else None
        futures = [writer.hand_in(submission(caller, n)) for n in range(1, 10)]
        gone = [future for future in futures[2:8:2] if future.cancel()]
    stayed = [future for future in [held, *futures] if future is not None and not future.cancelled()]
    assert all(isinstance(future.result(timeout=30), Accepted) for future in stayed)
    assert isinstance(writer.hand_in(submission(caller, 99)).result(timeout=30), Accepted)
    writer.stop()
    assert rows()["report"] == len(stayed) + 1
    assert len(gone) + len(stayed) == len(futures) + (held is not None)


def test_nobody_is_told_202_when_the_commit_fails(world: World) -> None:
    world.enrol("north")
    with db.transaction() as session:
        session.connection().execute(text("drop table report_revision"))
        session.connection().execute(text("drop table outbox"))
    answer = world.post("north", report())
    assert answer.status_code in (500, 503)
    assert rows_of("report") == rows_of("audit where action = 'report.submitted'") == 0


@pytest.mark.one_kind
def test_what_is_checked_together_is_refused_as_each_alone_and_stores_nothing(caller: Caller) -> None:
    assert isinstance(commit([submission(caller, 1, own_reference="N-1")])[0], Accepted)
    before = rows()
    given = [
        submission(caller, 1, own_reference="N-1"),  # a repeat
        submission(caller, 2, own_reference="N-1"),  # another report under the same name
        submission(caller, 3, own_reference="N-3"),
        submission(caller, 4, own_reference="N-3"),  # at odds with its neighbour only: alone, it would be taken
    ]
    checks = Intake("checks", examine)
    futures = [checks.hand_in(one) for one in given]
    told = [future.exception(timeout=30) or future.result() for future in futures]
    checks.stop()
    assert [type(one) for one in told] == [Accepted, OwnReferenceTaken, type(None), type(None)]
    assert rows() == before


@pytest.mark.one_kind
def test_keys_are_recognised_in_a_batch_of_more_than_one_question(caller: Caller) -> None:
    given = [
        Submission(caller, submission(caller, n, own_reference=f"N-{n}").report, f"route {n % 3}", f"key {n}")
        for n in range(700)
    ]
    first, before = commit(given), rows()
    again = commit(given)
    assert all(isinstance(one, Accepted) and not one.replayed for one in first)
    assert [one.receipt for one in again if isinstance(one, Accepted) and one.replayed] == [
        one.receipt for one in first if isinstance(one, Accepted)
    ]
    assert rows() == before


def rows_of(table: str) -> int:
    with db.reading() as session:
        return int(session.connection().execute(text(f"select count(*) from {table}")).scalar_one())


@pytest.mark.one_kind
def test_stopping_finishes_what_waits(caller: Caller) -> None:
    writer = Intake("writer", commit)
    futures = [writer.hand_in(submission(caller, n)) for n in range(300)]
    writer.stop()
    assert all(future.done() for future in futures)
    assert rows()["report"] == 300
