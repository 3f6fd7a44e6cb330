"""Two worlds built by the same steps, with and without hidden items, and everything that one viewer can see of each."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from httpx2 import Response
from sqlalchemy import event

from services import network
from services.kernel import db, ids
from services.network.access import keys
from tests import exits
from tests.emptying import empty
from tests.persons import signed_in
from tests.world import World, amber, build_due, expect, report

REASON = {"reason": "mistaken"}
REQUEST = {"kind": "tear_line", "wanted": "For others.", "reason": "They need it."}
LINE = {"text": "In brief.", "marking": {"tlp": "GREEN", "attribution": "chatham"}}
OUTCOME = {"outcome": "verified", "text": "It was so."}
STRICT = {"tlp": "AMBER+STRICT", "attribution": "named"}
QUESTION = {"question": "What was seen?", "why": "It is not clear.", "due_on": "2026-12-01", "marking": STRICT}
ANSWER = {"text": "Two lorries.", "marking": STRICT}
RED = {"tlp": "RED", "attribution": "named"}
MISSING = "EWN-1111-1111-1111"  # a reference that was never given
NO_FILE = "ATT-1111-1111-1111"
NO_UPLOAD = "U-1111-1111-1111"
DEEP = os.environ.get("EWN_TEST_PROFILE") == "deep"
FILES = 6  # of the first reports of a story, that many may have one: the first has, and hidden ones
ONCE = re.compile(rb'(name="(?:key|whose)" value=")[^"]*')  # what is new in each form
SEALED = re.compile(rb'"cursor":"([^"]*)"')  # of the change feed: sealed anew each time


@dataclass
class Step:
    """A report handed in, and what its sender did with it later. Hidden ones happen in one of the worlds only.

    `act`: what an administrator does before, in both.
    """

    sender: str
    body: dict[str, Any]
    hidden: bool = False
    then: str = ""
    act: str = ""


@dataclass
class Answer:
    """All of an answer that a client can tell, and how many statements it took."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    statements: int = field(compare=False)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile, for the answer: what was gathered, and that a key was used, is written by
    the clock, and the key of the day is made by whoever needs it first."""
    asked: list[str] = []
    note = _noting(asked)
    event.listen(db.engine(), "before_cursor_execute", note)
    yield asked
    event.remove(db.engine(), "before_cursor_execute", note)


def _noting(asked: list[str]) -> Callable[..., None]:
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.current_thread().name not in ("gathering", "key uses") and " day_key" not in statement:
            asked.append(statement)

    return note


class Stage:
    """One network, on which the same story is told twice."""

    def __init__(self, world: World, *, pages: bool = True, counts_only: bool = False) -> None:
        """`pages`: what is hidden has pages of its own, which the other stories do not show already. `counts_only`: no
        files and no editions, which take most of the time."""
        self.world = world
        self.counts_only = counts_only
        for slug in ("north", "south", "far"):
            world.enrol(slug)
        world.enrol("harbour", parent="south")
        world.enrol("office", "secretariat")
        world.group("ring", "north", "far")
        self.headers = {slug: world.auth(slug) for slug in world.keys}
        self.headers["ada"] = signed_in("ada", "north", "focal_point")
        self.headers["abe"] = signed_in("abe", "north", "analyst")
        self.headers["ben"] = signed_in("ben", "south", "analyst")
        self.answers: dict[str, Answer] = {}
        self.looked: set[str] = set()
        # Pages are made of what the routes under /v1 give; those are looked at on either kind of database.
        self.pages = DEEP or (pages and db.engine().dialect.name == "sqlite")
        self.files: dict[str, str] = {}
        self.expected = MISSING
        self.asked: list[str] = []  # statements of the question that is asked
        event.listen(db.engine(), "before_cursor_execute", _noting(self.asked))

    def tell(self, steps: Sequence[Step], *, hidden: bool) -> tuple[list[str], list[str]]:
        """Play the steps in an empty world, and freeze its edition. The references of all, and of the hidden ones."""
        empty()
        ids.seed(400)
        # Nothing here meets it: what does leaves the one permitted trace (tests/assignments/test_trace.py).
        self.expected = expect(self.world, "north", marking=amber(), form="situation", period="week")
        given: list[tuple[int, Step, str]] = []
        for number, step in enumerate(steps):
            self.act(step.act)
            if step.hidden and not hidden:
                continue
            ids.seed(number)
            sent = self.world.client.post(
                "/v1/reports",
                json=report() | step.body,
                headers=self.headers[step.sender] | {"Idempotency-Key": f"key {number}"},
            )
            assert sent.status_code == 202, sent.text
            given.append((number, step, sent.json()["reference"]))
            if len(given) <= FILES and (step.hidden or not number) and not self.counts_only:
                ids.seed(700 + number)
                self.files[given[-1][2]] = self.world.attach(self.headers[step.sender], given[-1][2])
        self.world.settle()
        self.world.settle()
        # So that a hidden item has readers, who are told when it is taken back; what is to become RED has had none yet.
        for slug in self.world.keys if all(step.then != "red" for step in steps) else ():
            self.world.get(slug, "/v1/reports", size=200)
        for number, step, reference in given:
            ids.seed(500 + number)
            self._then(step, reference)
            self.world.settle()
        if not self.counts_only:
            ids.seed(1000)
            build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
        return [one for _, step, one in given if not step.hidden], [one for _, step, one in given if step.hidden]

    def _then(self, step: Step, reference: str) -> None:
        """What becomes of a report afterwards."""
        path, owner = f"/v1/reports/{reference}", self.headers[step.sender]
        match step.then:
            case "withdraw":
                self.world.client.post(f"{path}/withdrawal", json=REASON, headers=owner)
            case "recall":
                self.world.client.post(f"{path}/recall", json=REASON | {"reference": reference}, headers=owner)
            case "revise":
                changed = report() | step.body | {"figures": {"killed": 9}}
                self.world.client.put(path, json=changed, headers=owner)
            case "narrow":
                narrow = {"marking": {"tlp": "AMBER+STRICT", "attribution": "named"}}
                self.world.client.put(f"{path}/marking", json=narrow, headers=owner)
            case "red":
                assert self.world.client.put(f"{path}/marking", json={"marking": RED}, headers=owner).status_code == 200
            case "ask":
                self._asked(path, owner)

    def _asked(self, path: str, owner: dict[str, str]) -> None:
        """Whoever can, asks for a tear-line; the owner grants one that south may not read either, or refuses it. They
        write about it, tell its outcome, and ask its originator and each other."""
        for slug in ("far", "office"):
            self._talked(path, slug, owner)
            made = self.world.client.post(f"{path}/requests", json=REQUEST, headers=self.headers[slug])
            if made.status_code == 201:
                decision = f"/v1/requests/{made.json()['reference']}/decision"
                line = LINE | {"marking": amber("far", "office", strict=True)}
                granted = {"granted": True, "tear_line": line}
                if self.world.client.post(decision, json=granted, headers=owner).status_code != 200:
                    self.world.client.post(decision, json={"granted": False}, headers=owner)

    def _talked(self, path: str, slug: str, owner: dict[str, str]) -> None:
        headers, reference = self.headers[slug], path.rpartition("/")[2]
        self.world.client.post(f"{path}/thread", json={"text": "Have others seen it?"}, headers=headers)
        self.world.client.post(f"{path}/thread", json={"text": "We have."}, headers=owner)
        self.world.client.post(f"{path}/outcomes", json=OUTCOME, headers=headers)
        self.world.client.put(f"{path}/translations/ru", json={"title": "По-русски"}, headers=headers)
        for asked in ({"report": reference}, {"organisations": ["north"]}):
            put = self.world.client.post("/v1/inquiries", json=QUESTION | asked, headers=headers)
            if put.status_code == 201:
                to = f"/v1/inquiries/{put.json()['reference']}/answers"
                self.world.client.post(to, json=ANSWER, headers=owner)

    def ask(self, viewer: str, method: str, path: str, **more: Any) -> Response:
        """Ask as the viewer, and keep all of the answer."""
        self.asked.clear()
        answer = self.world.client.request(
            method, path, headers=self.headers[viewer] | more.pop("headers", {}), follow_redirects=False, **more
        )
        name = f"{viewer} {len(self.answers)} {method} {path} {more.get('params', '')}"
        self.answers[name] = Answer(
            answer.status_code,
            sorted(answer.headers.multi_items()),
            SEALED.sub(lambda found: b"%d" % len(found[1]), ONCE.sub(rb"\1", answer.content)),
            len(self.asked),
        )
        return answer

    def act(self, act: str) -> None:
        """What an administrator does; those who lose a past here are not among the viewers, or lose it in both."""
        with db.transaction() as session:
            match act.split():
                case ["join", slug]:
                    network.join(session, "ring", slug, by=None)
                case ["leave", slug]:
                    network.leave(session, "ring", slug, by=None)
                case ["blink", slug]:
                    network.suspend(session, slug, by=None)
                    network.resume(session, slug, by=None, past=False)
                case ["relink", slug]:
                    network.unlink(session, slug, by=None)
                    network.link(session, slug, "south", past=False, by=None)

    def veil(self) -> None:
        """Let in an organisation that only those near it know of: it shares a group with north and far."""
        self.world.enrol("veiled", hidden=True, aliases=["The Veiled Ones"])
        self.world.enrol("below", parent="veiled", hidden=True)
        signed_in("vera", "veiled", "focal_point")
        self.act("join veiled")
        self.headers["veiled"] = self.world.auth("veiled")

    def look(
        self, viewer: str, told: Sequence[str], hidden: Sequence[str], *, whole: bool = False
    ) -> dict[str, Answer]:
        """Everything that tells of reports; a key has no pages. Hidden ones are asked for by reference. `whole`: also
        what is slow to make, and what tells of no report or refuses such a viewer."""
        self._begin(viewer)
        editions = [one["reference"] for one in self.ask(viewer, "GET", "/v1/digests").json()]
        names = {
            "{report}": [*told[:1], *hidden, MISSING],  # the rest of what is seen stands in the lists
            "{attached}": [
                self.files.get(one, f"{one}/attachments/{NO_FILE}") for one in (*told[:1], *hidden, MISSING)
            ],
            "{edition}": [*editions[:1], MISSING],
            "{organisation}": ["north", "veiled", "never"],
            "{group}": ["ring", "never"],
            "{theirs}": [*hidden, MISSING],
            "{request}": [MISSING],
            "{upload}": [NO_UPLOAD],
            "{inquiry}": [MISSING],
            "{assignment}": [self.expected, MISSING],
        }
        key = "Authorization" in self.headers[viewer]
        for path in (*exits.looks(telling=not (whole or DEEP)), *(exits.looks(dear=True) if whole else ())):
            if not path.startswith("/v1") and (key or not self.pages):
                continue
            self.looked.add(path)
            (name,) = [one for one in names if one in path] or [""]
            for value in names.get(name, [""]):
                asked = path.replace(name, value) if name else path
                self.ask(viewer, "GET", asked, headers={} if key else {"Accept": "text/html"})
        self._pages(viewer)
        return self.answers

    def counts(self, viewer: str, told: Sequence[str]) -> dict[str, Answer]:
        """Series, maps, and the incident of each report: what hangs on how reports hang together."""
        self._begin(viewer)
        for path in exits.looks(telling=True):
            if path.startswith("/v1/indicators/"):
                self.ask(viewer, "GET", path)
        for reference in told:
            self.ask(viewer, "GET", f"/v1/reports/{reference}/incident")
        return self.answers

    def seen_all(self) -> bool:
        """Whether every route that can be read was looked at."""
        every = {*exits.looks(), *exits.looks(dear=True)}
        return self.looked == {one for one in every if self.pages or one.startswith("/v1")}

    def refused_alike(self, viewer: str, hidden: Sequence[str]) -> None:
        """To ask for what is hidden costs as much as to ask for what was never there, and gives the same words."""
        answers = dict(self.answers)
        for template in sorted(one for one in self.looked if "{report}" in one):
            path = template.replace("{report}", MISSING)
            never = next((one for name, one in answers.items() if name.endswith(f" GET {path} ")), None)
            for reference in hidden if never else ():
                name = f" GET {template.replace('{report}', reference)} "
                there = next(one for key, one in answers.items() if key.endswith(name))
                said = replace(there, body=there.body.replace(reference.encode(), MISSING.encode()))
                assert said == never, f"{viewer}{name}"
                assert there.statements == never.statements, f"{viewer}{name}"

    def write(self, viewer: str, hidden: Sequence[Step], references: Sequence[str]) -> dict[str, Answer]:
        """What the viewer is answered when it sends the same keys, changes the hidden ones, and builds an edition."""
        self._begin(viewer)
        for number, (step, reference) in enumerate(zip(hidden, references, strict=True)):
            path = f"/v1/reports/{reference}"
            green = report() | step.body | {"marking": {"tlp": "GREEN", "attribution": "named"}, "tear_line": None}
            ids.seed(2000 + number)
            self.ask(viewer, "POST", f"{path}/withdrawal", json=REASON)
            self.ask(viewer, "POST", f"{path}/recall", json=REASON | {"reference": reference})
            self.ask(viewer, "POST", f"{path}/recall", json=REASON | {"reference": "another"})
            self.ask(viewer, "PUT", f"{path}/tear-line", json=LINE)
            self.ask(viewer, "POST", f"{path}/requests", json=REQUEST)
            self.ask(viewer, "PUT", f"{path}/translations/en", json={"title": "In English", "summary": ""})
            self.ask(viewer, "DELETE", f"{path}/translations/en")
            self.ask(viewer, "POST", f"{path}/thread", json={"text": "Have others seen it?"})
            self.ask(viewer, "PUT", f"{path}/thread", json={"closed": True})
            self.ask(viewer, "POST", f"{path}/outcomes", json=OUTCOME)
            self.ask(viewer, "POST", "/v1/inquiries", json=QUESTION | {"report": reference})
            self.ask(viewer, "POST", "/v1/inquiries/RFI-1111-1111-1111/answers", json=ANSWER | {"report": reference})
            self.ask(viewer, "POST", f"{path}/attachments", files={"file": ("note.txt", b"A note.")})
            self.ask(viewer, "DELETE", f"/v1/reports/{self.files[reference]}")
            self.ask(viewer, "PUT", f"{path}/marking", params={"dry_run": True}, json={"marking": green["marking"]})
            self.ask(viewer, "PUT", path, json={name: green[name] for name in green if name != "own_reference"})
            for key in range(8):
                self.ask(viewer, "POST", "/v1/reports", json=green, headers={"Idempotency-Key": f"key {key}"})
        lines = "".join(f"{json.dumps(report() | step.body)}\n" for step in hidden)
        kind = {"Content-Type": "application/x-ndjson"}
        self.ask(viewer, "POST", "/v1/reports/bulk", params={"validate": True}, content=lines, headers=kind)
        self.world.settle()
        ids.seed(3000)
        built = {"schedule": "monthly-bulletin", "day": "2026-11-01"}
        edition = self.ask(viewer, "POST", "/v1/digests", json=built).json()["reference"]
        self.ask(viewer, "GET", f"/v1/digests/{edition}/document.json", params={"language": "ru"})
        for query in ({"mine": True}, {"size": 200}):
            mine = self.ask(viewer, "GET", "/v1/reports", params=query).json()["reports"]
        for one in mine:
            self.ask(viewer, "GET", f"/v1/reports/{one['reference']}/incident")
        return self.answers

    def _begin(self, viewer: str) -> None:
        """Start afresh, with the viewer's key just checked: its checking is none of the statements to compare."""
        keys.forget()
        self.world.client.get("/v1/me", headers=self.headers[viewer])
        self.answers = {}

    def _pages(self, viewer: str) -> None:
        page = self.ask(viewer, "GET", "/v1/reports", params={"size": 1}).json()
        while page["next"]:
            page = self.ask(viewer, "GET", "/v1/reports", params={"size": 1, "cursor": page["next"]}).json()


def alike(one: dict[str, Answer], other: dict[str, Answer], *, counted: bool = False) -> None:
    """Byte for byte the same answers to the same questions; refusals after the same number of statements, and with
    `counted` whatever is read. (To build an edition takes as many as there are audiences: it is frozen for all.)"""
    assert list(one) == list(other)
    for name, answer in one.items():
        assert answer == other[name], f"{name}\n{answer}\n{other[name]}"
        if answer.status == 404 or (counted and " GET " in name):
            assert answer.statements == other[name].statements, name
