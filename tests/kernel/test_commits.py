"""A failing commit never answers that something was accepted: each commit here really fails, at COMMIT itself."""

import json
import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from services.kernel import db, jobs
from services.kernel.audit import AuditEntry
from services.kernel.events import EventRow, Outbox
from services.main import create_app
from services.network import Organisation
from services.reports.models import Idempotency, Report
from tests.world import World, report

Doom = Callable[[str, str], None]
STORED = (Report, Outbox, EventRow, Idempotency, AuditEntry)


def counts() -> dict[str, int]:
    """How many rows there are of all that a submission stores."""
    with db.reading() as session:
        return {
            str(kind.__tablename__): session.execute(select(func.count()).select_from(kind)).scalar_one()
            for kind in STORED
        }


def test_the_trap_springs_at_commit_and_not_before(database: str, doom: Doom) -> None:
    doom("job_run", "job")
    reached = False
    with pytest.raises(DBAPIError), db.transaction() as session:
        jobs.once(session, "doomed", "2026")
        reached = True
    assert reached
    with db.transaction() as session:  # and the connection that it failed on is fit for use
        assert jobs.once(session, "another", "2026")
    with db.reading() as session:
        assert session.get(jobs.JobRun, ("doomed", "2026")) is None


def test_a_submission_whose_commit_fails_is_not_accepted_and_leaves_nothing(world: World, doom: Doom) -> None:
    world.enrol("north")
    doom("report", "title")
    before = counts()
    answer = world.post("north", report(title="doomed"), **{"Idempotency-Key": "once"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert counts() == before
    assert world.post("north", report(title="Not doomed"), **{"Idempotency-Key": "once"}).status_code == 202


def test_a_doomed_report_fails_none_of_its_neighbours(world: World, doom: Doom) -> None:
    world.enrol("north")
    doom("report", "title")
    bodies = [report(number=n) | ({"title": "doomed"} if n % 8 == 0 else {}) for n in range(1, 33)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: world.post("north", body), bodies))
    assert [answer.status_code for answer in answers] == [500 if n % 8 == 0 else 202 for n in range(1, 33)]
    assert counts()["report"] == 28


def test_a_bulk_line_whose_commit_fails_says_so(world: World, doom: Doom) -> None:
    world.enrol("north")
    doom("report", "title")
    answer = world.client.post(
        "/v1/reports/bulk",
        content=b"\n".join(_json(report(number=n) | ({"title": "doomed"} if n == 2 else {})) for n in range(1, 4)),
        headers={"Content-Type": "application/x-ndjson", **world.auth("north")},
    )
    assert [line["status"] for line in map(json.loads, answer.text.splitlines())] == [202, 500, 202]
    assert counts()["report"] == 2


def test_an_ordinary_write_whose_commit_fails_does_not_answer_that_it_was_done(world: World, doom: Doom) -> None:
    world.enrol("north")
    reference = world.submit("north")
    world.keys["admin"] = world.key("north", ["network:admin"])
    doom("report", "title")
    doom("organisation", "slug")
    revised = report(title="doomed")
    answer = world.client.put(f"/v1/reports/{reference}", json=revised, headers=world.auth("north"))
    assert answer.status_code == 500, answer.text
    new = {"slug": "doomed", "name_en": "Doomed", "name_ru": "Doomed", "kind": "state"}
    answer = world.client.post("/v1/organisations", json=new, headers=world.auth("admin"))
    assert answer.status_code == 500, answer.text
    with db.reading() as session:
        assert session.execute(select(Report.title)).scalars().all() != ["doomed"]
        assert session.execute(select(Organisation.slug)).scalars().all() == ["north"]


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """A full disk, as the system tells it: writes beyond this size fail."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_with_the_disk_full_nothing_is_accepted_and_once_there_is_room_again_all_is(
    sqlite: str, configured: Path
) -> None:
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        world = World(client)
        world.enrol("north")
        world.submit("north")
        before = counts()
        with no_file_grows_beyond((configured / "ewn.db-wal").stat().st_size):
            answers = [world.post("north", report(number=n)) for n in range(2, 6)]
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
        assert counts() == before
        assert world.post("north", report(number=9)).status_code == 202


def _json(body: dict[str, object]) -> bytes:
    return json.dumps(body).encode()
