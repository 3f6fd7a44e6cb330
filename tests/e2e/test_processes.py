"""Two of everything as separate processes on PostgreSQL and Valkey: a report goes in, and comes out in one edition; its
file goes in at one API, and out as a bare copy at the other."""

import io
import json
import signal
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import httpx
import pytest
from sqlalchemy import func, select, text

from services.digests import Edition
from services.kernel import db
from services.kernel.events import Heartbeat, Outbox, Quarantined
from services.network import NewOrganisation, enrol
from services.reports import Report
from tests.attachments import files
from tests.chaos.fleet import Fleet, eventually, fleet, json_lines, shifted_to
from tests.servers import OperatorRedis, Valkey
from tests.world import EVERYTHING, World, report

BEGAN = datetime(2026, 10, 6, tzinfo=UTC)  # after September's bulletin was due
DUE = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)  # October's bulletin: the fifth, 09:00 in the network's zone
RECEIVED = "2026-10-20T10:00:00+00:00"
MONTH = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31", "grain": "month"}
TWO_OF_EACH = ("api-1", "api-2", "worker-1", "worker-2", "relay-1", "relay-2")
CLOCKS = ("clock-1", "clock-2")


@pytest.fixture
def service(postgresql: str, valkey: Valkey | OperatorRedis, configured: Path):
    """The processes, on a network that began in October, seen from a moment after October's bulletin was due."""
    with db.transaction() as session:
        session.execute(text("update network_state set began_at = :at"), {"at": BEGAN})
    with fleet(configured, postgresql, valkey.fresh_url(), clock=shifted_to(DUE.replace(minute=1))) as made:
        yield made


@pytest.fixture
def keys() -> dict[str, str]:
    """Keys of two organisations; the first may replay."""
    for slug in ("north", "south"):
        with db.transaction() as session:
            enrol(session, NewOrganisation(slug=slug, name_en=slug, name_ru=slug, kind="state"), by=None)
    issue = World.key
    return {slug: issue(None, slug, [*EVERYTHING, "replay"]) for slug in ("north", "south")}  # type: ignore[arg-type]


def rows(kind: Any) -> int:
    with db.reading() as session:
        return int(session.execute(select(func.count()).select_from(kind)).scalar_one())


def connected(*names: str) -> bool:
    """Whether these processes have a connection to the database."""
    with db.reading() as session:
        found = session.execute(text("select distinct application_name from pg_stat_activity")).scalars().all()
    return set(names) <= set(found)


def test_two_of_everything_take_a_report_to_one_edition(service: Fleet, keys: dict[str, str]) -> None:
    service.start(*TWO_OF_EACH)
    with ExitStack() as open_until_the_end:
        apis = [
            open_until_the_end.enter_context(httpx.Client(base_url=service.urls[name], timeout=60))
            for name in ("api-1", "api-2")
        ]
        a_report_becomes_part_of_an_edition(service, apis, keys)
        a_file_is_read_by_a_worker_and_given_as_a_bare_copy_by_the_other_api(apis, keys)
    codes = {name: service.stop(name) for name in (*TWO_OF_EACH, *CLOCKS)}
    # uvicorn ends by the signal that it was sent, once it has shut down
    assert codes == {name: -signal.SIGTERM if name.startswith("api") else 0 for name in codes}
    assert all("Application shutdown complete" in service.log(name) for name in codes if name.startswith("api"))
    assert rows(Edition) == 1
    with db.reading() as session:
        runs = session.execute(text("select count(*) from job_run where job like 'digest:%'")).scalar()
    assert runs == 1
    for name in (*TWO_OF_EACH, *CLOCKS):
        written = service.log(name)
        assert keys["north"].split("_", 2)[2] not in written
        assert "Traceback" not in written, (name, written)
        if not name.startswith("worker"):  # Celery greets
            assert not [line for line in json_lines(written) if line["level"] in ("ERROR", "CRITICAL")]


def a_report_becomes_part_of_an_edition(service: Fleet, apis: list[httpx.Client], keys: dict[str, str]) -> None:
    """Hand reports in at both APIs at once, and follow them to tags, series and the edition that falls due."""
    north, south = ({"Authorization": f"Bearer {keys[slug]}"} for slug in ("north", "south"))

    def hand_in(n: int) -> str:
        body = report(number=n, as_of=RECEIVED)
        answer = apis[n % 2].post("/v1/reports", json=body, headers=north)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["reference"])

    def same(n: int) -> tuple[int, str]:
        headers = {**north, "Idempotency-Key": "the very same", "Content-Type": "application/json"}
        content = json.dumps(report(number=999, as_of=RECEIVED))
        answer = apis[n % 2].post("/v1/reports", content=content, headers=headers)
        return answer.status_code, answer.json().get("reference", "")

    with ThreadPoolExecutor(16) as pool:
        references = set(pool.map(hand_in, range(1, 41)))
        answers = set(pool.map(same, range(50)))
    assert len(references) == 40
    ((status, repeated),) = answers
    assert status == 202
    references.add(repeated)
    assert rows(Report) == 41

    eventually(lambda: not rows(Outbox), "everything is tagged and counted")
    assert not rows(Quarantined)
    for api in apis:
        tagged = api.get(f"/v1/reports/{repeated}", headers=south).json()
        assert "armed-attack" in json.dumps(tagged["tags"])
        series = api.get("/v1/indicators/armed-violence-incidents/series", params=MONTH, headers=south).json()
        assert series["points"][0]["value"] == 41

    service.start(*CLOCKS)
    eventually(lambda: rows(Edition), "the edition that is due is built")
    eventually(lambda: connected(*CLOCKS, *TWO_OF_EACH), "each process works on the database")
    eventually(lambda: beaten("task"), "a task shows that a worker is alive")
    for api in apis:
        editions = api.get("/v1/digests", headers=south).json()
        assert [(one["start"], one["end"]) for one in editions] == [("2026-10-01", "2026-10-31")]
        document = api.get(f"/v1/digests/{editions[0]['reference']}/document.json", headers=south)
        assert document.status_code == 200, document.text
        assert any(reference in document.text for reference in references)
        assert api.get("/readyz").json() == dict.fromkeys(("database", "migrations", "broker", "worker"), "ok")


def a_file_is_read_by_a_worker_and_given_as_a_bare_copy_by_the_other_api(
    apis: list[httpx.Client], keys: dict[str, str]
) -> None:
    """Attach a Word document at one API; its words tag the report, and another organisation saves it from the other."""
    north, south = ({"Authorization": f"Bearer {keys[slug]}"} for slug in ("north", "south"))
    one, other = apis
    plain = report(number=1_000, title="A note", text="As agreed, see the file.", themes=[], as_of=RECEIVED)
    reference = one.post("/v1/reports", json=plain, headers=north).json()["reference"]
    data = files.document("Smugglers carried heroin and opium over the border.")
    path = f"/v1/reports/{reference}/attachments"
    sent = one.post(path, files={"file": ("letter.docx", data)}, headers=north)
    assert sent.status_code == 201, sent.text
    attached = sent.json()["reference"]
    eventually(lambda: not rows(Outbox), "the file is copied and its words are tagged")
    assert not rows(Quarantined)
    tags = other.get(f"/v1/reports/{reference}", headers=south).json()["tags"]
    assert ("drug-trafficking", attached) in {(tag["value"], tag["attachment"]) for tag in tags}
    copy = other.get(f"{path}/{attached}", headers=south)
    assert copy.status_code == 200, copy.text
    document = docx.Document(io.BytesIO(copy.content))
    assert "heroin and opium" in "\n".join(one.text for one in document.paragraphs)
    with zipfile.ZipFile(io.BytesIO(copy.content)) as parts:
        inside = b"".join(parts.read(name) for name in parts.namelist())
    assert not [told for told in (files.AUTHOR, files.HIDDEN) if told.encode() in inside]
    assert other.get(f"{path}/{attached}", headers=north).content == data


def beaten(name: str) -> bool:
    with db.reading() as session:
        return session.get(Heartbeat, name) is not None
