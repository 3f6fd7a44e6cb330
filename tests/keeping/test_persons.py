"""A person's rights: what is held is given to the person; who has gone is forgotten, and what was done stays."""

from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from services import network
from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.model import table
from services.network import erasing
from services.network.models import Member, Office, SignIn
from tests.keeping.clockwork import NOTICED, keeper, made_rule, turn
from tests.persons import signed_in
from tests.reports.test_recalling import stored, wash
from tests.world import World, amber, report

OFFICE = {"title_en": "Head of desk", "title_ru": "Начальник", "held_from": "2026-01-01"}
# Who acted is named by a key in these; the key says nothing once the person is erased.
NAMED_BY_KEY = {
    "legal_hold.set_by", "legal_hold.lifted_by", "retention_rule.made_by", "report.member_id", "disclosure.member_id",
    "assessment.member_id", "reliability_change.member_id", "source_reliability.member_id",
    "release_request.member_id", "release_request.decided_by", "invitation.made_by",
    "edition.made_by", "edition.released_by", "form_version.made_by", "definition_version.made_by",
    "definition_version.reviewed_by", "definition_version.in_force_by", "outcome_told.member_id",
    "thread_message.member_id", "pair_decision.member_id", "tag_decision.member_id",
    "desk_done.member_id", "list_decision.member_id",
    "inquiry.member_id", "inquiry_asked.member_id", "inquiry_answer.member_id", "report_translation.member_id",
}  # fmt: skip
DELETED = {
    "sign_in.member_id", "office.member_id", "notice.member_id", "invitation.member_id", "factor.member_id",
    "recovery_code.member_id",
}  # fmt: skip


@pytest.fixture
def kept(world: World) -> World:
    for slug in ("north", "south"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def leave(world: World, login: str, headers: dict[str, str]) -> None:
    assert world.client.delete(f"/v1/members/{login}", headers=headers).status_code == 200


def erase(world: World, login: str, headers: dict[str, str], typed: str | None = None) -> tuple[int, str]:
    body = {"login": login if typed is None else typed}
    answer = world.client.post(f"/v1/members/{login}/erase", json=body, headers=headers)
    return answer.status_code, str(answer.json().get("type", ""))


def test_what_is_held_on_a_person_is_given_to_that_person(kept: World) -> None:
    admin = keeper()
    person = signed_in("zebrafinch", "north", "focal_point")
    kept.client.post("/v1/members/zebrafinch/offices", json=OFFICE, headers=admin)
    mine = kept.client.post("/v1/reports", json=report(), headers=person).json()["reference"]
    theirs = kept.submit("south")
    kept.settle()
    kept.client.get(f"/v1/reports/{theirs}", headers=person)
    made_rule(kept, admin)
    turn(kept, NOTICED)
    answer = kept.client.get("/v1/me/export", headers=person)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    held = answer.json()
    assert (held["profile"]["login"], held["profile"]["organisation"]) == ("zebrafinch", "north")
    assert [one["title_en"] for one in held["offices"]] == ["Head of desk"]
    assert len(held["sessions"]) == 1
    assert [one["reference"] for one in held["handed_in"]] == [mine]
    assert [one["reference"] for one in held["had"]] == [theirs]
    assert [one["report"] for one in held["notices"]] == [mine]
    assert "report.submitted" in [one["action"] for one in held["acts"]]
    assert "Armed" not in answer.text
    by_admin = kept.client.get("/v1/members/zebrafinch/export", headers=admin).json()
    assert by_admin["handed_in"] == held["handed_in"]
    with db.reading() as session:
        acts = session.exec(select(AuditEntry).where(AuditEntry.action == "member.exported")).all()
    assert len(acts) == 2
    assert len({one.subject for one in acts}) == 1
    assert len({one.member_id for one in acts}) == 2


@pytest.mark.one_kind
def test_an_administrators_export_gives_no_words_and_nothing_red(kept: World) -> None:
    admin = keeper()
    person = signed_in("zebrafinch", "north", "analyst")
    red = {"tlp": "RED", "attribution": "named", "persons": ["zebrafinch"]}
    author = signed_in("ada", "south", "analyst")
    theirs = kept.client.post("/v1/reports", json=report(1, marking=red), headers=author).json()["reference"]
    mine = kept.client.post("/v1/reports", json=report(2, marking=red), headers=person).json()["reference"]
    open_ = kept.submit("south", marking=amber("north"))
    kept.settle()
    for one in (theirs, open_):
        assert kept.client.get(f"/v1/reports/{one}", headers=person).status_code == 200
        wanted = {"kind": "release", "wanted": "For Ostrov.", "reason": "Zolotoy zavod is theirs."}
        assert kept.client.post(f"/v1/reports/{one}/requests", json=wanted, headers=person).status_code == 201
    own = kept.client.get("/v1/me/export", headers=person)
    for one in (theirs, mine, open_, "Ostrov", "Zolotoy"):
        assert one in own.text
    told = kept.client.get("/v1/members/zebrafinch/export", headers=admin)
    for one in (theirs, mine, "Ostrov", "Zolotoy"):
        assert one not in told.text
    assert [one["reference"] for one in told.json()["had"]] == [open_]
    assert [one["wanted"] for one in told.json()["requests"]] == [""]


def test_nobody_else_is_given_it_and_a_key_is_no_person(kept: World) -> None:
    signed_in("ada", "north", "focal_point")
    for role in ("focal_point", "auditor"):
        other = signed_in(f"ben-{role.replace('_', '-')}", "north", role)
        assert kept.client.get("/v1/members/ada/export", headers=other).status_code == 403
        assert erase(kept, "ada", other)[0] == 403
    assert kept.raw("north", "/v1/me/export").status_code == 403
    assert kept.client.get("/v1/members/nobody/export", headers=keeper()).status_code == 404


def test_of_an_erased_person_nothing_is_left_and_what_it_did_stays(kept: World, configured: Path) -> None:
    admin = keeper()
    kept.member("zebrafinch", "north", "focal_point", password="a long password")
    person = signed_in("quokkatail", "north", "focal_point")
    kept.client.post("/v1/members/quokkatail/offices", json=OFFICE, headers=admin)
    red = {"tlp": "RED", "attribution": "named", "persons": ["quokkatail", "zebrafinch"]}
    sent = kept.client.post("/v1/reports", json=report(marking=red), headers=person)
    theirs = kept.submit("south")
    kept.settle()
    kept.client.get(f"/v1/reports/{theirs}", headers=person)
    made_rule(kept, admin)
    turn(kept, NOTICED)
    names = ("zebrafinch", "quokkatail")
    assert {name for _, held in stored(configured) for name in names if name in held} == set(names)
    for name in names:
        leave(kept, name, admin)
        assert erase(kept, name, admin) == (200, "")
    wash()
    assert not {(where, name) for where, held in stored(configured) for name in names if name in held}
    for name in names:
        assert erase(kept, name, admin)[0] == 404
    had = kept.get("south", f"/v1/reports/{theirs}/disclosures")
    (one,) = had["organisations"][0]["holders"]
    assert (one["by"], one["name"]) == ("erased", None)
    members = [one for one in kept.client.get("/v1/members", headers=admin).json() if one["name"] == "erased"]
    assert all(one["login"].startswith("erased-") and not one["offices"] and not one["roles"] for one in members)
    assert len(members) == 2
    with db.reading() as session:
        told = (AuditEntry.subject == sent.json()["reference"], AuditEntry.action == "report.submitted")
        (key,) = session.exec(select(AuditEntry.member_id).where(*told)).all()
        gone = session.exec(select(Member).where(Member.id == key)).one()
        assert gone.login.startswith("erased-")
        assert not session.exec(select(SignIn).where(SignIn.member_id == key)).all()
        assert not session.exec(select(Office).where(Office.member_id == key)).all()
        assert gone.login not in network.directory(session).persons
    again = signed_in("quokkatail", "north", "focal_point")
    assert kept.client.get(f"/v1/reports/{sent.json()['reference']}", headers=again).status_code == 404


def test_who_may_act_or_is_held_is_not_erased(kept: World) -> None:
    admin = keeper()
    signed_in("ada", "north", "focal_point")
    assert erase(kept, "ada", admin) == (409, "/docs/problems#still-active")
    assert erase(kept, "olga", admin) == (409, "/docs/problems#still-active")
    last = kept.client.delete("/v1/members/olga", headers=admin)
    assert (last.status_code, last.json()["type"]) == (409, "/docs/problems#last-administrator")
    leave(kept, "ada", admin)
    for what, name in (("person", "ada"), ("organisation", "north")):
        body = {"what": what, "name": name, "reason": "A court has asked."}
        hold = kept.client.post("/v1/holds", json=body, headers=admin).json()["reference"]
        assert erase(kept, "ada", admin) == (409, "/docs/problems#held")
        kept.client.delete(f"/v1/holds/{hold}", headers=admin)
    assert erase(kept, "ada", admin, typed="eda") == (422, "/docs/problems#another-person")
    assert erase(kept, "ada", admin) == (200, "")


def test_whatever_names_a_person_goes_with_it_or_holds_a_key_only() -> None:
    member = table(Member)
    pointing = {
        f"{one.name}.{key.parent.name}"
        for one in SQLModel.metadata.sorted_tables
        for key in one.foreign_keys
        if key.column.table is member
    }
    assert pointing == NAMED_BY_KEY | DELETED
    assert {f"{table(one).name}.member_id" for one in erasing.GOES} <= DELETED
    assert set(member.columns.keys()) == erasing.STAYS | erasing.EMPTY.keys() | {"login"}
