"""The OpenAPI document is the one that is committed, and what it promises about every operation is true.

After a change of the API that is meant: `EWN_TEST_RENEW=1 make test ARGS=tests/e2e/test_openapi.py`, and read the diff.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from services.main import create_app
from tests.e2e.hostile import VALID, filled, operations
from tests.world import World

# Bodies that are no JSON; their tests send what is hostile to each.
RAW = {
    "POST /v1/reports/bulk",
    "POST /v1/reports/sheet",
    "PUT /v1/definitions/{code}/draft.yaml",
    "PUT /v1/forms/{code}/draft.yaml",
    "POST /v1/reports/{reference}/attachments",
}
SNAPSHOT = Path(__file__).parent / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app().openapi()


def test_the_document_is_the_committed_one(document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("EWN_TEST_RENEW"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8"), (
        "if it is meant: EWN_TEST_RENEW=1 renews tests/e2e/openapi.json"
    )


def test_every_reference_leads_to_a_schema_and_every_schema_is_used(document: dict[str, Any]) -> None:
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert used == set(document["components"]["schemas"])


def test_every_operation_says_that_it_needs_a_caller(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert schemes["key"]["scheme"] == "bearer"
    for method, path, operation in operations(document):
        assert operation["security"] == [{"key": []}, {"session": []}], f"{method} {path}"


def test_every_operation_names_its_refusals_as_problem_documents(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        refusals = {code: answer for code, answer in operation["responses"].items() if int(code) >= 400}
        wanted = {"400", "401", "403", "414", "422", "429", "431", "503"} | ({"409"} if method != "GET" else set())
        wanted |= {"408", "413", "415"} if "requestBody" in operation else set()
        wanted |= {"404"} if {"parameters", "requestBody"} & set(operation) else set()
        assert set(refusals) == wanted, f"{method} {path}"
        for answer in refusals.values():
            assert list(answer["content"]) == ["application/problem+json"]


def test_every_operation_with_a_body_describes_it(document: dict[str, Any]) -> None:
    with_body = {f"{method} {path}" for method, path, operation in operations(document) if "requestBody" in operation}
    assert with_body == {*VALID, *RAW}


def test_no_operation_answers_without_a_caller(world: World, document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        headers = {"Content-Type": "application/json"} if "requestBody" in operation else {}
        query = {"from": "2026-10-01", "to": "2026-10-31", "start": "2026-10-01", "place": "KG", "past": "true"}
        body = json.dumps(VALID.get(f"{method} {path}", {})) if headers else None
        answer = world.client.request(method, filled(path), params=query, content=body, headers=headers)
        assert answer.status_code == 401, f"{method} {path}: {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_the_document_itself_needs_a_caller(world: World) -> None:
    world.enrol("north")
    assert world.client.get("/v1/openapi.json").status_code == 401
    assert world.get("north", "/v1/openapi.json")["info"]["title"] == "ewn"
