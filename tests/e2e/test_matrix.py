"""Role, standing, marking and endpoint: every answer is the one that the pure policy gives, never another."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import settings

from services import network
from services.kernel import db
from services.network import KEY_SCOPES, ROLES
from tests.models.matrix import OWN, Told, Who, answered, learns, reads
from tests.models.policy import Marking
from tests.persons import signed_in
from tests.world import World, build_due, report

pytestmark = pytest.mark.one_kind
STRIDE = 1 if settings().max_examples > 100 else 13  # of the cases, each database takes another part; deep: all
NAMED = {"organisations": frozenset({"south"}), "groups": frozenset({"ring"})}
SENDER, READER = "north-analyst", "south-analyst"
AT = "2026-11-05T00:00:00Z"  # the clock stands before


def marked(tlp: str, attribution: str = "named", **more: Any) -> Marking:
    return Marking(tlp, "north", submitter=SENDER, attribution=attribution, **more)


TOLD = {
    "clear": Told(marked("CLEAR")),
    "green": Told(marked("GREEN")),
    "amber": Told(marked("AMBER", **NAMED)),
    "strict": Told(marked("AMBER+STRICT", **NAMED)),
    "red": Told(marked("RED", persons=frozenset({READER}))),
    "nobody": Told(marked("AMBER")),
    "withheld": Told(marked("GREEN", "withheld")),
    "chatham": Told(marked("AMBER", "chatham", **NAMED)),
    "embargoed": Told(marked("GREEN"), embargo=True),
    "embargoed-red": Told(marked("RED", persons=frozenset({READER})), embargo=True),
}
STANDINGS = ("north", "south", "far", "harbour", "other", "office", "veiled", "barred", "fresh", "gone")
KEYS = [frozenset({one}) for one in sorted(KEY_SCOPES)] + [KEY_SCOPES - {"network:admin"}]
PEOPLE = [Who(slug, f"{slug}-{role.replace('_', '-')}", scopes) for slug in STANDINGS for role, scopes in ROLES.items()]
CALLERS = [*PEOPLE, *(Who(slug, "", scopes) for slug in STANDINGS for scopes in KEYS), Who("", "", frozenset())]
PARTS = ("incident", "receipt", "status", "thread", "revisions", "readers")
SETS = ("list", "facets", "series", "map", "digests", "document")
OCTOBER = {"from": "2026-10-01", "to": "2026-10-31", "place": "KG"}
CASES = [
    *itertools.product(CALLERS, ("report", "incident", "thread", "revisions", *OWN), TOLD),
    *itertools.product(CALLERS, SETS, [None]),
]  # fmt: skip


@dataclass
class Cast:
    """The network that is asked, what was told in it, and each caller's headers."""

    world: World
    headers: dict[Who, dict[str, str]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    edition: str = ""

    def tell(self, name: str) -> str:
        """Hand in a report with this marking, as the one person who owns it even if it is RED."""
        given = TOLD[name].marking
        body = report(self.world.sent, title=f"Marked {name}", marking=self.marking(name), place="KG-B")
        self.world.sent += 1
        sender = next(one for one in self.headers if one.login == SENDER)
        answer = self.world.client.post("/v1/reports", json=body, headers=self.headers[sender])
        assert answer.status_code == 202, (given, answer.text)
        return str(answer.json()["reference"])

    def marking(self, name: str) -> dict[str, Any]:
        told = TOLD[name]
        names = {what: sorted(getattr(told.marking, what)) for what in ("organisations", "groups", "persons")}
        until = {"embargo_until": AT} if told.embargo else {}
        return {"tlp": told.marking.tlp, "attribution": told.marking.attribution} | names | until

    def ask(self, who: Who, endpoint: str, name: str | None) -> Response:
        """One request. What would end a report goes to one of its own."""
        headers = self.headers[who]
        reference = self.references[name] if name else ""
        if endpoint == "withdraw" and name and answered(who, endpoint, TOLD[name]) == 204:
            reference = self.tell(name)
        method, path, more = self.request(endpoint, reference, name)
        return self.world.client.request(method, path, headers=headers, **more)

    def request(self, endpoint: str, reference: str, name: str | None) -> tuple[str, str, dict[str, Any]]:
        one, counted = f"/v1/reports/{reference}", "/v1/indicators/armed-violence-incidents"
        reading: dict[str, tuple[str, dict[str, Any]]] = {
            "report": (one, {}),
            "list": ("/v1/reports", {"size": 200}),
            "facets": ("/v1/reports/facets", {}),
            "series": (f"{counted}/series", OCTOBER),
            "map": (f"{counted}/map", {"start": "2026-10-01"}),
            "digests": ("/v1/digests", {}),
            "document": (f"/v1/digests/{self.edition}/document.json", {}),
        } | {each: (f"{one}/{each}", {}) for each in PARTS}
        if endpoint in reading:
            path, query = reading[endpoint]
            return "GET", path, {"params": query}
        marking = self.marking(name or "")
        same = report(list(TOLD).index(name or ""), title=f"Marked {name}", marking=marking)
        return {
            "revise": ("PUT", one, {"json": same}),
            "mark": ("PUT", f"{one}/marking", {"json": {"marking": marking}, "params": {"dry_run": True}}),
            "withdraw": ("POST", f"{one}/withdrawal", {"json": {"reason": "mistaken"}}),
        }[endpoint]


@pytest.fixture
def cast(world: World) -> Cast:
    """North tells; all others stand as their names in the model say."""
    for slug in STANDINGS:
        more = {"harbour": {"parent": "south"}, "veiled": {"hidden": True}, "fresh": {"state": "applied"}}
        world.enrol(slug, "secretariat" if slug == "office" else "state", **more.get(slug, {}))
    world.group("ring", "far")
    made = Cast(world)
    for who in CALLERS:
        made.headers[who] = _headers(world, who)
    made.references = {name: made.tell(name) for name in TOLD}
    world.settle()
    with db.transaction() as session:
        network.suspend(session, "barred", by=None)
        network.depart(session, "gone", by=None)
    build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    made.edition = world.get("north", "/v1/digests")[0]["reference"]
    return made


def _headers(world: World, who: Who) -> dict[str, str]:
    if not who.organisation:
        return {}
    if who.login:
        role = who.login.removeprefix(f"{who.organisation}-").replace("-", "_")
        return signed_in(who.login, who.organisation, role)
    return {"Authorization": f"Bearer {world.key(who.organisation, sorted(who.scopes))}"}


def part(world: World) -> Iterator[tuple[Who, str, str | None]]:
    """The cases that this database takes."""
    first = 0 if db.engine().dialect.name == "sqlite" else STRIDE // 2
    return itertools.islice(CASES, first, None, STRIDE)


def test_every_answer_is_the_one_that_the_policy_gives(cast: Cast) -> None:
    wrong = []
    for who, endpoint, name in part(cast.world):
        answer = cast.ask(who, endpoint, name)
        wanted = answered(who, endpoint, TOLD[name] if name else None)
        if answer.status_code != wanted:
            wrong.append((who, endpoint, name, answer.status_code, wanted))
        elif wanted == 200:
            _holds(cast, who, endpoint, name, answer.json())
        elif wanted == 404:
            assert "north" not in answer.text.lower()
    assert not wrong, f"{len(wrong)} answers differ: {wrong[:10]}"


def _holds(cast: Cast, who: Who, endpoint: str, name: str | None, said: Any) -> None:
    """What is answered holds what this caller sees and nothing else, and names whom it may know."""
    visible = {one for one in TOLD if reads(who, TOLD[one])}
    case = (who, endpoint, name)
    match endpoint:
        case "report":
            told = learns(who, TOLD[name or ""])
            assert (said["originator"] is not None, said["source"] is not None) == (told.originator, told.source), case
            assert (said["marking"] is not None) <= (who.organisation == "north"), case
        case "thread":
            assert said["messages"] == [], case
        case "revisions":
            assert [one["now"] for one in said["revisions"]][:1] == [True], case
        case "incident":
            alone = {"reports": [cast.references[name or ""]], "origins": 1, "confirmed": False, "circular": False}
            assert said == alone, case
        case "list":
            references = {cast.references[one]: one for one in TOLD}
            given = {references[one["reference"]] for one in said["reports"] if one["reference"] in references}
            assert given == visible, case
        case "facets":
            named = [one for one in visible if learns(who, TOLD[one]).originator]
            assert sum(one["reports"] for one in said["kinds"]) == len(visible), case
            assert sum(one["reports"] for one in said["originators"]["named"]) == len(named), case
            assert said["originators"]["not_named"] is None, case
        case "series":
            assert said["points"][0]["value"] == len(visible), case
        case "map":
            assert next(one["value"] for one in said["places"] if one["place"] == "KG") == len(visible), case
        case "document":
            text = str(said)
            assert {one for one in TOLD if f"Marked {one}'" in text} <= visible, case
