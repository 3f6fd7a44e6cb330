"""The client that the documents offer does what they say, against the real application over real connections."""

import doctest
import importlib.util
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from services import digests, network
from services.kernel import clock, db, sequencer
from tests.reports.rows import rows
from tests.world import World, report
from workers.listener import Listener

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module as a reader of the page has it beside the own program."""
    made = importlib.util.spec_from_file_location("client", DOCS / "client.py")
    assert made is not None
    assert made.loader is not None
    module = importlib.util.module_from_spec(made)
    monkeypatch.setitem(sys.modules, "client", module)
    made.loader.exec_module(module)
    return module


@pytest.fixture
def url(world: World) -> Iterator[str]:
    """The application behind the listener that `ewn api` uses, and a sequencer at work."""
    world.enrol("north")
    assert isinstance(world.client.app, FastAPI)
    server = uvicorn.Server(uvicorn.Config(world.client.app, http=Listener, ws="none", lifespan="off", log_config=None))

    def sequence() -> None:  # at once: else what it shows would be told again where the sequencer is slower
        with db.transaction() as session:
            sequencer.place(session)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        httpx.get(f"{address}/healthz", timeout=30)
        db.after_commit(sequence)
        yield address
        db._after_commit.remove(sequence)
        server.should_exit = True
        serving.join()


def test_the_page_about_the_client_is_true_line_by_line(client: Any, url: str, world: World) -> None:
    with db.transaction() as session:
        caller = network.Caller(network.directory(session).slugs["north"])
        digests.build(session, caller, "monthly-bulletin", clock.now().date().replace(day=1))
    edition = world.get("north", "/v1/digests")[0]["reference"]
    names = {"URL": url, "KEY": world.keys["north"], "EDITION": edition, "client": client}
    page = (DOCS / "client.md").read_text(encoding="utf-8")
    told = doctest.DocTestParser().get_doctest(page.replace("```", ""), names, "client.md", None, 0)
    said: list[str] = []
    found = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(told, out=said.append)
    assert found.attempted > 12
    assert not found.failed, "".join(said)


@pytest.fixture
def opened() -> Iterator[Callable[[Any], Any]]:
    """Takes clients, and closes them after."""
    with ExitStack() as stack:
        yield lambda one: stack.enter_context(closing(one))


class Flaky(BaseHTTPRequestHandler):
    """Refuses or drops what it is told to, then hands on to the application."""

    plan: list[int | str]
    target: str
    bodies: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).bodies.append(body)
        step = self.plan.pop(0) if self.plan else "pass"
        if isinstance(step, int):
            self.send_response(step)
            self.send_header("Retry-After", "7")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        wanted = {name: self.headers[name] for name in self.headers if name.lower() not in ("host", "content-length")}
        answer = httpx.post(self.target + self.path, content=body, headers=wanted)
        if step == "drop":
            self.close_connection = True  # stored, and the answer lost
            return
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["content-type"])
        self.send_header("Content-Length", str(len(answer.content)))
        if step == "sunset":
            self.send_header("Sunset", "Sat, 27 Nov 2027 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


@pytest.fixture
def flaky(url: str) -> Iterator[tuple[str, list[int | str]]]:
    """An address whose next answers are planned."""
    plan: list[int | str] = []
    Flaky.plan, Flaky.target, Flaky.bodies = plan, url, []
    with HTTPServer(("127.0.0.1", 0), Flaky) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", plan
        server.shutdown()
        thread.join()


def test_what_may_go_well_later_is_tried_again_after_as_long_as_the_network_asks_for(
    client: Any, opened: Any, flaky: tuple[str, list[int | str]], world: World
) -> None:
    address, plan = flaky
    waited: list[float] = []
    one = opened(client.Client(address, world.keys["north"], wait=waited.append))
    plan += [503, "drop", 429, "pass"]
    receipt = one.submit(report())
    assert waited == [7, 4, 7]
    assert rows()["report"] == 1
    assert world.get("north", f"/v1/reports/{receipt['reference']}")["revision"] == 1
    plan += [503] * 6
    with pytest.raises(client.Refused) as refused:
        one.submit(report(number=2))
    assert refused.value.status == 503
    assert rows()["report"] == 1


def test_a_bulk_upload_whose_answer_is_lost_is_sent_again_and_stored_once(
    client: Any, opened: Any, flaky: tuple[str, list[int | str]], world: World
) -> None:
    address, plan = flaky
    one = opened(client.Client(address, world.keys["north"], wait=lambda _seconds: None))
    plan += ["drop", "pass"]
    answers = list(one.submit_many(report(number=n, own_reference=f"N-{n}") for n in range(30)))
    assert [(answer["own_reference"], answer["status"]) for answer in answers] == [(f"N-{n}", 202) for n in range(30)]
    assert all(answer["replayed"] for answer in answers)
    assert rows()["report"] == 30
    with pytest.raises(ValueError, match="own_reference"):
        list(one.submit_many([report()]))


def test_an_address_that_will_end_is_warned_of(
    client: Any, opened: Any, flaky: tuple[str, list[int | str]], world: World
) -> None:
    address, plan = flaky
    plan.append("sunset")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        opened(client.Client(address, world.keys["north"])).submit(report())
    assert [str(one.message) for one in caught if one.category is DeprecationWarning] == [
        "/v1/reports ends at Sat, 27 Nov 2027 00:00:00 GMT: see docs/api.md"
    ]
