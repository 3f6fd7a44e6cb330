"""Requests that forge, double, replay and race: none finds a fault, an entrance, or anything of what is hidden."""

import json
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from httpx2 import Response

from services.kernel import db
from services.main import create_app
from services.network import COOKIE
from tests import exits
from tests.e2e.forged import Head, credentials, idle_asks, without_a_caller
from tests.e2e.hostile import VALID, operations, requests
from tests.e2e.stage import MISSING, Stage, laid
from tests.e2e.two_worlds import ONCE, SEALED
from tests.reports.rows import rows
from tests.world import World, report

pytestmark = pytest.mark.one_kind
TOGETHER = 50
RECORDS = re.compile(r"/(export|audit)\b")
EVERY = 11  # of the idle heads, each database takes one in so many; each database others


@pytest.fixture
def stage(world: World) -> Stage:
    return laid(world)


def turn(of: int) -> int:
    """Which part of the cases this database takes."""
    return 0 if db.engine().dialect.name == "sqlite" else of // 2


def heads(given: dict[str, str]) -> Head:
    return [(name.encode(), value.encode()) for name, value in given.items()]


def judged(answer: Response, what: object) -> Response:
    """An answer that is no fault, and whose refusal is a problem document, or a page for the console's own forms."""
    assert answer.status_code < 500, f"{what}: {answer.text[:300]}"
    if answer.status_code >= 400 and str(answer.url.path).startswith("/v1"):
        assert answer.headers["content-type"] == "application/problem+json", what
        assert answer.json()["status"] == answer.status_code, what
    return answer


def alike(answer: Response) -> tuple[int, bytes]:
    """What two equal answers have in common: all but what is sealed anew each time, and records of the very asking."""
    told = b"" if RECORDS.search(answer.url.path) else SEALED.sub(b"", ONCE.sub(rb"\1", answer.content))
    return int(answer.status_code), told


def test_what_proxies_and_frameworks_believe_changes_no_answer(stage: Stage) -> None:
    asks = sorted(idle_asks(stage.own, first=turn(EVERY), every=EVERY), key=lambda one: one[0])
    plain, before = dict[str, object](), rows()
    for number, (path, head) in enumerate(asks):
        mine = heads(stage.callers[("key", "person")[len(path) % 2]])

        def get(more: Head, path: str = path, mine: Head = mine) -> Response:
            return stage.world.client.get(path, headers=[*mine, *more], follow_redirects=False)

        if path not in plain:  # twice: the first answer may note its reader
            plain[path], before = (get([]), alike(get([])))[1], rows()
        answer = judged(get(head), (path, head))
        assert alike(answer) == plain[path], (path, head)
        if number % 10 == 0:
            assert rows() == before, (path, head)
    assert rows() == before


def test_nobody_gets_in_by_what_is_not_quite_a_key_or_a_session(stage: Stage) -> None:
    key, session = stage.world.keys["north"], stage.callers["person"]["Cookie"].partition("=")[2]
    client, false = stage.world.client, list(credentials(key, session, stage.world.keys["south"]))
    routes = without_a_caller()
    before = rows()
    for number, (method, path) in enumerate(routes):
        body = json.dumps(VALID.get(f"{method} {path}", {})) if method != "GET" else None
        for head in (false[number % len(false)], false[(number * 7 + turn(9)) % len(false)]):
            given = [*head, *([(b"Content-Type", b"application/json")] if body else [])]
            at = re.sub(r"{\w+}", "nothing", path)
            answer = client.request(method, at, headers=given, content=body, follow_redirects=False)
            judged(answer, (method, path, head))
            if path.startswith("/v1"):
                assert answer.status_code == 401, (method, path, head)
            else:
                assert answer.status_code in (303, 401), (method, path, head)
                assert answer.headers.get("location", "/sign-in").startswith("/sign-in"), (method, path, head)
            assert (
                not answer.headers.get("set-cookie", "").startswith(f"{COOKIE}=")
                or "Max-Age=0" in answer.headers["set-cookie"]
            )
            assert key not in answer.text
            assert session not in answer.text
    assert rows() == before


def named(path: str) -> dict[str, str]:
    """Which of the stage's things each parameter of a path names."""
    head = path.removeprefix("/v1").split("/")[1]
    kinds = {"reports": "report", "requests": "request", "digests": "edition", "notices": "notice", "groups": "group"}
    kinds |= {"inquiries": "inquiry", "assignments": "assignment", "uploads": "upload"}
    known = {"organisation": "organisation", "login": "login", "prefix": "prefix"}
    return {
        name: known.get(name) or kinds.get(head, "organisation")
        for name in re.findall(r"{(\w+)}", path)
        if name in ("reference", "slug", *known)
    }


def test_what_is_anothers_is_answered_as_what_is_not_there(stage: Stage) -> None:
    client, before, asked = stage.world.client, rows(), 0
    for name in exits.ROUTES:
        method, path = name.split(" ")
        parts = named(path)
        if not parts or method == "MOUNT":
            continue
        for who in ("key", "person"):
            told = []
            for things in (stage.hidden, MISSING):
                values = {one: things[kind] for one, kind in parts.items()}
                at = re.sub(r"{(\w+)}", lambda found, values=values: values.get(found[1], "nothing"), path)
                body = json.dumps(VALID.get(name, {})) if method not in ("GET", "DELETE") else None
                given = stage.callers[who] | ({"Content-Type": "application/json"} if body else {})
                answer = judged(client.request(method, at, headers=given, content=body, follow_redirects=False), at)
                text, location = answer.text, answer.headers.get("location", "")
                for value in values.values():
                    text, location = text.replace(value, "X"), location.replace(value, "X")
                told.append((answer.status_code, text, location))
                asked += 1
            assert told[0] == told[1], name
            if path.startswith("/v1"):
                assert told[0][0] in (403, 404, 405, 422), (name, told[0])
    assert rows() == before
    assert asked > 150


def test_a_cursor_opens_its_own_list_for_its_own_reader_alone(stage: Stage) -> None:
    world, document = stage.world, create_app().openapi()
    lists = [
        path for method, path, operation in operations(document)
        if method == "GET" and "cursor" in {one["name"] for one in operation.get("parameters", [])} and "{" not in path
    ]  # fmt: skip
    given: dict[str, str] = {}
    for path in lists:
        for caller in (world.auth("south"), world.auth("north")):
            answer = world.client.get(path, params={"size": 1}, headers=caller)
            if answer.status_code == 200 and answer.json().get("next"):
                given[f"{caller['Authorization']} {path}"] = answer.json()["next"]
    assert given, "no list went on"
    tried = 0
    for whose, cursor in given.items():
        bearer, _, own = whose.rpartition(" ")
        wrong = [(path, cursor, headers) for path in lists for headers in (world.auth("north"), world.auth("south"))]
        wrong = [(p, c, h) for p, c, h in wrong if not (p == own and h["Authorization"] == bearer)]
        mine = {"Authorization": bearer}
        for at in range(0, len(cursor), 3):
            letter = "A" if cursor[at] != "A" else "B"
            wrong.append((own, cursor[:at] + letter + cursor[at + 1 :], mine))
        wrong += [(own, text, mine) for text in ("", "AAAA", cursor * 20, cursor[:-2], "é", "../../etc/passwd")]
        for path, text, headers in wrong:
            answer = judged(world.client.get(path, params={"size": 1, "cursor": text}, headers=headers), (path, text))
            assert answer.status_code in (400, 403, 422), (path, text, answer.text[:200])
            tried += 1
    assert tried > 30


ACTS: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "a report with a key against repeats": ("POST", "/v1/reports", report(700)),
    "a report under an own reference": ("POST", "/v1/reports", report(701, own_reference="N-1")),
    "a withdrawal": ("POST", "/v1/reports/{report}/withdrawal", {"reason": "mistaken"}),
    "a decision": ("POST", "/v1/requests/{request}/decision", {"granted": False, "answer": "Not yet."}),
    "a recall": ("POST", "/v1/reports/{report}/recall", {"reference": "{report}", "reason": "mistaken"}),
    "an upload": ("POST", "/v1/reports/bulk", report(702, own_reference="N-2")),
}


@pytest.mark.parametrize("act", ACTS)
def test_fifty_equal_acts_at_once_have_the_effect_of_one(stage: Stage, act: str) -> None:
    method, path, body = ACTS[act]
    kind = "application/x-ndjson" if path.endswith("bulk") else "application/json"
    content = json.dumps(body).replace("{report}", stage.own["report"])
    headers = stage.callers["key"] | {"Content-Type": kind}
    headers |= {"Idempotency-Key": "once"} if "repeats" in act else {}
    together = Barrier(TOGETHER)
    before = rows()

    def send() -> Response:
        return stage.world.client.request(method, path.format_map(stage.own), content=content, headers=headers)

    def at_once(_number: int) -> Response:
        together.wait()
        return send()

    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(at_once, range(TOGETHER)))
    done = [judged(one, act) for one in answers if one.status_code < 300]
    assert done
    assert {one.status_code for one in answers if one.status_code >= 300} <= {409, 422}
    assert len({told for one in done for told in re.findall(r'"reference": ?"([^"]+)"', one.text)}) <= 1
    after = rows()
    judged(send(), act)
    assert rows() == after
    assert all(after[table] - number <= 8 for table, number in before.items()), "more than one effect"


def test_a_run_has_two_thousand_requests_over_all_routes() -> None:
    document = create_app().openapi()
    names = defaultdict[str, str](str)
    made = sum(1 for _ in requests(document)) // 7 * 2
    forged = sum(1 for first in (0, EVERY // 2) for _ in idle_asks(names, first=first, every=EVERY))
    credential = len(without_a_caller()) * 2 * 2
    assert made + forged + credential > 2000
