"""An administrator does not thereby read: every route that gives a report's words refuses whoever only administers."""

import json
from collections import defaultdict

import pytest

from services import digests, network
from services.kernel import clock, db
from tests import exits
from tests.e2e.hostile import NDJSON, VALID
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind
TITLE, WORDS = "Zolotoy zavod", "Bukhgalter vyvez dokumenty nochyu."
# What everybody is given of itself, and definitions without a number of what was told.
ITS_OWN = {"GET /", "GET /v1/me/export", "GET /definitions", "GET /definitions/{code}"}
BODIES = VALID | {"POST /v1/reports/bulk": {}}


@pytest.fixture
def names(world: World) -> dict[str, str]:
    """Something of every kind that the administrator's own organisation reads, told by another."""
    world.enrol("north")
    world.enrol("office", "secretariat")
    line = {"text": WORDS, "marking": amber("office", "far", strict=True)}
    world.enrol("far")
    reference = world.submit("north", title=TITLE, text=WORDS, marking=amber("office"))
    theirs = world.submit("far", title=TITLE, text=WORDS + " Dvazhdy.", marking=amber("north"), tear_line=line)
    own = world.submit("office", title=TITLE, text=WORDS + " Trizhdy.", marking=amber("north"))
    world.settle()
    wanted = {"kind": "release", "wanted": "For others.", "reason": "They need it."}
    asked = world.client.post(f"/v1/reports/{own}/requests", json=wanted, headers=world.auth("north"))
    assert asked.status_code == 201, asked.text
    with db.transaction() as session:
        caller = network.Caller(network.directory(session).slugs["office"])
        edition = digests.build(session, caller, "monthly-bulletin", clock.now().date().replace(day=1)).reference
    attached = world.attach("office", own)
    return {"attached": attached, "attachment": attached[-18:],
            "report": reference, "theirs": theirs, "edition": edition, "request": asked.json()["reference"],
            "organisation": "north", "group": "ring", "reference": own}  # fmt: skip


def test_whoever_only_administers_is_refused_by_every_route_that_gives_words(
    world: World, names: dict[str, str]
) -> None:
    max_ = signed_in("max", "office", "administrator")
    eva = signed_in("eva", "office", "analyst", "approver")
    asked, read = 0, 0
    for name, one in exits.ROUTES.items():
        if one.by not in (exits.POLICY, exits.OWNER):
            continue
        method, _, pattern = name.partition(" ")
        for path in one.asks or (pattern,):
            at = path.format_map(defaultdict(lambda: "EWN-0000-0000-0000", names))
            more: dict[str, object] = {"data": {"act": "check"}} if method == "POST" else {}
            accept = {"Accept": "text/html"}
            if path.startswith("/v1"):
                body = one.body or BODIES.get(name)
                more, accept = {"json": body} if body is not None else {}, {}
            if name.endswith("/bulk"):
                more, accept = {"content": json.dumps(report())}, NDJSON
            answer = world.client.request(method, at, headers=max_ | accept, follow_redirects=False, **more)
            asked += 1
            assert TITLE not in answer.text, name
            assert WORDS not in answer.text, name
            assert answer.status_code in ((200,) if name in ITS_OWN else (403, 404)), (name, answer.status_code)
            if method == "GET":
                read += TITLE in world.client.get(at, headers=eva | accept, follow_redirects=False).text
    assert asked > 50
    assert read > 5, "the same routes give the words to a reader of that organisation"


def test_an_administrator_makes_itself_no_key_that_reads(world: World, names: dict[str, str]) -> None:
    max_ = signed_in("max", "office", "administrator")
    for organisation in ("office", "north"):
        for scope in ("reports:read", "indicators:read", "digests:read"):
            new = {"name": "one", "organisation": organisation, "scopes": ["reports:write", scope]}
            assert world.client.post("/v1/keys", json=new, headers=max_).status_code == 403
