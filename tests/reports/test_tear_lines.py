"""Tear-lines: told to whoever sees their audience and not the report, and leading nowhere (docs/adr/0012)."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from sqlmodel import select

from services import reports
from services.kernel import clock, db
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

GREEN = {"tlp": "GREEN", "attribution": "named"}
LINE = {"text": "Avoid the high pass this week.", "marking": GREEN}


@pytest.fixture
def net(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def lines(world: World, slug: str, **query: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = world.get(slug, "/v1/tear-lines", **query)["tear_lines"]
    return found


def texts(world: World, slug: str) -> list[object]:
    return [one["text"] for one in lines(world, slug)]


def put(world: World, slug: str, reference: str, body: object = LINE) -> Response:
    return world.client.put(f"/v1/reports/{reference}/tear-line", json=body, headers=world.auth(slug))


def test_it_is_told_to_whoever_sees_its_audience_and_not_the_report(net: World) -> None:
    net.submit("north", marking=amber("south"), tear_line=LINE)
    assert {slug: texts(net, slug) for slug in ("north", "south", "far")} == {
        "north": [], "south": [], "far": [LINE["text"]],
    }  # fmt: skip


def test_it_bears_text_day_label_status_and_attribution_and_nothing_else(net: World) -> None:
    told = net.submit("north", marking=amber("south"), tear_line=LINE)
    net.settle()
    (line,) = lines(net, "far")
    assert line == {
        "text": LINE["text"], "tlp": "GREEN", "status": "actual", "originator": "north", "originator_name": "North",
        "day": "2026-11-01",
    }  # fmt: skip
    assert told not in net.raw("far", "/v1/tear-lines").text
    assert net.raw("far", f"/v1/reports/{told}").status_code == 404


@pytest.mark.parametrize("attribution", ["withheld", "chatham"])
def test_its_attribution_is_its_own(net: World, attribution: str) -> None:
    marking = {"tlp": "GREEN", "attribution": attribution}
    net.submit("north", marking=amber("south"), tear_line=LINE | {"marking": marking})
    assert lines(net, "far")[0]["originator"] is None
    assert "north" not in net.raw("far", "/v1/tear-lines").text.lower()


def test_its_owner_sees_it_with_the_report_and_a_reader_does_not(net: World) -> None:
    told = net.submit("north", marking=amber("south"), tear_line=LINE)
    own = net.get("north", f"/v1/reports/{told}")["tear_line"]
    assert (own["text"], own["marking"]["tlp"], own["day"]) == (LINE["text"], "GREEN", "2026-11-01")
    assert net.get("south", f"/v1/reports/{told}")["tear_line"] is None


@pytest.mark.parametrize(
    ("marking", "line"),
    [
        (amber("south"), {"tlp": "RED", "attribution": "named", "persons": ["ada"]}),
        (amber("south"), amber("south")),
        (amber("south", "far"), amber("far")),
        (GREEN, GREEN),
        (GREEN, amber("south")),
        ({"tlp": "CLEAR", "attribution": "named"}, GREEN),
    ],
)
def test_red_and_what_reaches_nobody_else_is_refused(
    net: World, marking: dict[str, object], line: dict[str, object]
) -> None:
    signed_in("ada", "north", "focal_point")
    body = report(marking=marking, tear_line={"text": "In brief.", "marking": line})
    answer = net.post("north", body)
    assert (answer.status_code, answer.json()["field"]) == (422, "tear_line.marking")
    told = net.submit("north", marking=marking)
    later = put(net, "north", told, {"text": "In brief.", "marking": line})
    assert (later.status_code, later.json()["field"]) == (422, "marking")


def test_its_words_are_cleaned_like_others_and_hold_no_reference(net: World) -> None:
    told = net.submit("north", marking=amber("south"))
    for text in ("x", "y" * 501, "a\u0007b c", f"See {told}.", f"See {told.lower()}.", "e" + "\u0301" * 40):
        assert put(net, "north", told, LINE | {"text": text}).status_code == 422
    assert put(net, "north", told, LINE | {"text": "Cafe\u0301 closed."}).status_code == 204
    assert texts(net, "far") == ["Caf\u00e9 closed."]


def test_under_embargo_it_is_held_against_the_marking_that_waits(net: World) -> None:
    until = "2026-11-05T00:00:00Z"
    marking = amber("south") | {"embargo_until": until}
    refused = net.post("north", report(marking=marking, tear_line=LINE | {"marking": amber("south")}))
    assert refused.json()["field"] == "tear_line.marking"
    told = net.submit("north", marking=marking, tear_line=LINE)
    assert put(net, "north", told, LINE | {"marking": amber("south")}).status_code == 422
    assert texts(net, "far") == []
    at = datetime(2026, 11, 5, 1, tzinfo=UTC)
    with db.transaction() as session:
        reports.remarkings_due(session, at)
    assert [one["day"] for one in lines(net, "far")] == ["2026-11-05"]


def test_a_refusal_does_not_depend_on_members_that_hide(net: World) -> None:
    """Who is in a group that is not the caller's own, hidden or not, is not to be read off an answer."""
    net.enrol("veiled", hidden=True)
    net.group("shown", "south", "far")
    net.group("with-veiled", "south", "far", "veiled")
    answers = []
    for group in ("shown", "with-veiled"):
        line = {"text": "In brief.", "marking": amber(groups=(group,))}
        body = report(marking=amber("south", "far"), tear_line=line)
        answer = net.client.post("/v1/reports?validate=true", json=body, headers=net.auth("north"))
        answers.append((answer.status_code, answer.json()))
    assert answers[0] == answers[1]
    assert (answers[0][0], answers[0][1]["valid"], answers[0][1]["stored"]) == (200, True, None)


def test_whoever_gains_sight_of_the_report_has_the_report_only(net: World) -> None:
    told = net.submit("north", marking=amber("south"), tear_line=LINE)
    wider = {"marking": amber("south", "far")}
    assert net.client.put(f"/v1/reports/{told}/marking", json=wider, headers=net.auth("north")).status_code == 200
    assert texts(net, "far") == []
    assert net.get("far", f"/v1/reports/{told}")["reference"] == told


def test_it_goes_with_its_report_and_can_be_taken_away(net: World) -> None:
    first = net.submit("north", marking=amber("south"), tear_line=LINE)
    second = net.submit("north", marking=amber("south"))
    assert put(net, "north", second, LINE | {"text": "The second."}).status_code == 204
    why = {"reason": "mistaken"}
    net.client.post(f"/v1/reports/{first}/withdrawal", json=why, headers=net.auth("north"))
    assert texts(net, "far") == ["The second."]
    path = f"/v1/reports/{second}/tear-line"
    assert net.client.delete(path, headers=net.auth("far")).status_code == 404
    assert net.client.delete(path, headers=net.auth("south")).status_code == 403
    assert net.client.delete(path, headers=net.auth("north")).status_code == 204
    assert texts(net, "far") == []
    assert net.client.delete(path, headers=net.auth("north")).status_code == 404


@pytest.mark.both_kinds
def test_a_revision_without_it_takes_it_away_and_earlier_ones_are_kept(net: World) -> None:
    told = net.submit("north", marking=amber("south"), tear_line=LINE)
    net.client.put(
        f"/v1/reports/{told}", json=report(marking=amber("south"), tear_line=LINE), headers=net.auth("north")
    )
    assert texts(net, "far") == [LINE["text"]]
    put(net, "north", told, LINE | {"text": "Other words."})
    assert texts(net, "far") == ["Other words."]
    net.client.put(f"/v1/reports/{told}", json=report(marking=amber("south")), headers=net.auth("north"))
    assert texts(net, "far") == []
    with db.reading() as session:
        rows = session.exec(select(reports.ReportRevision).order_by(reports.ReportRevision.version)).all()
    assert [row.body["tear_line"]["text"] for row in rows] == [LINE["text"], LINE["text"], "Other words."]


def test_it_is_part_of_the_fingerprint_only_when_given(net: World) -> None:
    body = report(marking=amber("south"), own_reference="n-1")
    plain = reports.NewReport.model_validate(body).fingerprint()
    assert reports.NewReport.model_validate(body | {"tear_line": None}).fingerprint() == plain
    assert reports.NewReport.model_validate(body | {"tear_line": LINE}).fingerprint() != plain
    assert net.post("north", body | {"tear_line": LINE}).status_code == 202
    assert net.post("north", body).status_code == 409


def test_it_is_searched_counted_and_tagged_nowhere(net: World) -> None:
    words = {"text": "Zarafshan floods killed 40 in Osh.", "marking": GREEN}
    told = net.submit("north", marking=amber("south"), tear_line=words)
    net.settle()
    for slug in ("north", "south", "far"):
        assert net.get(slug, "/v1/reports", q="Zarafshan")["reports"] == []
    facets = net.get("far", "/v1/reports/facets")
    assert not any(facets[name] for name in ("themes", "countries", "kinds", "statuses"))
    assert "Osh" not in net.raw("south", f"/v1/reports/{told}").text


@pytest.mark.both_kinds
def test_pages_go_by_day_and_the_cursor_is_one_viewers(net: World) -> None:
    for number in range(5):
        with clock.at(datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number % 2)):
            net.submit("north", marking=amber("south"), tear_line=LINE | {"text": f"Line {number}."})
    found, cursor = [], None
    while True:
        page = net.get("far", "/v1/tear-lines", size=2, **({"cursor": cursor} if cursor else {}))
        found += page["tear_lines"]
        cursor = page["next"]
        if cursor is None:
            break
        assert net.raw("south", "/v1/tear-lines", cursor=cursor).status_code == 400
    assert sorted(one["text"] for one in found) == [f"Line {number}." for number in range(5)]
    assert [one["day"] for one in found] == sorted((one["day"] for one in found), reverse=True)


def test_a_stranger_learns_nothing_by_asking_for_a_report_it_does_not_see(net: World) -> None:
    told = net.submit("north", marking=amber("south"), tear_line=LINE)
    hidden, missing = (put(net, "far", one) for one in (told, "EWN-AAAA-AAAA-AAAA"))
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
    assert hidden.status_code == 404
