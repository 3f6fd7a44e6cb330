"""Two pairs of eyes: what a person asked for is a draft, with no trace for readers, until another releases it."""

import threading
from typing import Any

import pytest
from sqlmodel import select

from services import digests, network
from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.config import settings
from services.kernel.errors import Conflict, Problem
from services.network import ROLES, Caller
from tests.e2e.two_worlds import statements
from tests.persons import signed_in
from tests.world import World

WANTED = {"schedule": "monthly-bulletin", "day": "2026-11-01"}
MISSING = "EWN-1111-1111-1111"
READ = (
    "/v1/digests", "/digests", "/digests/{edition}", "/v1/digests/{edition}/document.json",
    "/v1/digests/{edition}/document.html", "/v1/digests/{edition}/document.pdf",
)  # fmt: skip
HTML = {"Accept": "text/html"}


class Office:
    """The people of one organisation, and a partner's approver."""

    def __init__(self, world: World) -> None:
        self.world = world
        for slug in ("north", "south"):
            world.enrol(slug)
        self.people = {
            "eva": signed_in("eva", "north", "editor", "approver"),
            "abe": signed_in("abe", "north", "approver"),
            "amy": signed_in("amy", "north", "approver"),
            "ada": signed_in("ada", "north", "focal_point"),
            "sam": signed_in("sam", "south", "approver", "editor"),
        }
        reads = ["reports:read", "indicators:read", "digests:read"]
        self.people["key"] = {"Authorization": f"Bearer {world.key('north', reads)}"}
        world.submit("north", occurred_from="2026-11-01", occurred_to="2026-11-01")
        world.settle()

    def ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        return self.world.client.request(method, path, headers=self.people[who] | more.pop("headers", {}), **more)

    def draft(self) -> str:
        answer = self.ask("eva", "POST", "/v1/digests", json=WANTED)
        assert (answer.status_code, answer.json()["draft"], answer.json()["made_by"]) == (201, True, "eva")
        return str(answer.json()["reference"])

    def release(self, who: str, edition: str) -> tuple[int, str]:
        answer = self.ask(who, "POST", f"/v1/digests/{edition}/release")
        said = answer.json()
        return answer.status_code, said.get("type", "").partition("#")[2]

    def document(self, who: str, edition: str) -> dict[str, Any]:
        answer = self.ask(who, "GET", f"/v1/digests/{edition}/document.json")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def look(self, who: str, edition: str) -> list[tuple[str, int, bytes, int]]:
        """All that this one can read of editions, and how many statements it took."""
        found = []
        for path in READ:
            if who == "key" and not path.startswith("/v1"):
                continue
            with statements() as asked:
                answer = self.ask(
                    who, "GET", path.format(edition=edition), headers=HTML if path.startswith("/d") else {}
                )
            found.append((path, answer.status_code, answer.content.replace(edition.encode(), b"..."), len(asked)))
        return found


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def released() -> list[tuple[int | None, dict[str, Any]]]:
    with db.reading() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.action == "edition.released")).all()
        return [(row.member_id, row.detail) for row in rows]


def person(login: str) -> int:
    with db.reading() as session:
        return network.directory(session).persons[login][0]


@pytest.mark.parametrize("who", ["ada", "key", "sam"])
def test_a_draft_leaves_no_trace_for_whoever_may_not_see_it(office: Office, who: str) -> None:
    office.look(who, MISSING)  # once, so that what is remembered is so in both
    without = office.look(who, MISSING)
    edition = office.draft()
    assert office.look(who, edition) == without
    assert office.look(who, MISSING) == without
    hidden, never = (
        office.ask(who, "POST", f"/v1/digests/{one}/release").content.replace(one.encode(), b"...")
        for one in (edition, MISSING)
    )
    assert hidden == never


@pytest.mark.one_kind
def test_a_draft_says_so_to_those_who_see_it_and_no_more_once_released(office: Office) -> None:
    edition = office.draft()
    for who in ("eva", "abe"):
        said = office.document(who, edition)
        assert (said["draft"], said["notes"][0][:5]) == (True, "DRAFT")
        page = office.ask(who, "GET", f"/v1/digests/{edition}/document.html?language=ru").text
        assert "ЧЕРНОВИК" in page
        paper = office.ask(who, "GET", f"/v1/digests/{edition}/document.pdf")
        assert "-draft.pdf" in paper.headers["content-disposition"]
    assert office.release("abe", edition) == (200, "")
    for who in ("eva", "ada", "key"):
        said = office.document(who, edition)
        assert (said["draft"], said["solo"], said["notes"]) == (False, False, [])
    (listed,) = office.ask("ada", "GET", "/v1/digests").json()
    assert (listed["draft"], listed["made_by"], listed["released_by"]) == (False, "eva", "abe")
    assert released() == [(person("abe"), {"made_by": person("eva"), "solo": False})]
    assert office.ask("sam", "GET", "/v1/digests").json() == []


@pytest.mark.one_kind
def test_nobody_releases_their_own_draft(office: Office) -> None:
    edition = office.draft()
    assert office.release("eva", edition) == (403, "your-own-draft")
    assert office.document("eva", edition)["draft"]
    assert released() == []


def test_a_draft_is_released_by_role_by_a_person_and_within_the_organisation(office: Office) -> None:
    edition = office.draft()
    everything = {"Authorization": f"Bearer {office.world.key('north', sorted(network.KEY_SCOPES))}"}
    office.people["machine"] = everything
    assert office.release("ada", edition) == (403, "scope-missing")
    assert office.release("machine", edition) == (403, "your-own-draft")
    assert office.release("sam", edition) == (404, "no-such-edition")
    assert office.release("abe", edition) == (200, "")
    assert office.release("amy", edition) == (409, "already-released")
    assert len(released()) == 1


def test_what_the_clock_or_a_key_made_is_released_as_it_is_frozen(office: Office) -> None:
    answer = office.world.client.post("/v1/digests", json=WANTED, headers=office.world.auth("north"))
    assert (answer.json()["draft"], answer.json()["made_by"], answer.json()["released_by"]) == (False, None, None)
    assert office.release("abe", answer.json()["reference"]) == (409, "already-released")
    assert len(office.ask("ada", "GET", "/v1/digests").json()) == 1


@pytest.mark.parametrize("times", range(4))
def test_of_many_who_release_at_once_one_does_and_never_the_maker(office: Office, times: int) -> None:
    edition = office.draft()
    everyone = ["eva", "abe", "eva", "amy", "eva", "abe"]
    with db.reading() as session:
        known = network.directory(session).persons
        callers = [Caller(known[one][1], member_id=known[one][0], scopes=ROLES["approver"]) for one in everyone]
    ready, done, refused = threading.Barrier(len(callers)), [], []

    def release(caller: Caller) -> None:
        ready.wait(timeout=20)
        try:
            with db.transaction() as session:
                digests.release(session, caller, edition)
            done.append(caller.member_id)
        except Problem as problem:
            refused.append((caller.member_id, problem))

    threads = [threading.Thread(target=release, args=(one,)) for one in callers]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert len(done) == 1
    assert len(refused) == len(callers) - 1
    assert done[0] != person("eva")
    assert all(isinstance(problem, Conflict) for member, problem in refused if member != person("eva"))
    assert [member for member, _ in released()] == done
    assert office.ask("ada", "GET", "/v1/digests").json()[0]["released_by"] in ("abe", "amy")


@pytest.mark.one_kind
def test_solo_mode_lets_a_maker_release_and_stays_printed_on_the_edition(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = office.draft()
    monkeypatch.setenv("EWN_SOLO", "true")
    settings.cache_clear()
    edition = office.draft()
    assert office.release("eva", edition) == (200, "")
    assert released() == [(person("eva"), {"made_by": person("eva"), "solo": True})]
    monkeypatch.setenv("EWN_SOLO", "false")
    settings.cache_clear()
    said = office.document("ada", edition)
    assert (said["draft"], said["solo"], said["notes"][0][:17]) == (False, True, "Made in solo mode")
    assert "Made in solo mode" in office.ask("ada", "GET", f"/v1/digests/{edition}/document.html").text
    assert "одного сотрудника" in office.ask("ada", "GET", f"/v1/digests/{edition}/document.html?language=ru").text
    assert office.document("eva", before)["solo"] is False
    assert office.release("eva", before) == (403, "your-own-draft")


def test_what_solo_mode_says_is_part_of_what_is_frozen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWN_SOLO", "true")
    settings.cache_clear()
    edition = office.draft()
    with db.transaction() as session:
        block = session.exec(select(digests.Block).where(digests.Block.kind == "about")).one()
        block.body = block.body | {"solo": False}
        session.add(block)
        name = block.hash
    with db.reading() as session:
        assert digests.verify(session, edition)[name] == "differs"


@pytest.mark.one_kind
def test_nobody_is_their_own_second_pair_of_eyes_by_a_key(office: Office) -> None:
    """What a key asks for is released at once: so who builds makes no key that does."""
    office.people["ida"] = signed_in("ida", "north", "focal_point", "editor")
    body = {"name": "press", "organisation": "north", "scopes": ["digests:read", "digests:build"]}
    answer = office.ask("ida", "POST", "/v1/keys", json=body)
    assert (answer.status_code, answer.json()["type"]) == (403, "/docs/problems#not-yours-to-give")
    assert office.ask("ida", "POST", "/v1/keys", json=body | {"scopes": ["digests:read"]}).status_code == 201


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_a_dry_run_of_retention_tells_of_no_draft(office: Office, role: str) -> None:
    office.people["max"] = signed_in("max", "south", role)
    asks = {"params": {"months": 1, "until": "2027-11-01"}}
    without = office.ask("max", "GET", "/v1/retention/dry-run", **asks).json()["rules"][0]
    edition = office.draft()
    told = office.ask("max", "GET", "/v1/retention/dry-run", **asks).json()["rules"][0]
    assert without["reports"] == 1
    assert told["editions"] == without["editions"]
    assert office.release("abe", edition) == (200, "")
    told = office.ask("max", "GET", "/v1/retention/dry-run", **asks).json()["rules"][0]
    assert told["editions"] == [*without["editions"], edition]
