"""Each exit of the register does what it is registered with: nothing of the network is read before the policy is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import delete, event
from sqlmodel import Session, select

from services import digests, network
from services.kernel import clock, db
from services.network import ROLES
from services.reports import Disclosure, Report
from tests import exits
from tests.e2e.hostile import VALID
from tests.persons import signed_in
from tests.world import World, expect

pytestmark = pytest.mark.one_kind("postgresql")
# What partners told and what was made of it. Keys of repeats hold receipts: they are the sender's own.
DATA = (
    "report", "report_revision", "remarking", "tagging", "tag", "link", "duplicate_band", "tally", "contribution",
    "incident", "counted_before", "cell", "pattern", "overlap", "observation", "block", "rendering",
    "disclosure", "tear_line", "release_request", "report_translation", "report_step", "outcome_told",
    "thread_message", "thread_closed", "inquiry", "inquiry_asked", "inquiry_answer",
    "disclosure", "tear_line", "release_request", "attachment", "attachment_text", "answer_words",
    "found_by", "meaning",
)  # fmt: skip
TOLD = re.compile(rf"\b(?:FROM|JOIN|,)\s+\"?(?:{'|'.join(DATA)})\b", re.IGNORECASE)
# The caller's own, whatever else it may see; and what it was given, and when.
OWNED = re.compile(
    r"\b(?:report|release_request)\.organisation_id = |\bdisclosure\.viewer = |"
    r"\b(?:thread_message|inquiry|inquiry_answer|report_translation|outcome_told)\.member_id = "
)
NOTED = re.compile(r"^INSERT INTO (?:disclosure|rendering)\b")
LABELS = re.compile(r"SELECT report\.reference\s+FROM report JOIN audience ")  # all that is read for an auditor
ASKED = re.compile(r"\b(?:FROM|JOIN)\s+audience_reach\b", re.IGNORECASE)


@contextmanager
def transactions() -> Iterator[dict[Any, list[str]]]:
    """What each transaction reads meanwhile."""
    found: dict[Any, list[str]] = {}

    def note(connection: Any, _cursor: object, statement: str, *_rest: object) -> None:
        found.setdefault(connection.get_transaction(), []).append(statement)

    straight = db.one_row

    def one_row(session: Session, statement: str) -> Any:  # which goes round SQLAlchemy, and tells no listener
        note(session.connection(), None, statement)
        return straight(session, statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    db.one_row = one_row
    try:
        yield found
    finally:
        db.one_row = straight
        event.remove(db.engine(), "before_cursor_execute", note)


@pytest.fixture
def told(world: World) -> dict[str, str]:
    """A network in which something is told, counted and frozen; what the examples name of it."""
    world.enrol("north")
    world.enrol("office", "secretariat")
    world.group("ring", "north", "office")
    reference = world.submit("north")
    attached = world.attach("north", reference)
    world.settle()
    with db.transaction() as session:
        caller = network.Caller(network.directory(session).slugs["north"])
        digests.build(session, caller, "monthly-bulletin", clock.now().date().replace(day=1))
    world.submit("north", kind="measures")
    edition = world.get("north", "/v1/digests")[0]["reference"]
    theirs = world.submit("office")
    wanted = {"kind": "release", "wanted": "For the group.", "reason": "It concerns them."}
    asked = world.client.post(f"/v1/reports/{reference}/requests", json=wanted, headers=world.auth("office")).json()
    with db.transaction() as session:
        new = network.NewMember(login="new", name="New", organisation="north", roles=["analyst"])
        token = network.invitations.invite(session, new, by=None).link.rpartition("/")[2]
    question = {"organisations": ["north"], "question": "What?", "why": "It matters.", "due_on": "2026-12-01"}
    marking = {"tlp": "AMBER", "attribution": "named"}
    put = world.client.post("/v1/inquiries", json=question | {"marking": marking}, headers=world.auth("office"))
    assigned = expect(world, "north")
    names = {
        "assignment": assigned,
        "token": token,
        "report": reference,
        "edition": edition,
        "organisation": "north",
        "group": "ring",
    }
    names |= {"attached": attached, "inquiry": put.json()["reference"]}
    return names | {"theirs": theirs, "request": asked["reference"]}


def announced(world: World, headers: dict[str, str]) -> str:
    """An upload of whoever asks."""
    return str(world.client.post("/v1/uploads", headers=headers).json()["reference"])


def reads(found: dict[Any, list[str]]) -> tuple[bool, list[str]]:
    """Whether any data was read, and the statements of transactions that read some without asking the policy. What puts
    on record what was given, after it was read, gives nothing."""
    giving = [said for said in found.values() if not any(map(NOTED.search, said))]
    data = [said for said in giving if any(TOLD.search(each) for each in said)]
    unasked = [each for said in data if not any(map(ASKED.search, said)) for each in said if TOLD.search(each)]
    return bool(data), unasked


def defined(world: World, keeper: dict[str, str]) -> None:
    """One of the network's own is in force, and the past is being tagged by it; there is a draft of the next."""
    other, body = signed_in("mia", "office", "administrator"), VALID["PUT /v1/definitions/{code}/draft"]
    later = body | {"harm": "Researchers, critics and students could be treated as attackers."}
    for method, path, who in (
        ("PUT", "", keeper), ("POST", "/review", other), ("POST", "/publication", keeper), ("PUT", "", keeper),
    ):  # fmt: skip
        drafted = world.client.request(method, f"/v1/definitions/cyber/draft{path}", json=body, headers=who)
        assert drafted.is_success, drafted.text
        body = {"digest": drafted.json()["digest"]} if path == "" else later


def test_no_route_reads_network_data_without_asking_the_policy_in_the_same_transaction(
    world: World, told: dict[str, str]
) -> None:
    north = signed_in("ada", "north", *ROLES)
    told["upload"] = announced(world, north)
    draft = VALID["PUT /v1/forms/{code}/draft"] | {"code": "incident", "kind": "incident"}
    keeper = signed_in("max", "office", "administrator")
    assert world.client.put("/v1/forms/incident/draft", json=draft, headers=keeper).status_code == 200
    defined(world, keeper)
    unread = []
    for name, one in exits.ROUTES.items():
        method = name.partition(" ")[0].replace("MOUNT", "GET")
        for path in one.asks:
            accept = {"Accept": "text/html"} if not path.startswith("/v1") else {}
            with transactions() as found:
                body = {"json": one.body} if one.body else {}
                answer = world.client.request(method, path.format_map(told), headers=north | accept, **body)
            if path != "/readyz":
                assert answer.status_code in (200, 201, 303), f"{method} {path}: {answer.status_code} {answer.text}"
            some, unasked = reads(found)
            if one.stores:
                continue
            if one.by == exits.AUDITOR:
                assert all(LABELS.match(each) for each in unasked), f"{method} {path} reads more than labels: {unasked}"
                continue
            if one.by == exits.OWNER:
                unasked = [each for each in unasked if not OWNED.search(each)]
            if one.by == exits.KEEPER:
                assert some, f"{method} {path} reads nothing: it is no keeper's"
                assert "Armed" not in answer.text, f"{method} {path} gives words"
                continue
            assert not unasked, f"{method} {path} reads without asking the policy: {unasked}"
            if one.by in (exits.POLICY, exits.OWNER) and not some:
                unread.append(name)
            if one.by in (exits.ADMINISTRATOR, exits.NONE):
                assert not some, f"{method} {path} reads what it is registered not to"
    # These two list editions, whose words come from the blocks later: they ask for the claims only.
    assert set(unread) <= {"GET /v1/digests", "GET /digests"}


def test_no_route_gives_anothers_words_with_nobody_noting_it(world: World, told: dict[str, str]) -> None:
    eva = signed_in("eva", "office", *ROLES)
    told["upload"] = announced(world, eva)
    with db.reading() as session:
        title = session.exec(select(Report.title).where(Report.reference == told["report"])).one()
    gave = set()
    for name, one in exits.ROUTES.items():
        for path in one.asks if name.startswith("GET ") and not one.dear else ():
            accept = {"Accept": "text/html"} if not path.startswith("/v1") else {}
            with db.transaction() as session:
                session.execute(delete(Disclosure))
            answer = world.client.get(path.format_map(told), headers=eva | accept)
            with db.reading() as session:
                noted = session.exec(select(Disclosure)).first() is not None
            assert noted or title not in answer.text, path
            gave |= {name} if noted else set()
    noting = {name for name, one in exits.ROUTES.items() if one.by == exits.POLICY and not one.unnoted}
    own = {"GET /reports/{reference}/receipt"}
    assert {name for name in noting if name.startswith("GET ")} - own <= gave


def test_the_instrument_sees_a_read_without_the_policy(world: World, told: dict[str, str]) -> None:
    with transactions() as found, db.reading() as session:
        session.exec(select(Report.title)).all()
    assert reads(found)[0]
    assert len(reads(found)[1]) == 1
