"""A key that is revoked in one process is refused by all of them: by most at once, by the intake within a minute."""

import time
from pathlib import Path

import httpx
import pytest

from services.kernel import db
from services.network import NewOrganisation, enrol
from tests.chaos.fleet import Fleet, fleet
from tests.servers import OperatorRedis, Valkey
from tests.world import World, report

PROMISED_SECONDS = 60.0
APIS = ("api-1", "api-2")


@pytest.fixture
def service(postgresql: str, valkey: Valkey | OperatorRedis, configured: Path):
    with fleet(configured, postgresql, valkey.fresh_url(), clock="system") as made:
        yield made


def test_a_revoked_key_is_refused_by_every_process_within_a_minute(service: Fleet) -> None:
    with db.transaction() as session:
        enrol(session, NewOrganisation(slug="north", name_en="North", name_ru="North", kind="state"), by=None)
    issue = World.key
    key, admin = (issue(None, "north", scopes) for scopes in (["reports:write"], ["network:admin"]))  # type: ignore[arg-type]
    service.start(*APIS)
    bearer = {"Authorization": f"Bearer {key}"}
    body = report(occurred_from="2026-10-10", occurred_to="2026-10-10")

    def reads(name: str) -> int:
        return httpx.get(f"{service.urls[name]}/v1/me", headers=bearer, timeout=60).status_code

    def reports(name: str) -> int:
        path = f"{service.urls[name]}/v1/reports?validate=true"
        return httpx.post(path, json=body, headers=bearer, timeout=60).status_code

    assert {reads(name) for name in APIS} == {reports(name) for name in APIS} == {200}
    path = f"{service.urls['api-1']}/v1/keys/{key.split('_')[1]}"
    answer = httpx.delete(path, headers={"Authorization": f"Bearer {admin}"}, timeout=60)
    assert answer.status_code == 200, answer.text
    until = time.monotonic() + PROMISED_SECONDS
    assert {reads(name) for name in APIS} == {401}
    assert reports("api-1") == 401, "where it was revoked nothing is remembered of it"
    while reports("api-2") != 401:
        assert time.monotonic() < until, "the other process still takes its reports"
        time.sleep(0.5)
    assert {reports(name) for name in APIS} == {401}
