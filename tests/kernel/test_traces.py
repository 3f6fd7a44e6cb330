"""One id from a request to its last effect, also where many requests share a commit and a batch."""

from sqlmodel import select

from services import network, reports
from services.kernel import db, log
from services.kernel.events import Outbox
from services.reports import NewReport, Submission
from tests.world import World, report
from workers.handler import run


def waiting(reaction: str) -> dict[int, str]:
    """The trace of each subject that waits for a reaction."""
    with db.reading() as session:
        rows = session.exec(select(Outbox).where(Outbox.reaction == reaction)).all()
    return {row.subject_id: row.trace for row in rows}


def test_reports_of_one_commit_and_one_batch_keep_each_its_own_trace(world: World) -> None:
    world.enrol("north")
    with db.reading() as session:
        caller = network.by_key(session, world.keys["north"])
    told = [Submission(caller, NewReport.model_validate(report(n)), trace=f"T-{n}") for n in (1, 2, 3)]
    assert all(isinstance(one, reports.Accepted) for one in reports.commit(told))
    first = waiting("tag")
    assert sorted(first.values()) == ["T-1", "T-2", "T-3"]
    with db.reading() as session:
        ids = [row.key for row in session.exec(select(Outbox)).all()]
    run("tag", ids)
    assert waiting("count") == first


def test_what_a_worker_logs_after_a_task_bears_no_trace_of_it(world: World) -> None:
    world.enrol("north")
    world.submit("north")
    before = (log.trace.get(), dict(log.traces.get()))
    with db.reading() as session:
        ids = [row.key for row in session.exec(select(Outbox)).all()]
    run("tag", ids)
    assert (log.trace.get(), dict(log.traces.get())) == before
