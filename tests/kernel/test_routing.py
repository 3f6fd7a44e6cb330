"""Routes are made when an application takes them, in the order in which they were declared."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.kernel.routing import Router


def test_routes_are_made_when_an_application_takes_them_and_in_their_order() -> None:
    outer, inner = Router(), Router(prefix="/outer/inner")

    @outer.get("/outer/first")
    def first() -> str:
        return "first"

    outer.include_router(inner)

    @outer.get("/outer/{any_other}")
    def other(any_other: str) -> str:
        return any_other

    @inner.get("")
    def within() -> str:
        return "within"

    assert (outer._made, inner._made) == ([], [])
    app = FastAPI()
    app.include_router(outer)
    with TestClient(app) as client:
        said = [client.get(f"/outer/{path}").json() for path in ("first", "inner", "else")]
    assert said == ["first", "within", "else"]


def test_a_path_that_no_route_has_is_refused_at_one_look_and_a_wrong_method_by_the_route() -> None:
    outer, inner = Router(), Router(prefix="/outer/inner")

    @inner.get("/{name}/file.csv")
    def file(name: str) -> str:
        return name

    @outer.post("/outer")
    def sent() -> str:
        return "sent"

    outer.include_router(inner)
    app = FastAPI()
    app.include_router(outer)
    with TestClient(app) as client:
        answers = {path: client.get(path) for path in ("/outer", "/outer/inner/a/file.csv", "/outer/inner/a/file_csv")}
        assert [answer.status_code for answer in answers.values()] == [405, 200, 404]
        assert answers["/outer"].headers["allow"] == "POST"
        assert client.get("/outer/inner/a/b/file.csv").status_code == 404
        assert client.post("/outer").json() == "sent"


def test_a_router_that_is_included_says_itself_where_it_stands() -> None:
    with pytest.raises(ValueError, match="prefix"):
        Router(prefix="/v1").include_router(Router())
    with pytest.raises(ValueError, match="prefix"):
        Router().include_router(Router(), prefix="/v1")
