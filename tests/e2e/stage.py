"""A network on which hostile callers try themselves: what north has, and what others have that north must not find."""

from collections import defaultdict
from dataclasses import dataclass

from services import digests, network
from services.kernel import clock, db
from tests.persons import signed_in
from tests.world import World, amber, expect

PLAIN = ("focal_point", "analyst", "editor", "integrator")  # all that is not an office of the network's own
MISSING = {
    "report": "EWN-1111-1111-1111", "request": "REQ-1111-1111-1111", "inquiry": "RFI-1111-1111-1111",
    "edition": "EWN-2222-2222-2222",
    "notice": "NOT-1111-1111-1111", "organisation": "nowhere", "group": "nothing", "login": "nobody",
    "prefix": "000000000000", "assignment": "ASN-1111-1111-1111", "upload": "U-1111-1111-1111",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """`own`: north's, by the names that tests/exits.py uses; `hidden`: of others, by the same; `callers`: north's."""

    world: World
    own: dict[str, str]
    hidden: dict[str, str]
    callers: dict[str, dict[str, str]]


def laid(world: World) -> Stage:
    """Lay the network. Its clock stands still."""
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.enrol("veiled", hidden=True)
    world.group("ring", "north", "south")
    world.group("others", "south", "far")
    signed_in("sam", "south", *PLAIN)
    own = {"report": world.submit("north"), "organisation": "north", "group": "ring", "theirs": world.submit("south")}
    world.submit("north", place="KG-C")
    hidden = {"report": world.submit("south", marking=amber("far")), "organisation": "veiled", "group": "others"}
    hidden |= {"login": "sam", "prefix": world.keys["south"].split("_")[1]}
    lost = world.submit("far", marking=amber("south"))
    world.get("south", f"/v1/reports/{lost}")
    world.client.post(f"/v1/reports/{lost}/withdrawal", json={"reason": "mistaken"}, headers=world.auth("far"))
    world.settle()
    for slug, parts in (("south", hidden), ("north", own)):
        with db.transaction() as session:
            caller = network.Caller(network.directory(session).slugs[slug])
            digests.build(session, caller, "monthly-bulletin", clock.now().date().replace(day=1))
        parts["edition"] = world.get(slug, "/v1/digests")[0]["reference"]
        wanted = {"kind": "release", "wanted": "For the group.", "reason": "It concerns them."}
        asked = world.client.post(
            f"/v1/reports/{parts['report']}/requests", json=wanted,
            headers=world.auth("far" if slug == "south" else "south"),
        )  # fmt: skip
        parts["request"] = asked.json()["reference"]
        question = {"organisations": ["far"], "question": "What?", "why": "It matters.", "due_on": "2026-12-01"}
        marked = {"marking": {"tlp": "AMBER", "attribution": "named"}}
        put = world.client.post("/v1/inquiries", json=question | marked, headers=world.auth(slug))
        parts["inquiry"] = put.json()["reference"]
    own["assignment"], hidden["assignment"] = (expect(world, one, marking=amber()) for one in ("north", "south"))
    hidden["upload"] = world.client.post("/v1/uploads", headers=world.auth("south")).json()["reference"]
    hidden["notice"] = world.get("south", "/v1/notices")["notices"][0]["reference"]
    callers = {"key": world.auth("north"), "person": signed_in("ada", "north", *PLAIN)}
    return Stage(world, defaultdict(lambda: "nothing", own), hidden, callers)
