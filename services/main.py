"""The web application: the routers of all slices behind one door."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from services import (
    assignments,
    attachments,
    auditing,
    console,
    definitions,
    delivery,
    desk,
    dialogue,
    digests,
    exchange,
    forms,
    indicators,
    network,
    reports,
    sanctions,
    search,
    sheets,
    tagging,
    weighing,
)
from services.kernel import audit, db, health, openapi, problems
from services.kernel.config import settings
from services.kernel.door import Door
from services.kernel.events import reactions


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    if not reactions():
        raise RuntimeError("no reaction is wired: start the API with `ewn api`, or nothing accepted would be processed")
    if settings().solo:  # on record, or it does not start
        with db.transaction() as session:
            audit.record(session, None, "solo.started")
    with health.listener(), network.noting_uses():
        yield
    reports.intake.stop()
    reports.checks.stop()
    reports.stop_records()
    db.disconnect()


SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key: ewn_..."},
    "session": {"type": "apiKey", "in": "cookie", "name": network.COOKIE, "description": "A browser that signed in."},
}
BODIES = (reports.NewReport, reports.EditReport, reports.Reason, reports.Asked, reports.RecallIn)


STREAMED = re.compile(r"(/v1)?/reports/[^/]+/attachments|/submit/[^/]+/sheet")  # files, whose route bounds them


class _Api(FastAPI):
    """An application whose OpenAPI document also says who may call and how it refuses."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        fresh = self.openapi_schema is None
        document = super().openapi()
        if fresh:
            openapi.complete(document, schemes=SCHEMES, bodies=BODIES)
        return document


def create_app() -> FastAPI:
    """The application. Its OpenAPI document needs a caller, as everything but health and sign-in does."""
    app = _Api(
        title="ewn",
        version="1",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    below = (health, network, forms, tagging, definitions, reports, assignments, weighing)
    for slice_ in (*below, search, indicators, digests, auditing, console):
        app.include_router(slice_.router)
    reports.traced_by(assignments.traces)
    assignments.delays_by(tagged=[tagging.moments], triaged=[weighing.moments, dialogue.moments])
    apart = (reports.markings, reports.uploads, reports.recalls, reports.asks, reports.holding, reports.retention)
    dialogue.told_by(tagging.steps, digests.steps)
    reports.held_by(dialogue.written_by)
    talk = (reports.receipt_keys, dialogue.router, dialogue.talking, dialogue.asking, reports.translating)
    words = (reports.personals, indicators.catalogues, sheets.router, desk.router, sanctions.router, tagging.trials)
    for further in (*apart, attachments.router, *words, *talk, digests.missing, delivery.router, exchange.router):
        app.include_router(further)
    app.mount("/static", console.static)
    app.add_middleware(Door, unbounded=frozenset({"/v1/reports/bulk", "/v1/reports/sheet"}), streamed=STREAMED)
    problems.install(app, console.problem_page, reports.refused)

    @app.get("/v1/openapi.json", include_in_schema=False)
    def describe(_caller: network.CallerIn) -> dict[str, Any]:
        """The OpenAPI document, for whoever holds a key or is signed in."""
        return app.openapi()

    return app
