"""The service's role on PostgreSQL: it can do all that the service does, and undo nothing of audit and reports."""

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from services import migrations
from services.kernel import checkpoints, clock, db, proving, sealing, sequencer
from services.kernel.gathering import gathered
from services.main import create_app
from services.migrations import grants
from tests.client import client_of
from tests.world import World, amber, report
from workers import schedule


@pytest.fixture
def served(postgresql: str) -> Iterator[str]:
    """The database as the service's own role sees it."""
    role, password = f'service "{secrets.token_hex(4)}', secrets.token_hex(8)
    with db.engine().begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote(role)
        connection.execute(text(f"create role {quoted} login password '{password}'"))
    grants.grant(role)
    grants.grant(role)  # safe to repeat
    url = make_url(postgresql).set(username=role, password=password)
    db.connect(url.render_as_string(hide_password=False))
    yield role
    db.connect(postgresql)
    with db.engine().begin() as connection:
        connection.execute(text(f"drop owned by {quoted}"))
        connection.execute(text(f"drop role {quoted}"))


FORBIDDEN = [
    *(f"{act} {table}" for table in ("audit", "audit_block", "audit_checkpoint", "report")
      for act in ("delete from", "truncate")),
    *(f"update audit set {column}" for column in
      ("subject = ''", "detail = '{}'", "at = now()", "member_id = 1", "action = ''", "organisation_id = 1")),
    "update audit_block set hash = ''", "update audit_block set leaves = ''",
    "update audit_checkpoint set signature = ''",
    *(f"update report set {column}" for column in
      ("reference = ''", "organisation_id = 1", "key_id = 1", "handed_in_at = now()", "id = 0")),
    "drop table audit", "alter table audit disable trigger all", "create table more (id int)",
    "truncate report cascade",
]  # fmt: skip


def test_the_life_of_a_report_goes_through_and_nothing_of_it_can_be_undone(served: str) -> None:
    migrations.prepare()  # as each start does
    migrations.upgrade()  # nothing to do, and allowed
    with client_of(create_app()) as client:
        world = World(client)
        for slug in ("north", "south"):
            world.enrol(slug)
        reference = world.submit("north", marking=amber("south"))
        world.settle()
        assert world.get("south", "/v1/reports")["reports"][0]["tagged"]
        series = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31"}
        assert world.get("south", "/v1/indicators/incidents-reported/series", **series)["points"][0]["value"] == 1
        headers = world.auth("north")
        revised = report(2, marking=amber("south"), title="Another title")
        assert client.put(f"/v1/reports/{reference}", json=revised, headers=headers).status_code == 200
        marked = {"marking": {"tlp": "GREEN", "attribution": "named"}}
        assert client.put(f"/v1/reports/{reference}/marking", json=marked, headers=headers).status_code == 200
        world.settle()
        assert world.get("south", f"/v1/reports/{reference}")["title"] == "Another title"
        body = {"schedule": "monthly-bulletin", "day": "2026-10-15"}
        edition = client.post("/v1/digests", json=body, headers=headers).json()["reference"]
        assert world.get("south", "/v1/digests") == []
        assert world.get("north", f"/v1/digests/{edition}/document.json")["edition"] == edition
        other = world.submit("north")
        gone = {"reason": "mistaken"}
        assert client.post(f"/v1/reports/{other}/withdrawal", json=gone, headers=headers).status_code == 204
        recalled = client.post(f"/v1/reports/{reference}/recall", json=gone | {"reference": reference}, headers=headers)
        assert recalled.status_code == 200
        world.settle()
        gathered.flush()
        with db.transaction() as session:
            assert sequencer.place(session) > 0
        for job in schedule.JOBS:
            schedule.do(job, clock.now())
        with db.reading() as session:
            assert sealing.waiting(session) == 0
            assert proving.verify(session, checkpoints.trusted()).state == "clean"
        for one in FORBIDDEN:
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), db.transaction() as session:
                session.execute(text(one))


def test_on_sqlite_there_are_no_roles(sqlite: str) -> None:
    with pytest.raises(grants.NotPostgres):
        grants.grant("service")
