"""A key's life: no more than its maker may give, an end, a successor, its networks, its last use, and tests alone."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select

from services import network
from services.kernel import clock, db
from services.kernel.config import settings
from services.kernel.errors import Invalid
from services.network.access import uses
from services.network.access.issuing import AlreadyRotated, KeyEnded, NotYoursToGive
from tests.persons import signed_in
from tests.world import EVERYTHING, World, report

pytestmark = pytest.mark.one_kind

READS = ["reports:read", "indicators:read"]


def issued(world: World, headers: dict[str, str], **more: object) -> str:
    """A key made through the API."""
    body = {"name": "machine", "organisation": "north", "scopes": READS, **more}
    answer = world.client.post("/v1/keys", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def made(**more: object) -> tuple[network.ApiKey, str]:
    with db.transaction() as session:
        new = {"name": "machine", "organisation": "north", "scopes": READS, **more}
        return network.issue(session, network.NewKey.model_validate(new), by=None)


def status(world: World, key: str, client: TestClient | None = None, **headers: str) -> int:
    asking = client or world.client
    return int(asking.get("/v1/me", headers={"Authorization": f"Bearer {key}", **headers}).status_code)


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    world.enrol("south")
    return world


@pytest.fixture
def ada(north: World) -> dict[str, str]:
    return signed_in("ada", "north", "focal_point")


@pytest.mark.parametrize("role", network.ROLES)
def test_nobody_gives_a_key_more_than_is_theirs_or_to_others(north: World, role: str) -> None:
    headers = signed_in("ida", "north", role)
    given = network.ROLES[role]
    for owner in ("north", "south"):
        for scope in sorted(network.KEY_SCOPES):
            body = {"name": "machine", "organisation": owner, "scopes": [scope]}
            answer = north.client.post("/v1/keys", json=body, headers=headers)
            with db.reading() as session:
                caller = network.by_session(session, headers["Cookie"].partition("=")[2])[0]
                may = network.may_issue(caller, network.directory(session).slugs[owner], [scope])
            assert answer.status_code == (201 if may and network.OWN_KEYS in given else 403), (role, owner, scope)
            if may and "network:admin" not in given:
                assert owner == "north"
                assert scope in given


def test_no_key_carries_the_right_to_make_keys(north: World) -> None:
    with pytest.raises(Invalid, match="Unknown scopes"):
        made(scopes=[network.OWN_KEYS])


def test_a_key_ends_within_400_days_whether_or_not_that_is_said(north: World) -> None:
    now = clock.now()
    row, _ = made()
    assert row.expires_at == now + timedelta(days=400)
    made(expires_at=now + timedelta(days=400))
    with pytest.raises(Invalid, match="400 days"):
        made(expires_at=now + timedelta(days=400, seconds=1))


@pytest.mark.both_kinds
def test_a_successor_has_the_same_rights_and_the_old_key_works_for_the_overlap(
    north: World, ada: dict[str, str]
) -> None:
    old = issued(north, ada, kind="test", expires_at="2026-11-21T12:00:00Z")
    prefix = old.split("_")[1]
    answer = north.client.post(f"/v1/keys/{prefix}/rotation", json={"overlap_hours": 48}, headers=ada)
    assert answer.status_code == 201, answer.text
    new = answer.json()
    before = next(one for one in north.client.get("/v1/keys", headers=ada).json() if one["prefix"] == prefix)
    same = ("name", "organisation", "kind", "scopes", "networks")
    assert {name: new[name] for name in same} == {name: before[name] for name in same}
    assert (new["replaces"], new["expires_at"]) == (prefix, "2026-11-21T12:00:00Z")
    assert before["expires_at"] == "2026-11-03T12:00:00Z"
    bearer = {"Authorization": f"Bearer {old}"}, {"Authorization": f"Bearer {new['key']}"}
    assert [north.client.get("/v1/me", headers=one).status_code for one in bearer] == [200, 200]
    with db.reading() as session, clock.at(clock.now() + timedelta(hours=48)):
        caller = network.Caller(network.directory(session).slugs["north"])
        rows = {one.prefix: network.working(one, clock.now()) for one in network.listed(session, by=caller)}
    assert (rows[prefix], rows[new["prefix"]]) == (False, True)


def token(headers: dict[str, str]) -> str:
    return headers["Cookie"].partition("=")[2]


@pytest.mark.parametrize("hours", [-1, 721])
def test_an_overlap_lasts_thirty_days_at_most(north: World, ada: dict[str, str], hours: int) -> None:
    prefix = issued(north, ada).split("_")[1]
    answer = north.client.post(f"/v1/keys/{prefix}/rotation", json={"overlap_hours": hours}, headers=ada)
    assert (answer.status_code, answer.json()["field"]) == (422, "overlap_hours")


def test_an_overlap_gives_no_key_a_longer_life(north: World) -> None:
    old, _ = made(expires_at=clock.now() + timedelta(hours=1))
    with db.transaction() as session:
        network.rotate(session, old.prefix, network.Rotation(overlap_hours=720), by=None)
        assert session.exec(select(network.ApiKey).where(network.ApiKey.prefix == old.prefix)).one().expires_at == (
            old.expires_at
        )


@pytest.mark.both_kinds
def test_only_a_key_that_works_and_has_no_successor_is_replaced(north: World) -> None:
    def rotate(prefix: str) -> str:
        with db.transaction() as session:
            return network.rotate(session, prefix, network.Rotation(), by=None)[0].prefix

    first = made()[0].prefix
    second = rotate(first)
    with pytest.raises(AlreadyRotated):
        rotate(first)
    with db.transaction() as session:
        network.revoke(session, second, by=None)
    with pytest.raises(KeyEnded):
        rotate(second)
    assert rotate(first) != second


def test_rotation_gives_nobody_a_key_that_they_could_not_make(north: World, ada: dict[str, str]) -> None:
    row, _ = made(scopes=["digests:build"])
    answer = north.client.post(f"/v1/keys/{row.prefix}/rotation", json={}, headers=ada)
    assert (answer.status_code, answer.json()["type"]) == (403, "/docs/problems#not-yours-to-give")
    with db.transaction() as session, pytest.raises(NotYoursToGive):
        caller = network.by_session(session, token(ada))[0]
        network.issue(
            session, network.NewKey(name="machine", organisation="north", scopes=["digests:build"]), by=caller
        )


@pytest.mark.both_kinds
def test_the_keys_of_others_do_not_exist(north: World, ada: dict[str, str]) -> None:
    ben = signed_in("ben", "south", "integrator")
    prefix = issued(north, ada).split("_")[1]
    assert prefix not in north.client.get("/v1/keys", headers=ben).text
    for method, path in (("POST", f"/v1/keys/{prefix}/rotation"), ("DELETE", f"/v1/keys/{prefix}")):
        there = north.client.request(method, path, json={} if method == "POST" else None, headers=ben)
        gone = north.client.request(
            method, path.replace(prefix, "0" * 12), json={} if method == "POST" else None, headers=ben
        )
        assert (there.status_code, gone.status_code) == (404, 404)
        assert there.text.replace(prefix, "0" * 12) == gone.text


@pytest.mark.parametrize("path", ["/v1/me", "/v1/reports"])
def test_a_key_comes_from_its_networks_only(north: World, path: str) -> None:
    key = made(networks=["192.0.2.0/24", "2001:db8::/32"], scopes=["reports:write"])[1]
    headers = {"Authorization": f"Bearer {key}"}
    app = north.client.app
    for address, good in (
        ("192.0.2.7", True), ("2001:db8::7", True), ("::ffff:192.0.2.7", True), ("192.0.3.1", False), ("::1", False),
        ("testclient", False),
    ):  # fmt: skip
        client = TestClient(app, client=(address, 50_000))
        for _ in range(2):  # the second time the intake remembers the key
            if path == "/v1/me":
                answer = client.get(path, headers=headers)
            else:
                answer = client.post(path, json=report(), params={"validate": True}, headers=headers)
            assert answer.status_code == (200 if good else 401), address


def test_a_forwarded_address_counts_from_a_trusted_proxy_only(north: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = made(networks=["192.0.2.0/24"])[1]
    proxy = TestClient(north.client.app, client=("10.0.0.1", 50_000))
    assert status(north, key, proxy, **{"X-Forwarded-For": "192.0.2.7"}) == 401
    monkeypatch.setenv("EWN_TRUSTED_PROXIES", '["10.0.0.0/8"]')
    settings.cache_clear()
    assert status(north, key, proxy, **{"X-Forwarded-For": "192.0.2.7"}) == 200
    assert status(north, key, proxy, **{"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}) == 401, "anybody may write it"
    assert status(north, key, proxy) == 401


def test_the_last_use_is_kept_to_the_hour_and_written_once(north: World) -> None:
    row, key = made()
    written: list[str] = []
    count = lambda *given: written.append(given[2])  # noqa: E731
    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        for _ in range(5):
            assert status(north, key) == 200
        assert not [one for one in written if one.startswith(("UPDATE", "INSERT"))]
        for _ in range(3):
            uses.write()
            assert status(north, key) == 200
        assert len([one for one in written if one.startswith("UPDATE api_key")]) == 1
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    with db.reading() as session:
        assert session.get_one(network.ApiKey, row.key).used_at == clock.now().replace(minute=0)


@pytest.mark.both_kinds
def test_a_use_that_cannot_be_written_is_written_later(north: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row, key = made()
    assert status(north, key) == 200
    url = str(db.engine().url.render_as_string(hide_password=False))
    db.connect("sqlite:////nowhere/at/all.db")
    uses.write()
    db.connect(url)
    uses.write()
    with db.reading() as session:
        assert session.get_one(network.ApiKey, row.key).used_at is not None


LISTS = (
    "/v1/reports", "/v1/reports?mine=true", "/v1/reports?status=actual", "/v1/reports/facets", "/v1/tear-lines",
    "/v1/requests", "/v1/requests?box=out", "/v1/notices",
    "/v1/indicators/incidents-reported/series?place=KG-B&from=2026-10-01&to=2026-10-31&status=test",
    "/v1/indicators/incidents-reported/map?start=2026-10-01&level=unit&status=test",
)  # fmt: skip


@pytest.mark.both_kinds
def test_for_a_test_key_there_is_nothing_but_tests(north: World) -> None:
    """All that it can ask is byte by byte the same, whether or not there are reports in earnest, its own or others'."""
    headers = {"Authorization": f"Bearer {made(kind='test', scopes=[*READS, 'reports:write'])[1]}"}
    mine = {"text": "In short.", "marking": {"tlp": "GREEN", "attribution": "chatham"}}
    test = north.submit("north", status="test")
    north.submit("south", status="test")
    north.settle()
    ask = lambda path: north.client.get(path, headers=headers)  # noqa: E731
    before = {path: ask(path).text for path in LISTS}
    assert test in before["/v1/reports"]
    assert test in ask(f"/v1/reports/{test}/incident").text
    marking = {"tlp": "AMBER+STRICT", "attribution": "named", "organisations": ["south"]}
    actual = [
        north.submit("north"), north.submit("south"), north.submit("south", status="exercise"),
        north.submit("south", marking=marking | {"organisations": []}, tear_line=mine),
        north.submit("north", own_reference="7", marking=marking),
    ]  # fmt: skip
    wanted = {"kind": "release", "wanted": "More.", "reason": "Need."}
    asked = north.client.post(f"/v1/reports/{actual[-1]}/requests", json=wanted, headers=north.auth("south"))
    assert asked.status_code == 201, asked.text
    north.settle()
    assert {path: ask(path).text for path in LISTS} == before
    reason = {"reason": "No longer."}
    for one in actual:
        for path in ("", "/incident", "/receipt", "/readers", "/disclosures"):
            assert ask(f"/v1/reports/{one}{path}").status_code == 404, path
        answers = (
            north.client.put(f"/v1/reports/{one}", json=report(status="test"), headers=headers),
            north.client.post(f"/v1/reports/{one}/withdrawal", json=reason, headers=headers),
            north.client.post(f"/v1/reports/{one}/recall", json=reason | {"reference": one}, headers=headers),
            north.client.put(f"/v1/reports/{one}/marking", json={"marking": marking}, headers=headers),
            north.client.put(f"/v1/reports/{one}/tear-line", json=mine, headers=headers),
        )
        assert {answer.status_code for answer in answers} == {404}, [answer.text for answer in answers]
    for path in ("series?place=KG-B&from=2026-10-01&to=2026-10-31", "map?start=2026-10-01&status=exercise"):
        assert ask(f"/v1/indicators/incidents-reported/{path}").json()["type"] == "/docs/problems#not-a-test"


def test_a_test_key_hands_in_tests_only_and_takes_no_number_from_the_live_one(north: World) -> None:
    key = made(kind="test", scopes=["reports:write", "reports:read"])[1]
    headers = {"Authorization": f"Bearer {key}"}
    for told in ({}, {"status": "actual"}, {"status": "exercise"}):
        answer = north.client.post("/v1/reports", json=report(**told), headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (403, "status")
    tried = north.client.post("/v1/reports", json=report(status="test", own_reference="7"), headers=headers)
    assert tried.status_code == 202, tried.text
    reference = tried.json()["reference"]
    revised = north.client.put(f"/v1/reports/{reference}", json=report(status="actual"), headers=headers)
    assert revised.status_code == 403
    assert north.post("north", report(own_reference="7")).status_code == 202, "in earnest, under the same number"


def test_a_test_key_has_no_scope_that_cannot_tell_a_test(north: World) -> None:
    for scope in sorted(network.KEY_SCOPES - network.TEST_SCOPES):
        with pytest.raises(Invalid, match="A test key"):
            made(kind="test", scopes=[scope])
    assert set(EVERYTHING) >= network.TEST_SCOPES
