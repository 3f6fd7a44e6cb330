"""A report is written with a form: the form and its version stay with it, and its answers keep the form's rules."""

import json

import pytest

from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

ASKED = {
    "recruitment_online": {"value": 3, "trend": "up", "evidence": "Three new channels."},
    "propaganda": {"value": "same"},
}


def questionnaire(**overrides):
    body = {"kind": "questionnaire", "form": "questionnaire", "themes": [], "place": "KG", "answers": ASKED}
    return report(**body | overrides)


@pytest.fixture
def north(world: World) -> World:
    for slug in ("north", "south"):
        world.enrol(slug)
    return world


def refused(world: World, body: dict) -> dict[str, str]:
    """The rules that a body breaks, by field."""
    answer = world.post("north", body)
    assert answer.status_code == 422, answer.text
    return {one["field"]: one["rule"] for one in answer.json()["errors"]}


def test_answers_are_kept_with_the_form_and_the_version_in_force(north: World) -> None:
    reference = north.post("north", questionnaire()).json()["reference"]
    read = north.get("south", f"/v1/reports/{reference}")
    assert (read["form"], read["form_version"]) == ("questionnaire", 1)
    assert read["answers"]["recruitment_online"] == {
        "state": "answered", "value": 3, "trend": "up", "evidence": "Three new channels.",
    }  # fmt: skip


def test_a_report_without_a_form_is_as_before(north: World) -> None:
    reference = north.submit("north")
    read = north.get("south", f"/v1/reports/{reference}")
    assert (read["form"], read["form_version"], read["answers"]) == (None, None, {})


def test_no_change_and_not_observable_are_answers(north: World) -> None:
    answers = {"recruitment_online": {"state": "no_change"}, "propaganda": {"state": "not_observable"}}
    assert north.post("north", questionnaire(answers=answers)).status_code == 202


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"answers": {}}, "answers.recruitment_online", "is required: answer it, or say no_change or not_observable"),
        ({"kind": "situation"}, "kind", "is another than the form's: this form is for questionnaire"),
        ({"place": None}, "place", "is required by this form"),
        ({"figures": {"killed": 1}}, "figures", "has no place in this form: leave it out"),
        ({"form": "no-such"}, "form", "is not a form in force: see GET /v1/forms"),
        ({"form_version": 9}, "form_version", "is not a form in force: see GET /v1/forms"),
        ({"form": None, "form_version": None}, "", "answers and form_version need the form: give its code"),
    ],
)
def test_what_breaks_a_rule_of_the_form_is_refused_by_field(north: World, change, field, rule) -> None:
    assert refused(north, questionnaire(**change))[field] == rule


@pytest.mark.parametrize(
    ("code", "value", "rule"),
    [
        ("recruitment_online", 5, "is a whole number from 0 to 4"),
        ("recruitment_online", True, "is a whole number from 0 to 4"),
        ("recruitment_online", "3", "is a whole number from 0 to 4"),
        ("recruitment_online", 1.5, "is a whole number from 0 to 4"),
        ("propaganda", "sideways", "is one of: up, same, down"),
        ("travel", -1, "is a whole number from 0 to 10^9"),
        ("travel", 1.5, "is a whole number from 0 to 10^9"),
        ("travel", 10**10, "is a whole number from 0 to 10^9"),
        ("laundering", "yes", "is true or false"),
        ("laundering", 1, "is true or false"),
    ],
)
def test_a_value_off_its_scale_is_refused(north: World, code, value, rule) -> None:
    body = questionnaire(answers=ASKED | {code: {"value": value}})
    assert refused(north, body)[f"answers.{code}.value"] == rule


def test_a_choice_a_day_and_a_number_with_decimals_keep_their_scales(north: World) -> None:
    document = report(kind="document", form="document", answers={"type": {"value": "law"}, "public": {"value": True}})
    assert refused(north, document | {"answers": {"type": {"value": "poem"}, "public": {"value": True}}}) == {
        "answers.type.value": "is one of: law, strategy, resolution, report, guidance, other"
    }
    dated = document | {"answers": document["answers"] | {"dated": {"value": "31.10.2026"}}}
    assert refused(north, dated) == {"answers.dated.value": "is a day, written 2026-10-31"}
    seized = report(form="incident", answers={"opiates_kg": {"value": 1.2345}})
    assert refused(north, seized) == {"answers.opiates_kg.value": "is a number with at most 3 decimals from 0 to 10^9"}
    for body in (document, seized | {"answers": {"opiates_kg": {"value": 1.234}}}):
        assert north.post("north", body).status_code == 202


def test_an_answer_says_its_value_or_why_there_is_none(north: World) -> None:
    for answer in ({"state": "answered"}, {"state": "no_change", "value": 1}, {"state": "no_change", "trend": "up"}):
        found = refused(north, questionnaire(answers=ASKED | {"travel": answer}))
        assert list(found) == ["answers.travel"]


def test_a_file_is_judged_line_by_line(north: World) -> None:
    bodies = [questionnaire(), questionnaire(answers={}), report(2), questionnaire(title="Another")]
    answer = north.client.post(
        "/v1/reports/bulk",
        content="\n".join(json.dumps(one) for one in bodies),
        headers={"Content-Type": "application/x-ndjson", **north.auth("north")},
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["status"] for one in lines] == [202, 422, 202, 202]
    assert lines[1]["field"] == "answers.recruitment_online"


def test_a_check_says_what_handing_in_would(north: World) -> None:
    answer = north.client.post("/v1/reports?validate=true", json=questionnaire(answers={}), headers=north.auth("north"))
    assert answer.status_code == 422
    assert answer.json()["field"] == "answers.recruitment_online"


def test_a_repeat_of_what_was_taken_in_is_a_repeat_with_answers_too(north: World) -> None:
    body = questionnaire(own_reference="Q-1")
    first, again = north.post("north", body), north.post("north", body)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = north.post("north", body | {"answers": ASKED | {"travel": {"value": 1}}})
    assert other.status_code == 409


def test_a_revision_keeps_the_rules_and_changes_the_answers(north: World) -> None:
    reference = north.post("north", questionnaire()).json()["reference"]
    path, headers = f"/v1/reports/{reference}", north.auth("north")
    changed = questionnaire(answers={"recruitment_online": {"value": 0}, "propaganda": {"state": "no_change"}})
    assert north.client.put(path, json=changed, headers=headers).status_code == 200
    read = north.get("north", path)
    assert read["answers"]["recruitment_online"]["value"] == 0
    assert read["form_version"] == 1
    assert north.client.put(path, json=questionnaire(answers={}), headers=headers).status_code == 422


@pytest.mark.both_kinds
def test_answers_go_with_the_words_of_a_recalled_report(north: World) -> None:
    reference = north.post("north", questionnaire()).json()["reference"]
    body = {"reference": reference, "reason": "mistaken"}
    answer = north.client.post(f"/v1/reports/{reference}/recall", json=body, headers=north.auth("north"))
    assert answer.status_code == 200, answer.text
    mine = north.get("north", "/v1/reports", mine=True)["reports"]
    assert [one["answers"] for one in mine] == [{}]


def test_answers_reach_the_readers_of_the_report_only(north: World) -> None:
    reference = north.post("north", questionnaire(marking=amber())).json()["reference"]
    assert north.raw("south", f"/v1/reports/{reference}").status_code == 404
