"""Roles: each may what one table says, no more; which may not meet, who changes them, which keys each may make."""

import re
from itertools import combinations
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from services import network
from services.kernel import clock, db
from services.kernel.audit import AuditEntry
from services.kernel.config import settings
from services.main import create_app
from services.network import PERMISSIONS, ROLES, Caller, clash, may_issue
from services.network.models import SignIn
from tests.architecture.tree import SERVICES
from tests.persons import signed_in
from tests.world import World, report

pytestmark = pytest.mark.one_kind

COLUMNS = ("focal_point", "analyst", "editor", "approver", "administrator", "auditor", "integrator")
TABLE = """
reports:read        x x x - - - x
reports:write       x x - - - - x
reports:grade       - x - - - - -
requests:write      x x - - - - -
tear-lines:ask      - x - - - - -
originals:ask       - x - - - - -
assignments:write   - x - - x - -
outcomes:tell       - x - - - - -
threads:write       x x - - - - -
inquiries:write     x x - - - - -
translations:write  x x - - - - -
indicators:read     x x x - - - x
observations:write  - - - - x - -
digests:read        x x x x - - x
digests:build       - x x - - - -
digests:release     - - - x - - -
members:read        x - - - x - -
keys:write          x - - - x - x
audit:read          - - - - - x -
retention:read      - - - - x x -
forms:write         - x - - x - -
definitions:write   - x - - x - -
holds:write         - - - - x x -
network:admin       - - - - x - -
replay              - - - - x - -
"""
MATRIX = {line.split()[0]: dict(zip(COLUMNS, line.split()[1:], strict=True)) for line in TABLE.strip().splitlines()}

NOWHERE = "EWN-1111-1111-1111"
ASKED = {"wanted": "For others.", "reason": "They need it."}
ANSWER = {"text": "It was so.", "marking": {"tlp": "GREEN", "attribution": "named"}}
TOLD = {"outcome": "verified", "text": "It was so."}
OBSERVED = {
    "marking": {"tlp": "GREEN", "attribution": "named"},
    "observations": [{"place": "KG", "start": "2026-10-01", "value": 1}],
}
# One request for each permission, and all that it takes. Those of `audit:read` come with its routes.
PROBES: dict[str, tuple[str, str, dict[str, Any] | None, set[str]]] = {
    "reports:read": ("GET", "/v1/reports", None, set()),
    "reports:write": ("POST", "/v1/reports", report(), set()),
    "requests:write": ("POST", f"/v1/reports/{NOWHERE}/requests", ASKED | {"kind": "release"}, {"reports:read"}),
    "reports:grade": (
        "POST", f"/v1/reports/{NOWHERE}/verification", {"outcome": "undecided", "reason": "So far."}, {"reports:read"},
    ),
    "tear-lines:ask": (
        "POST", f"/v1/reports/{NOWHERE}/requests", ASKED | {"kind": "tear_line"}, {"reports:read", "requests:write"},
    ),
    "originals:ask": (
        "POST", f"/v1/reports/{NOWHERE}/requests", ASKED | {"kind": "original"}, {"reports:read", "requests:write"},
    ),
    "assignments:write": ("GET", "/v1/assignment-templates", None, set()),
    "outcomes:tell": ("POST", f"/v1/reports/{NOWHERE}/outcomes", TOLD, {"reports:read"}),
    "translations:write": ("PUT", f"/v1/reports/{NOWHERE}/translations/en", {"title": "It was so."}, {"reports:read"}),
    "threads:write": ("POST", f"/v1/reports/{NOWHERE}/thread", {"text": "It was so."}, {"reports:read"}),
    "inquiries:write": ("POST", f"/v1/inquiries/{NOWHERE}/answers", ANSWER, {"reports:read"}),
    "indicators:read": ("GET", "/v1/indicators", None, set()),
    "observations:write": ("POST", "/v1/indicators/ucdp-fatalities/observations", OBSERVED, set()),
    "digests:read": ("GET", "/v1/digests", None, set()),
    "digests:build": ("POST", "/v1/digests", {"schedule": "monthly-bulletin", "day": "2026-10-01"}, set()),
    "digests:release": ("POST", f"/v1/digests/{NOWHERE}/release", None, set()),
    "members:read": ("GET", "/v1/members", None, set()),
    "keys:write": ("POST", "/v1/keys", {"name": "one", "organisation": "north", "scopes": ["reports:write"]}, set()),
    "network:admin": ("GET", "/v1/organisation-templates", None, set()),
    "retention:read": ("GET", "/v1/retention/rules", None, set()),
    "forms:write": ("GET", "/v1/forms/drafts", None, set()),
    "definitions:write": ("GET", "/v1/definitions/drafts", None, set()),
    "holds:write": (
        "POST", "/v1/holds", {"what": "organisation", "name": "nobody", "reason": "A court."}, {"retention:read"},
    ),
    "replay": ("POST", "/v1/reports", report() | {"as_of": "2026-10-11T00:00:00Z"}, {"reports:write"}),
}  # fmt: skip


def solo(monkeypatch: pytest.MonkeyPatch, value: str = "true") -> None:
    monkeypatch.setenv("EWN_SOLO", value)
    settings.cache_clear()


def put(world: World, who: dict[str, str], login: str, *roles: str) -> tuple[int, dict[str, Any]]:
    answer = world.client.put(f"/v1/members/{login}/roles", json={"roles": list(roles)}, headers=who)
    return answer.status_code, answer.json()


def entries(action: str) -> list[AuditEntry]:
    with db.reading() as session:
        of = select(AuditEntry).where(AuditEntry.action == action).order_by(col(AuditEntry.id))
        return list(session.exec(of).all())


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    world.enrol("office", "secretariat")
    return world


def test_each_role_has_the_permissions_of_the_table() -> None:
    held = {name: {role: "x" if name in scopes else "-" for role, scopes in ROLES.items()} for name in PERMISSIONS}
    assert held == MATRIX


def test_every_permission_that_the_code_asks_for_is_a_named_one() -> None:
    asks = re.compile(r'(?:require|may|_one_of)\((?:visitor, )?"([^"]+)"|"([a-z-]+:[a-z]+)" (?:not )?in \w+(?:\.\w+)*')
    every = set()
    for path in [*SERVICES.rglob("*.py"), *SERVICES.rglob("*.html")]:
        found = {one or other for one, other in asks.findall(path.read_text(encoding="utf-8"))}
        assert found <= PERMISSIONS.keys(), path
        every |= found
    assert every >= PROBES.keys() - {"replay"}


@pytest.mark.both_kinds
def test_every_role_may_what_the_table_says_and_is_refused_all_else(north: World) -> None:
    assert PROBES.keys() | {"audit:read"} == PERMISSIONS.keys()
    for role in COLUMNS:
        person = signed_in(role.replace("_", "-"), "north", role)
        for name, (method, path, body, more) in PROBES.items():
            answer = north.client.request(method, path, json=body, headers=person)
            may = all(MATRIX[one][role] == "x" for one in (name, *more))
            assert (answer.status_code == 403) is not may, (role, name, answer.status_code, answer.text)
            if not may and name != "replay" and all(MATRIX[one][role] == "x" for one in more):
                assert answer.json()["scope"] == name


def test_an_administrator_meets_no_role_that_reads_and_an_auditor_no_other() -> None:
    met = {frozenset(pair) for pair in combinations(ROLES, 2) if clash(pair) is None}
    readers = {"focal_point", "analyst", "editor", "approver", "integrator"}
    assert met == {frozenset(pair) for pair in combinations(readers, 2)}
    assert [clash([role, role]) for role in ROLES] == [None] * len(ROLES)
    assert clash(["editor", "analyst", "administrator"]) == ("administrator", "analyst")


def test_who_works_alone_may_all_that_there_is() -> None:
    assert network.scopes_of(network.ALONE) == network.SCOPES


def test_roles_that_may_not_meet_are_neither_given_with_an_invitation_nor_later(north: World) -> None:
    admin = signed_in("max", "office", "administrator")
    signed_in("ada", "north", "focal_point")
    new = {"login": "bob", "name": "Bob", "organisation": "north"}
    answer = north.client.post("/v1/members", json=new | {"roles": ["auditor", "editor"]}, headers=admin)
    assert (answer.status_code, answer.json()["type"]) == (409, "/docs/problems#roles-meet")
    assert "EWN_SOLO=true" in answer.json()["detail"]
    assert put(north, admin, "ada", "focal_point", "administrator")[0] == 409
    assert entries("member.roles_changed") == []


def test_a_change_of_roles_is_on_record_with_both_and_ends_that_persons_sign_ins(north: World) -> None:
    admin = signed_in("max", "office", "administrator")
    ada = signed_in("ada", "north", "focal_point")
    status, said = put(north, admin, "ada", "editor", "approver")
    assert (status, said["roles"]) == (200, ["approver", "editor"])
    assert north.client.get("/v1/me", headers=ada).status_code == 401
    assert north.client.get("/v1/me", headers=admin).status_code == 200
    (entry,) = entries("member.roles_changed")
    assert (entry.subject, entry.detail) == ("person:2", {"before": ["focal_point"], "after": ["approver", "editor"]})
    assert put(north, admin, "ada", "approver", "editor")[0] == 200
    assert len(entries("member.roles_changed")) == 1


def test_nobody_changes_their_own_roles_in_solo_mode_neither(north: World, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = signed_in("max", "office", "administrator")
    signed_in("moe", "office", "administrator")
    for mode in ("false", "true"):
        solo(monkeypatch, mode)
        status, said = put(north, admin, "max", "editor")
        assert (status, said["type"]) == (403, "/docs/problems#your-own-roles")


@pytest.mark.both_kinds
def test_the_last_administrator_keeps_that_role(north: World) -> None:
    signed_in("max", "office", "administrator")
    machine = {"Authorization": f"Bearer {north.key('office', ['network:admin'])}"}
    status, said = put(north, machine, "max", "editor")
    assert (status, said["type"]) == (409, "/docs/problems#last-administrator")
    with db.reading() as session:
        assert session.exec(select(SignIn)).all()


def test_roles_are_changed_by_administrators_and_of_active_people_only(north: World) -> None:
    admin = signed_in("max", "office", "administrator")
    ada = signed_in("ada", "north", "focal_point")
    signed_in("abe", "north", "analyst")
    assert put(north, ada, "abe", "editor")[0] == 403
    assert put(north, admin, "nobody", "editor")[0] == 404
    assert put(north, admin, "abe")[0] == 422
    assert put(north, admin, "abe", "king")[0] == 422
    north.client.delete("/v1/members/abe", headers=admin)
    assert put(north, admin, "abe", "editor")[0] == 404


@pytest.mark.both_kinds
def test_a_focal_point_is_told_of_its_own_organisations_people_only(north: World) -> None:
    signed_in("max", "office", "administrator")
    ada = signed_in("ada", "north", "focal_point")
    told = north.client.get("/v1/members", headers=ada).json()
    assert [one["login"] for one in told] == ["ada"]


def test_solo_mode_lets_roles_meet_and_is_on_record_at_each_start(
    north: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = signed_in("max", "office", "administrator")
    signed_in("ada", "north", "focal_point")
    assert entries("solo.started") == []
    solo(monkeypatch)
    assert put(north, admin, "ada", "focal_point", "administrator", "approver")[0] == 200
    url = str(db.engine().url.render_as_string(hide_password=False))
    for times in (1, 2):
        with TestClient(create_app()):
            assert len(entries("solo.started")) == times
        db.connect(url)


CASES = [
    # of the caller: role, own organisation; of the key: organisation, scopes; whether
    ("administrator", 1, 2, {"reports:write"}, True),
    ("administrator", 1, 1, {"reports:write", "replay", "observations:write", "network:admin"}, True),
    *(("administrator", 1, n, {"reports:write", one}, False) for n in (1, 2) for one in sorted(network.READING)),
    ("administrator", 1, 1, {"audit:read"}, False),
    ("administrator", 1, 1, {"digests:release"}, False),
    ("focal_point", 1, 1, {"reports:read", "reports:write", "digests:read", "indicators:read"}, True),
    ("focal_point", 1, 2, {"reports:read"}, False),
    ("focal_point", 1, 2, {"reports:write"}, False),
    ("focal_point", 1, 1, {"reports:read", "replay"}, False),
    ("focal_point", 1, 1, {"network:admin"}, False),
    ("integrator", 1, 1, {"reports:read"}, True),
    ("analyst", 1, 1, {"reports:read"}, False),
    ("auditor", 1, 1, {"audit:read"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("role", "own", "of", "scopes", "may"), CASES)
def test_a_key_is_given_what_its_maker_may_give(role: str, own: int, of: int, scopes: set[str], may: bool) -> None:
    assert may_issue(Caller(own, member_id=7, scopes=ROLES[role]), of, scopes) is may


def test_a_machine_makes_no_key_but_with_an_administrators() -> None:
    assert not may_issue(Caller(1, key_id=7, scopes=ROLES["focal_point"]), 1, {"reports:read"})
    assert may_issue(Caller(1, key_id=7, scopes=ROLES["administrator"]), 2, {"reports:write"})


def test_keys_are_made_over_the_api_as_the_rule_says(north: World) -> None:
    north.enrol("veiled", hidden=True)
    admin, ada = signed_in("max", "office", "administrator"), signed_in("ada", "north", "focal_point")

    def ask(who: dict[str, str], organisation: str, *scopes: str) -> tuple[int, str]:
        new = {"name": "one", "organisation": organisation, "scopes": list(scopes)}
        answer = north.client.post("/v1/keys", json=new, headers=who)
        return answer.status_code, answer.text.replace(organisation, "...")

    assert ask(ada, "north", "reports:read", "reports:write")[0] == 201
    assert ask(admin, "north", "reports:write")[0] == 201
    for organisation in ("north", "office", "veiled"):
        assert ask(admin, organisation, "reports:read")[0] == 403
    assert ask(ada, "north", "network:admin")[0] == 403
    hidden, known, never = (ask(ada, one, "reports:write") for one in ("veiled", "office", "zilch"))
    assert hidden == known == never
    assert hidden[0] == 403


def test_the_command_line_may_make_any_key(north: World) -> None:
    with db.transaction() as session:
        new = network.NewKey(name="one", organisation="north", scopes=sorted(network.KEY_SCOPES))
        assert network.issue(session, new, by=None)[0].made_at <= clock.now()
