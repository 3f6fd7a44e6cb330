"""A key that another process takes at the same moment: whoever sent it gets the one answer that was stored."""

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import func, select

from services import network, reports
from services.kernel import db
from services.reports import NewReport, Report, Submission
from tests.chaos.fleet import eventually
from tests.world import EVERYTHING, report


def test_a_key_taken_elsewhere_while_it_stands_twice_in_a_batch_gets_the_answer_given_there(postgresql: str) -> None:
    new = network.NewOrganisation(slug="north", name_en="North", name_ru="North", kind="state")
    with db.transaction() as session:
        network.enrol(session, new, by=None)
        key = network.issue(session, network.NewKey(name="test", organisation="north", scopes=EVERYTHING), by=None)[1]
    with db.reading() as session:
        caller = network.by_key(session, key)
    same = [Submission(caller, NewReport.model_validate(report()), "a route", "the very same") for _ in range(3)]
    with ThreadPoolExecutor(1) as elsewhere:
        with db.transaction() as session:
            (first,) = reports.accept(session, same[:1])
            waiting = elsewhere.submit(reports.commit, same[1:])
            eventually(blocked, "the other process waits for the key")
        second, third = waiting.result(timeout=30)
    references = {one.receipt.reference for one in (first, second, third) if isinstance(one, reports.Accepted)}
    assert len(references) == 1
    assert all(isinstance(one, reports.Accepted) and one.replayed for one in (second, third))
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(Report)).one() == 1


def blocked() -> bool:
    """Whether a statement waits for another transaction."""
    with db.engine().connect() as connection:
        found = connection.exec_driver_sql("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
        return bool(found.scalar())
