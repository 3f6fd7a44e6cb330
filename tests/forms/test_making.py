"""Forms are drafted, published and retired; what is published never changes, and reports keep their version."""

import json
from itertools import pairwise

import pytest
import yaml
from sqlmodel import select

from services import forms
from services.kernel import db
from services.kernel.audit import AuditEntry
from tests.persons import signed_in
from tests.world import World, report

pytestmark = pytest.mark.one_kind
BOTH = {"en": "In both languages", "ru": "На обоих языках"}
YAML = {"Content-Type": "application/yaml"}


def definition(code: str = "border-post", **more):
    body = {
        "code": code, "kind": "situation", "title": BOTH, "help": BOTH, "purpose": BOTH, "cannot_tell": BOTH,
        "harm": BOTH, "review_on": "2027-06-30", "period": "month",
        "questions": [{"code": "crossings", "text": BOTH, "scale": "count", "required": True}],
    }  # fmt: skip
    return body | more


def asking(text: str, language: str = "en", **more):
    words = BOTH | {language: text}
    return definition(questions=[{"code": "one", "text": words, "scale": "yes_no", **more}])


@pytest.fixture
def office(world: World) -> World:
    world.enrol("north")
    world.enrol("office", "secretariat")
    return world


@pytest.fixture
def admin(office: World) -> dict[str, str]:
    return signed_in("max", "office", "administrator")


def put(world: World, who: dict[str, str], body: dict, code: str = "border-post"):
    return world.client.put(f"/v1/forms/{code}/draft", json=body, headers=who)


def published(world: World, who: dict[str, str], body: dict) -> dict:
    answer = put(world, who, body, body["code"])
    assert answer.status_code == 200, answer.text
    answer = world.client.post(f"/v1/forms/{body['code']}/draft/publication", headers=who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def written(world: World, **more) -> dict:
    body = report(kind="situation", form="border-post", answers={"crossings": {"value": 3}}, **more)
    return world.post("north", body)


def test_a_new_network_has_the_ten_kinds_of_forms_in_both_languages(office: World) -> None:
    listed = office.get("north", "/v1/forms")
    assert {one["kind"] for one in listed} == set(forms.KINDS)
    assert {one["version"] for one in listed} == {1}
    for one in listed:
        whole = office.get("north", f"/v1/forms/{one['code']}")
        assert whole["title"].keys() == {"en", "ru", "kk", "ky", "tg", "uz", "tk"}
        for question in whole["questions"]:
            assert question["text"].keys() >= {"en", "ru"}
        for language in ("en", "ru"):
            fields = office.get("north", f"/v1/forms/{one['code']}/preview", language=language)
            assert [field["code"] for field in fields if not field["core"]] == [q["code"] for q in whole["questions"]]
            assert all(field["label"] and field["language"] == language for field in fields)
    assert [one["code"] for one in office.get("north", "/v1/forms", kind="situation")] == [
        "situation",
        "neighbour-situation",
    ]


def test_a_draft_is_published_and_reports_are_written_with_it(office: World, admin: dict[str, str]) -> None:
    assert put(office, admin, definition()).json()["state"] == "draft"
    assert written(office).status_code == 422
    assert office.raw("north", "/v1/forms/border-post").status_code == 404
    made = office.client.post("/v1/forms/border-post/draft/publication", headers=admin).json()
    assert (made["version"], made["state"]) == (1, "published")
    assert office.get("north", "/v1/forms/border-post")["questions"][0]["code"] == "crossings"
    reference = written(office).json()["reference"]
    assert office.get("north", f"/v1/reports/{reference}")["form_version"] == 1


def test_a_report_keeps_its_version_while_the_form_goes_on(office: World, admin: dict[str, str]) -> None:
    published(office, admin, definition())
    body = report(kind="situation", form="border-post", answers={"crossings": {"value": 3}})
    reference = office.post("north", body).json()["reference"]
    second = definition(questions=[{"code": "passages", "text": BOTH, "scale": "count", "required": True}])
    assert published(office, admin, second)["version"] == 2
    path, north = f"/v1/reports/{reference}", office.auth("north")
    assert office.client.put(path, json=body, headers=north).status_code == 200
    assert office.get("north", path)["form_version"] == 1
    fault = office.post("north", body | {"title": "Another"}).json()
    assert {one["field"] for one in fault["errors"]} == {"answers.crossings", "answers.passages"}
    assert office.post("north", body | {"title": "Another", "form_version": 1}).status_code == 202
    assert office.get("north", "/v1/forms/border-post", version=1)["questions"][0]["code"] == "crossings"
    moved = body | {"form_version": 2, "answers": {"passages": {"value": 4}}}
    assert office.client.put(path, json=moved, headers=north).status_code == 200
    assert office.get("north", path)["form_version"] == 2


def test_a_retired_version_takes_no_new_report_and_keeps_its_old_ones(office: World, admin: dict[str, str]) -> None:
    body = report(form="incident", form_version=1, answers={"weapons_seized": {"value": 2}}, own_reference="A-1")
    reference = office.post("north", body).json()["reference"]
    path = "/v1/forms/incident/versions/1/retirement"
    assert office.client.post(path, headers=admin).status_code == 204
    assert office.client.post(path, headers=admin).json()["type"] == "/docs/problems#already-retired"
    assert office.raw("north", "/v1/forms/incident").status_code == 404
    assert office.get("north", "/v1/forms/incident", version=1)["state"] == "retired"
    assert office.get("north", "/v1/forms/incident/versions") == [{"version": 1, "state": "retired"}]
    assert office.post("north", report(2, form="incident")).json()["field"] == "form"
    assert office.post("north", report(2, form="incident", form_version=1)).json()["field"] == "form_version"
    assert office.post("north", body).json()["reference"] == reference, "a repeat of what was taken in stays one"
    without = {name: value for name, value in body.items() if name != "own_reference"}
    changed = without | {"answers": {"weapons_seized": {"value": 3}}}
    headers = office.auth("north")
    assert office.client.put(f"/v1/reports/{reference}", json=changed, headers=headers).status_code == 200


def test_what_is_published_does_not_change_whatever_becomes_of_the_pack(office: World, tmp_path, monkeypatch) -> None:
    from services.kernel.config import settings

    reference = office.post("north", report(form="incident", answers={"weapons_seized": {"value": 2}})).json()[
        "reference"
    ]
    (tmp_path / "pack" / "forms").mkdir(parents=True)
    (tmp_path / "pack" / "forms" / "incident.yaml").write_text(
        yaml.safe_dump(definition("incident", kind="incident")), encoding="utf-8"
    )
    monkeypatch.setenv("EWN_PACK", str(tmp_path / "pack"))
    settings.cache_clear()
    assert [one["code"] for one in office.get("north", "/v1/forms/incident")["questions"]][:2] == [
        "stage",
        "weapons_seized",
    ]
    office.settle()
    series = office.get(
        "north",
        "/v1/indicators/weapons-seized/series",
        place="KG",
        grain="month",
        **{"from": "2026-10-01", "to": "2026-10-31"},
    )
    assert [point["value"] for point in series["points"]] == [2]
    assert office.get("north", f"/v1/reports/{reference}")["form_version"] == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How often does the person pray?", "en"),
        ("Number of women with a hijab", "en"),
        ("Ethnic group of the suspects", "en"),
        ("How many protests were held?", "en"),
        ("Names of critics of the government", "en"),
        ("Сколько человек посещают мечеть?", "ru"),
        ("Есть ли у задержанного борода?", "ru"),
        ("Национальная принадлежность лиц", "ru"),
        ("Число митингов за период", "ru"),
        ("Политические взгляды участников", "ru"),
    ],
)
def test_what_no_form_may_ask_is_refused_in_question_choice_and_title(office: World, admin, text, language) -> None:
    choices = [{"code": "a", "text": BOTH | {language: text}}, {"code": "b", "text": BOTH}]
    chosen = {"code": "one", "text": BOTH, "scale": "choice", "choices": choices}
    for body in (
        asking(text, language),
        definition(title=BOTH | {language: text}),
        definition(questions=[chosen]),
        asking("Is it so?", guidance=BOTH | {language: text}),
    ):
        answer = put(office, admin, body)
        assert answer.status_code == 422, body
        assert "which no form may" in answer.text


def test_help_may_forbid_what_no_question_may_ask(office: World, admin: dict[str, str]) -> None:
    words = {"en": "Never record ethnicity. Count people.", "ru": "Не записывайте этническую принадлежность."}
    assert put(office, admin, definition(help=words)).status_code == 200
    words["en"] = "Never mind. Record ethnicity."
    assert put(office, admin, definition(help=words)).status_code == 422


@pytest.mark.parametrize("missing", ["purpose", "cannot_tell", "harm", "review_on", "title", "help"])
def test_a_form_says_what_it_is_for_and_when_it_is_looked_at_again(office: World, admin, missing) -> None:
    body = definition()
    del body[missing]
    answer = put(office, admin, body)
    assert (answer.status_code, answer.json()["field"]) == (422, missing)
    if missing != "review_on":
        assert put(office, admin, definition(**{missing: {"en": "Only English"}})).status_code == 422


def test_a_form_whose_day_of_review_is_past_is_not_put_in_force(office: World, admin: dict[str, str]) -> None:
    put(office, admin, definition(review_on="2026-10-01"))
    answer = office.client.post("/v1/forms/border-post/draft/publication", headers=admin)
    assert (answer.status_code, answer.json()["field"]) == (422, "review_on")


@pytest.mark.parametrize(
    "question",
    [
        {"scale": "choice"},
        {"scale": "text", "feeds": ["weapons-seized"]},
        {"scale": "count", "feeds": ["no-such"]},
        {"scale": "count", "feeds": ["ucdp-fatalities"]},
        {"scale": "yes_no", "feeds": ["weapons-seized"]},
        {"scale": "0-4", "unit": BOTH},
        {"scale": "count", "code": "Not A Code"},
        {"scale": "count", "text": {"en": "Only English"}},
        {"scale": "count", "text": BOTH | {"xx": "Of no language of the pack"}},
        {"scale": "count", "unknown": 1},
    ],
)
def test_a_question_that_cannot_be_answered_or_counted_is_refused(office: World, admin, question) -> None:
    body = definition(questions=[{"code": "one", "text": BOTH} | question])
    assert put(office, admin, body).status_code == 422


def test_a_code_keeps_its_kind_and_is_that_of_the_address(office: World, admin: dict[str, str]) -> None:
    assert put(office, admin, definition("incident", kind="zero"), "incident").json()["field"] == "kind"
    assert put(office, admin, definition(), "another").json()["field"] == "code"


def test_a_form_goes_out_and_comes_in_as_yaml(office: World, admin: dict[str, str]) -> None:
    out = office.client.get("/v1/forms/measures/definition.yaml", headers=admin)
    assert out.headers["content-type"].startswith("application/yaml")
    back = office.client.put("/v1/forms/measures/draft.yaml", content=out.content, headers=admin | YAML)
    assert back.status_code == 200, back.text
    whole = office.client.get("/v1/forms/measures", headers=admin).json()
    assert back.json() | {"version": 1, "state": "published"} == whole
    again = office.client.post("/v1/forms/measures/draft/publication", headers=admin).json()
    assert again["version"] == 2
    assert office.client.get("/v1/forms/measures/definition.yaml", headers=admin).content == out.content


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a}]\n" for a, b in pairwise("abcdefgh")
)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (BOMB.encode(), 400),
        (b"- " * 20_000 + b"x", 400),
        (b"a: " * 3, 400),
        (b"code: one\ncode: two", 400),
        (b"!!python/object/apply:os.system ['true']", 400),
        (b"review_on: 2027-13-45", 400),
        (b"code: " + b"9" * 10_000, 400),
        (b"[" * 3_000, 400),
        (b"\xff\xfe", 400),
        ("code: пример".encode("cp1251"), 400),
        (b"", 400),
        (b"[1, 2]", 400),
        (b"? [a, b]\n: c", 400),
        (b"1: 2", 400),
        (b"code: !!binary aGVsbG8=", 422),
        (b'code: "\\ud800"', 422),
        (b"code: .nan", 422),
        (b"x" * 70_000, 413),
        (b"{}", 422),
    ],
)
def test_hostile_yaml_is_refused_with_a_reason(office: World, admin: dict[str, str], raw: bytes, status: int) -> None:
    answer = office.client.put("/v1/forms/border-post/draft.yaml", content=raw, headers=admin | YAML)
    assert answer.status_code == status, answer.text
    assert len(answer.json()["detail"]) < 400


def test_yaml_needs_its_type(office: World, admin: dict[str, str]) -> None:
    answer = office.client.put("/v1/forms/border-post/draft.yaml", content=b"{}", headers=admin)
    assert answer.status_code == 415


def test_a_draft_is_read_previewed_and_thrown_away_by_those_who_make_forms(office: World, admin) -> None:
    put(office, admin, definition())
    for path in ("/v1/forms/border-post/draft", "/v1/forms/border-post/preview?draft=true"):
        assert office.client.get(path, headers=admin).status_code == 200
        assert office.client.get(path, headers=office.auth("north")).status_code == 403
    assert [one["code"] for one in office.client.get("/v1/forms/drafts", headers=admin).json()] == ["border-post"]
    assert office.client.delete("/v1/forms/border-post/draft", headers=admin).status_code == 204
    assert office.client.get("/v1/forms/border-post/draft", headers=admin).status_code == 404
    assert office.client.delete("/v1/forms/border-post/draft", headers=admin).status_code == 404


def test_forms_are_made_by_administrators_and_the_secretariats_analysts_only(office: World) -> None:
    analyst, other = signed_in("ann", "office", "analyst"), signed_in("ben", "north", "analyst")
    focal = signed_in("ada", "north", "focal_point")
    assert put(office, analyst, definition()).status_code == 200
    assert put(office, other, definition()).json()["type"] == "/docs/problems#not-of-the-secretariat"
    assert put(office, focal, definition()).json()["type"] == "/docs/problems#scope-missing"
    for who in (other, focal):
        assert office.client.post("/v1/forms/border-post/draft/publication", headers=who).status_code == 403
        assert office.client.post("/v1/forms/incident/versions/1/retirement", headers=who).status_code == 403


def test_every_step_is_on_record_without_words(office: World, admin: dict[str, str]) -> None:
    published(office, admin, definition())
    put(office, admin, definition())
    office.client.delete("/v1/forms/border-post/draft", headers=admin)
    office.client.post("/v1/forms/border-post/versions/1/retirement", headers=admin)
    with db.reading() as session:
        found = session.exec(
            select(AuditEntry).where(AuditEntry.subject == "border-post").order_by(AuditEntry.id)
        ).all()
    assert [(one.action, one.detail) for one in found] == [
        ("form.drafted", {"revision": 1}),
        ("form.published", {"revision": 1}),
        ("form.drafted", {"revision": 2}),
        ("form.draft_dropped", {"revision": 2}),
        ("form.retired", {"revision": 1}),
    ]
    assert "In both" not in json.dumps([one.detail for one in found])


def test_a_packs_own_list_adds_to_the_day_one_list(office: World, admin, tmp_path, monkeypatch) -> None:
    from services.kernel.config import settings

    (tmp_path / "refused.yaml").write_text(
        yaml.safe_dump({"warning": [], "subjects": [{"subject": "football", "words": ["goal keep"]}]}), encoding="utf-8"
    )
    monkeypatch.setenv("EWN_PACK", str(tmp_path))
    settings.cache_clear()
    assert "football" in put(office, admin, asking("Name of the goal keeper")).text
    assert "religious practice" in put(office, admin, asking("How often do they pray?")).text


@pytest.mark.parametrize("code", [one.code for one in forms.packed()])
def test_every_form_of_the_pack_comes_back_from_yaml_as_it_was(code: str) -> None:
    (form,) = [one for one in forms.packed() if one.code == code]
    assert forms.from_yaml(forms.to_yaml(form).encode()).model_dump() == form.model_dump(exclude={"version", "state"})
