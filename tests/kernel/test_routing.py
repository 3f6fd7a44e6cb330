"""Routes are made when an application takes them, in the order in which they were declared."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.kernel.routing import Router


def test_routes_are_made_when_an_application_takes_them_and_in_their_order() -> None:
    outer, inner = Router(prefix="/outer"), Router(prefix="/inner")

    @outer.get("/first")
    def first() -> str:
        return "first"

    outer.include_router(inner)

    @outer.get("/{any_other}")
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
