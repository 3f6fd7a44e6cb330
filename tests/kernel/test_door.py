"""What every request passes: a bound on its body, safe headers on its answer, one id for what it leads to."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.exceptions import HTTPException

from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.config import settings
from services.kernel.door import HEADERS
from services.main import create_app
from tests.kernel.conftest import waiting
from tests.world import World, report

pytestmark = pytest.mark.one_kind

PROBLEM = "application/problem+json"
SECRET = "do not tell: select * from member where login = 'x'"


@pytest.fixture
def app(world: World) -> FastAPI:
    """The world's application, with a route that fails."""
    app = world.client.app
    assert isinstance(app, FastAPI)

    @app.get("/v1/fails")
    def fails() -> None:
        raise RuntimeError(SECRET)

    return app


def pieces(size: int) -> Iterator[bytes]:
    """A body whose length is not told beforehand."""
    for _ in range(size // 1000 + 1):
        yield b"x" * 1000


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/organisations", "/sign-in"])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_over_the_limit_is_refused_with_and_without_a_content_length(
    world: World, path: str, told: bool
) -> None:
    world.enrol("north")
    size = settings().body_limit + 1
    kind = "application/x-www-form-urlencoded" if path == "/sign-in" else "application/json"
    answer = world.client.post(
        path, content=b"x" * size if told else pieces(size), headers={"Content-Type": kind, **world.auth("north")}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM), answer.text
    assert str(settings().body_limit) in answer.json()["detail"]
    with db.reading() as session:
        assert session.execute(select(AuditEntry).where(AuditEntry.action == "report.submitted")).first() is None


def test_a_bulk_upload_may_be_longer_than_a_body(world: World) -> None:
    world.enrol("north")
    answer = world.client.post(
        "/v1/reports/bulk?validate=true",
        content=b"\n" * (settings().body_limit + 1),
        headers={"Content-Type": "application/x-ndjson", **world.auth("north")},
    )
    assert answer.status_code == 200


def test_every_answer_carries_the_headers_whatever_it_is(world: World, app: FastAPI) -> None:
    world.enrol("north")
    north = world.auth("north")
    answers = {
        200: world.client.get("/healthz"),
        401: world.client.get("/v1/reports"),
        404: world.client.get("/v1/nothing", headers=north),
        405: world.client.delete("/v1/reports", headers=north),
        413: world.client.post("/v1/reports", content=b"x" * (settings().body_limit + 1),
                               headers={"Content-Type": "application/json", **north}),
        415: world.client.post("/v1/reports", content=b"{}", headers=north),
        422: world.client.post("/v1/reports", json={}, headers=north),
        500: world.client.get("/v1/fails", headers=north),
    }  # fmt: skip
    assert [answer.status_code for answer in answers.values()] == list(answers)
    for status, answer in answers.items():
        missing = {name for name in HEADERS if name.lower() not in answer.headers}
        assert not missing, (status, missing)
        assert "server" not in answer.headers


def test_where_nothing_is_served_or_not_with_that_method_it_is_said_what_to_do(world: World) -> None:
    nothing, method = world.client.get("/v1/nothing"), world.client.delete("/v1/reports")
    assert "GET /v1/openapi.json" in nothing.json()["detail"]
    assert "the header Allow" in method.json()["detail"]
    assert method.headers["Allow"] == "GET, POST"


@pytest.mark.both_kinds
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("DELETE", "/v1/reports", 405), ("POST", "/v1/digests", 422),
     ("POST", "/v1/reports", 400), ("GET", "/v1/fails", 500), ("GET", "/v1/reports/EWN-0000-0000-0000", 404)],
)  # fmt: skip
def test_every_refusal_and_fault_is_a_problem_document(
    world: World, app: FastAPI, method: str, path: str, status: int
) -> None:
    world.enrol("north")
    headers = {"Content-Type": "application/json", **world.auth("north")}
    body = b"{" if status == 400 else b'{"slug": 7}'
    answer = world.client.request(method, path, content=body if method == "POST" else None, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    document = answer.json()
    assert document["status"] == status
    assert document["title"]
    assert document["type"].startswith("/docs/problems#")
    assert not [word for word in ("select", "Traceback", "/services/", "site-packages", ".py") if word in answer.text]


def test_a_refused_field_is_named_without_the_value_that_was_sent(world: World) -> None:
    world.enrol("north")
    world.keys["admin"] = world.key("north", ["network:admin"])
    body = {"slug": "x", "name_en": {"password": "hunter2"}, "kind": "hunter2", "hunter": 1}
    answer = world.client.post("/v1/organisations", json=body, headers=world.auth("admin"))
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["errors"]} >= {"name_en", "kind", "hunter"}
    assert "hunter2" not in answer.text


@pytest.mark.both_kinds
def test_what_a_request_leads_to_carries_its_id_and_no_two_requests_share_one(world: World) -> None:
    world.enrol("north")
    for n in range(3):
        assert world.post("north", report(number=n)).status_code == 202
    ids = [row.trace for row in waiting("tag")]
    assert all(ids)
    assert len(set(ids)) == 3
    with db.reading() as session:
        written = select(AuditEntry.trace).where(AuditEntry.action == "report.submitted").order_by(AuditEntry.id)
        assert session.execute(written).scalars().all() == ids


def test_without_its_wiring_the_application_does_not_start(sqlite: str) -> None:
    from services.kernel import events

    held = dict(events._reactions)
    events._reactions.clear()
    try:
        with pytest.raises(RuntimeError, match="no reaction is wired"), TestClient(create_app()):
            pass
    finally:
        events._reactions.update(held)


@pytest.mark.parametrize("status", [401, 403, 406, 415, 429])
def test_a_refusal_of_the_framework_keeps_its_status(world: World, status: int) -> None:
    @world.client.app.get(f"/refuses/{status}")
    def refuse() -> None:
        raise HTTPException(status, headers={"X-Why": "so"})

    answer = world.client.get(f"/refuses/{status}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-why"] == "so"
    assert answer.json()["status"] == status
    assert answer.json()["title"] != "Something went wrong"
