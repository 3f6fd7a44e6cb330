"""Files of a report: who may attach, list, have and remove them, and what each of these answers."""

import hashlib
import stat
from typing import Any

import pytest
from sqlmodel import select

from services.attachments.models import Attachment
from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.config import settings
from services.reports import Disclosure
from tests.attachments import files
from tests.attachments.laid import attach, attached, listed, stored
from tests.persons import signed_in
from tests.world import World, amber

pytestmark = pytest.mark.one_kind


def test_its_owner_gets_a_file_back_as_it_was_sent(north: World) -> None:
    reference = north.submit("north")
    for kind, name in (("docx", "a.docx"), ("pdf", "a.pdf"), ("png", "a.png"), ("jpeg", "a.jpg"), ("text", "a.txt")):
        data = files.made(kind)
        answer = attach(north, "north", reference, data, name)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        assert (told["kind"], told["name"], told["size"]) == (kind, name, len(data))
        assert told["digest"] == hashlib.sha256(data).hexdigest()
        given = north.raw("north", answer.headers["Location"])
        assert given.content == data
    assert [one["kind"] for one in listed(north, "north", reference)] == ["docx", "pdf", "png", "jpeg", "text"]


def test_the_same_bytes_once_more_change_nothing(north: World) -> None:
    reference = north.submit("north")
    first = attach(north, "north", reference)
    again = attach(north, "north", reference, name="another name.txt")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert len(listed(north, "north", reference)) == 1


def test_what_a_browser_gets_is_saved_and_never_shown(north: World) -> None:
    path = attached(north, "north", north.submit("north"), b"<script>alert(1)</script>", "page.html")
    answer = north.raw("north", path)
    assert answer.headers["content-type"] == "application/octet-stream"
    plain = f"{path.rpartition('/')[2]}.txt"
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''page.html.txt"
    assert answer.headers["content-disposition"] == told
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


def test_others_get_nothing_until_a_copy_is_made(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference)
    answer = north.raw("south", path)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/docs/problems#being-prepared"
    assert answer.headers["retry-after"] == "5"
    (shown,) = listed(north, "south", reference)
    assert (shown["state"], shown["size"], shown["digest"]) == ("waiting", None, None)
    north.settle()
    (shown,) = listed(north, "south", reference)
    given = north.raw("south", path)
    assert given.status_code == 200
    assert (shown["state"], shown["size"]) == ("ready", len(given.content))
    assert shown["digest"] == hashlib.sha256(given.content).hexdigest()


def test_the_marking_of_a_report_is_that_of_its_files(north: World) -> None:
    reference = north.submit("north", marking=amber("south"))
    path = attached(north, "north", reference)
    north.settle()
    assert north.raw("south", path).status_code == 200
    never = north.raw("far", f"/v1/reports/EWN-1111-1111-1111/attachments/{path.rpartition('/')[2]}")
    hidden = north.raw("far", path)
    assert hidden.status_code == 404
    assert hidden.content == never.content
    assert north.raw("far", f"/v1/reports/{reference}/attachments").status_code == 404
    assert attach(north, "far", reference).status_code == 404
    assert north.client.delete(path, headers=north.auth("far")).status_code == 404


def test_only_its_owner_attaches_and_removes(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference)
    assert attach(north, "south", reference).json()["type"] == "/docs/problems#not-your-report"
    assert north.client.delete(path, headers=north.auth("south")).status_code == 403
    reading = {"Authorization": f"Bearer {north.key('north', ['reports:read'])}"}
    assert attach(north, reading, reference).json()["type"] == "/docs/problems#scope-missing"


@pytest.mark.both_kinds
def test_what_is_red_is_its_senders_alone_and_no_key_has_it(north: World) -> None:
    ada, abe = signed_in("ada", "north", "focal_point", "analyst"), signed_in("abe", "north", "analyst", "focal_point")
    red = {"tlp": "RED", "attribution": "named"}
    sent = north.client.post("/v1/reports", json=_report(marking=red), headers=ada)
    reference = sent.json()["reference"]
    made = attach(north, ada, reference)
    assert made.status_code == 201, made.text
    north.settle()
    path = made.headers["Location"]
    assert north.client.get(path, headers=ada).status_code == 200
    assert north.client.get(path, headers=abe).status_code == 404
    assert north.raw("north", path).status_code == 404
    assert attach(north, abe, reference).status_code == 404


@pytest.mark.both_kinds
def test_who_had_a_file_is_on_record(north: World) -> None:
    path = attached(north, "north", north.submit("north", marking=amber("south")))
    north.settle()
    for more in ({}, {"copy": True}):
        assert north.raw("south", path, **more).status_code == 200
    with db.reading() as session:
        had = session.exec(select(Disclosure)).all()
        acts = [one.action for one in session.exec(select(AuditEntry)).all()]
    assert len(had) == 1
    assert acts.count("attachment.added") == 1
    assert acts.count("answer.given") == 2


def test_what_is_removed_is_given_to_nobody_and_destroyed(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference)
    north.settle()
    assert stored()
    assert north.client.delete(path, headers=north.auth("north")).status_code == 204
    assert north.raw("north", path).status_code == north.raw("south", path).status_code == 404
    north.settle()
    assert stored() == []
    with db.reading() as session:
        assert session.exec(select(Attachment)).all() == []
    assert attach(north, "north", reference).status_code == 201


def test_bytes_lie_once_and_go_with_the_last_who_has_them(north: World) -> None:
    mine, theirs = north.submit("north"), north.submit("south", marking=amber("far"))
    answers = [attach(north, slug, reference) for slug, reference in (("north", mine), ("south", theirs))]
    assert [one.status_code for one in answers] == [201, 201]
    keys = [set(one.json()) for one in answers]
    assert keys[0] == keys[1]
    assert len(stored()) == 1
    north.client.delete(answers[0].headers["Location"], headers=north.auth("north"))
    north.settle()
    assert north.raw("south", answers[1].headers["Location"]).content == files.text()


def test_what_is_stored_may_be_read_by_the_service_alone(north: World) -> None:
    attached(north, "north", north.submit("north"))
    north.settle()
    for path in stored():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_recall_destroys_a_reports_files(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference)
    north.settle()
    body = {"reference": reference, "reason": "mistaken"}
    assert (
        north.client.post(f"/v1/reports/{reference}/recall", json=body, headers=north.auth("north")).status_code == 200
    )
    assert north.raw("north", path).status_code == 404
    north.settle()
    assert stored() == []
    with db.reading() as session:
        assert session.exec(select(Attachment)).all() == []


def test_a_withdrawn_reports_files_are_its_owners_alone(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference)
    north.settle()
    north.client.post(f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=north.auth("north"))
    assert north.raw("south", path).status_code == 404
    assert north.raw("north", path).content == files.text()
    assert attach(north, "north", reference, b"more").json()["type"] == "/docs/problems#already-withdrawn"


def test_a_revision_keeps_the_files(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference)
    north.settle()
    revised = north.client.put(
        f"/v1/reports/{reference}", json=_report(text="Quite other words."), headers=north.auth("north")
    )
    assert revised.status_code == 200
    north.settle()
    assert north.raw("south", path).content == files.text()


def test_a_name_does_not_tell_who_reports_where_that_is_withheld(north: World) -> None:
    marking = {"tlp": "GREEN", "attribution": "withheld"}
    reference = north.submit("north", marking=marking)
    path = attached(north, "north", reference, name="Ministry of the North.txt")
    north.settle()
    (shown,) = listed(north, "south", reference)
    assert shown["name"] == f"{shown['reference']}.txt"
    assert "North" not in north.raw("south", path).headers["content-disposition"]
    assert listed(north, "north", reference)[0]["name"] == "Ministry of the North.txt"


def test_the_files_of_a_report_and_the_bytes_of_an_organisation_are_bounded(
    north: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EWN_ATTACHMENTS_PER_REPORT", "2")
    monkeypatch.setenv("EWN_ATTACHMENT_QUOTA", "1000")
    monkeypatch.setenv("EWN_ATTACHMENT_LIMIT", "600")
    settings.cache_clear()
    one, other = north.submit("north"), north.submit("north")
    assert attach(north, "north", one, b"x" * 601).json()["type"] == "/docs/problems#file-too-large"
    assert attach(north, "north", one, b"x" * 600).status_code == 201
    assert attach(north, "north", one, b"y" * 300).status_code == 201
    assert attach(north, "north", one, b"z").json()["type"] == "/docs/problems#too-many-files"
    refused = attach(north, "north", other, b"w" * 101)
    assert refused.json()["type"] == "/docs/problems#no-room-left"
    assert attach(north, "north", other, b"w" * 100).status_code == 201
    assert attach(north, "north", one, b"x" * 600).status_code == 200, "what is there already needs no room"
    assert len(stored()) == 3


@pytest.mark.both_kinds
def test_a_colleagues_red_files_take_no_room_of_others(north: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWN_ATTACHMENT_QUOTA", "1000")
    settings.cache_clear()
    ada = signed_in("ada", "north", "focal_point")
    red = {"tlp": "RED", "attribution": "named"}
    secret = north.client.post("/v1/reports", json=_report(marking=red), headers=ada).json()["reference"]
    assert attach(north, ada, secret, b"x" * 900).status_code == 201
    assert attach(north, "north", north.submit("north"), b"y" * 1000).status_code == 201


def _report(**more: Any) -> dict[str, Any]:
    from tests.world import report

    return report(**more)
