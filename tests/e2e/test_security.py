"""What docs/security.md promises that no slice's own tests show: secrets, doors that stay shut, fields, expressions."""

import ast
import json
import logging
import re
import re._constants as codes  # what an expression is made of
import re._parser as expressions
from collections.abc import Iterator
from typing import Any

import pytest

from services import network
from services.kernel import db
from services.main import create_app
from tests import exits
from tests.architecture.tree import modules, short, tree
from tests.e2e.hostile import VALID, filled
from tests.network.test_access import everything_stored
from tests.persons import signed_in
from tests.reports.rows import rows
from tests.world import World, report

pytestmark = pytest.mark.one_kind("postgresql")
KEYS_OF_ROWS = (
    "id",
    "key",
    "organisation_id",
    "member_id",
    "audience_id",
    "state",
    "received_at",
    "scopes_of",
    "is_admin",
)
REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}
TAKEN = {"key": set[str](), "state": {"POST /v1/organisations"}}  # where a field of this name is the caller's to give


def test_no_key_is_in_the_database_or_the_logs(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.enrol("north")
    world.keys["admin"] = world.key("north", ["network:admin"])
    until = {"expires_at": "2027-01-01T00:00:00Z"}
    new = {"name": "a key", "organisation": "north", "scopes": ["network:admin"], "kind": "live"} | until
    made = world.client.post("/v1/keys", json=new, headers=world.auth("admin"))
    assert made.status_code == 201, made.text
    given = [one for one in made.json().values() if isinstance(one, str) and one.startswith("ewn_")]
    world.keys |= {f"made {number}": one for number, one in enumerate(given)}
    for name in list(world.keys):
        assert world.raw(name, "/v1/me").status_code == 200
        world.post(name, report(title=""))
        world.client.get("/v1/me", headers={"Authorization": f"Bearer {world.keys[name]}x"})
        world.client.get("/v1/me", headers={"Cookie": f"{network.COOKIE}={world.keys[name]}"})
    kept, listed = everything_stored(), world.raw("admin", "/v1/keys").text
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    for secret in (one.split("_", 2)[2] for one in world.keys.values()):
        assert secret not in kept
        assert secret not in listed
        assert not [record for record in ours if secret in repr(record.__dict__)]
    assert given
    assert given[0].split("_")[1] in kept, "its public half is how it is found"


def test_no_body_sets_what_is_not_its_callers_to_set(world: World) -> None:
    world.enrol("north")
    world.keys["admin"] = world.key("north", sorted(network.KEY_SCOPES))
    before = rows()
    for name, valid in VALID.items():
        method, path = name.split(" ")
        for field in KEYS_OF_ROWS:
            if field in valid or name in TAKEN.get(field, ()):
                continue
            headers = {"Content-Type": "application/json", **world.auth("admin")}
            answer = world.client.request(method, filled(path), content=json.dumps(valid | {field: 1}), headers=headers)
            assert answer.status_code in (403, 404, 422), (name, field, answer.text)
            if answer.status_code == 422:
                assert field in {one["field"] for one in answer.json().get("errors", [{"field": field}])}, (name, field)
    assert rows() == before


def test_no_other_sites_page_may_read_an_answer(world: World) -> None:
    world.enrol("north")
    for path in ("/v1/reports", "/v1/me", "/reports", "/sign-in", "/healthz"):
        asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"} | world.auth("north")
        for method in ("OPTIONS", "GET"):
            answer = world.client.request(method, path, headers=asking, follow_redirects=False)
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")], path
    for path in ("/docs", "/redoc", "/openapi.json", "/v1/docs", "/metrics", "/debug"):
        assert world.client.get(path, headers=world.auth("north")).status_code == 404, path


def test_every_form_and_every_write_refuses_another_sites_page(world: World) -> None:
    world.enrol("north")
    ada = signed_in("ada", "north", *network.ROLES)
    before = rows()
    for name in exits.ROUTES:
        method, path = name.split(" ")
        if method in ("GET", "MOUNT"):
            continue
        at = re.sub(r"{\w+}", "nothing", path)
        answer = world.client.request(
            method, at, headers=ada | {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
            content=json.dumps(VALID.get(name, {})) if path.startswith("/v1") else "a=b", follow_redirects=False,
        )  # fmt: skip
        assert answer.status_code == 403, (name, answer.status_code)
    assert rows() == before


def nested(parsed: Any, *, within: bool = False) -> bool:
    """Whether an unbounded repeat stands in another: such an expression may take a time that doubles by the letter."""
    for operator, argument in parsed:
        endless = operator in REPEATS and argument[1] is codes.MAXREPEAT
        if endless and within:
            return True
        if any(nested(inner, within=within or endless) for inner in _parts(operator, argument)):
            return True
    return False


def _parts(operator: Any, argument: Any) -> Iterator[Any]:
    if operator in REPEATS:
        yield argument[2]
    elif operator is codes.SUBPATTERN:
        yield argument[-1]
    elif operator is codes.BRANCH:
        yield from argument[1]
    elif operator in (codes.ASSERT, codes.ASSERT_NOT):
        yield argument[1]


def written() -> Iterator[tuple[str, str]]:
    """Every expression of the service that is written out, with its place."""
    for path in modules("services", "workers"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                module = node.func.value
                first = node.args[0]
                if isinstance(module, ast.Name) and module.id == "re" and isinstance(first, ast.Constant):
                    yield f"{short(path)}:{node.lineno}", first.value


def test_no_expression_repeats_a_repeat() -> None:
    found = list(written())
    assert len(found) > 15
    assert [place for place, text in found if nested(expressions.parse(text))] == []


def test_the_instrument_knows_a_slow_expression() -> None:
    slow = (r"(a+)+$", r"(?:\w*\s?)*x", r"((ab)*|c)+", r"(?=(a+)+)b")
    quick = (r"a+b*", r"(?:a{1,3}b)+", r"\d+(?:,\d{3})*")
    assert [text for text in slow if not nested(expressions.parse(text))] == []
    assert [text for text in quick if nested(expressions.parse(text))] == []


def test_nothing_is_told_of_the_service_itself(world: World) -> None:
    assert not create_app().debug
    answer = world.client.get("/v1/nothing")
    assert not {"server", "x-powered-by"} & set(answer.headers)
    assert db.engine().dialect.name not in answer.text
