"""Definitions are drafted by one person, reviewed by another, put in force and rolled back; each step on the record."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlmodel import select
from typer.testing import CliRunner

from services import texts
from services.definitions import OwnDefinition, as_yaml, from_yaml, to_yaml
from services.definitions.comparing import Change, compare
from services.kernel import db
from services.kernel.audit import AuditEntry
from tests.definitions.making import CODE, FIRST, WORD, Office, changed
from tests.persons import signed_in
from tests.world import World
from workers.cli import app

pytestmark = pytest.mark.one_kind
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def test_a_version_is_written_by_one_person_reviewed_by_another_and_rolled_back(office: Office) -> None:
    assert office.done("PUT", f"/{CODE}/draft", json=changed())["version"] == FIRST + 1
    assert office.ask("POST", f"/{CODE}/draft/publication").json()["type"] == "/docs/problems#not-reviewed"
    assert _review(office, office.ann, office.read()) == "your-own-definition"
    assert office.review()["state"] == "reviewed"
    # what is written after the review is not reviewed
    office.done("PUT", f"/{CODE}/draft", json=changed(purpose="See attacks on systems, and quarks."))
    assert office.ask("POST", f"/{CODE}/draft/publication").status_code == 409
    office.review()
    assert office.done("POST", f"/{CODE}/draft/publication")["state"] == "in_force"
    assert office.done("GET", f"/{CODE}")["version"] == FIRST + 1
    # a draft goes on being written while the first version is brought back
    assert office.done("PUT", f"/{CODE}/draft", json=changed())["version"] == FIRST + 2
    back = office.done("POST", f"/{CODE}/versions/{FIRST}/rollback", office.bea)
    assert (back["version"], back["restores"], back["state"]) == (FIRST + 2, FIRST, "in_force")
    again = office.ask("POST", f"/{CODE}/versions/{FIRST}/rollback", office.bea)
    assert again.json()["type"] == "/docs/problems#in-force-already", "a form that is sent twice"
    assert office.done("GET", f"/{CODE}/draft")["version"] == FIRST + 3
    assert (
        office.ask("POST", f"/{CODE}/versions/{FIRST + 2}/rollback").json()["type"] == "/docs/problems#in-force-already"
    )
    assert office.ask("POST", f"/{CODE}/versions/{FIRST + 3}/rollback").status_code == 404
    told = [(one["version"] - FIRST, one["state"], one["made_by"], one["reviewed_by"], one["in_force_by"])
            for one in office.done("GET", f"/{CODE}/versions")]  # fmt: skip
    assert told == [
        (3, "draft", "Ann", None, None),
        (2, "in_force", "Bea", None, "Bea"),
        (1, "replaced", "Ann", "Bea", "Ann"),
        (0, "replaced", None, None, None),
    ]
    with db.reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.subject == CODE).order_by(AuditEntry.id)).all()
    assert [one.action.partition(".")[2] for one in found] == [
        "drafted", "reviewed", "drafted", "reviewed", "in_force", "drafted", "rolled_back",
    ]  # fmt: skip


def test_a_review_is_of_the_words_that_were_read_and_of_no_later_ones(office: Office) -> None:
    office.done("PUT", f"/{CODE}/draft", json=changed())
    seen = office.read()
    office.done("PUT", f"/{CODE}/draft", json=changed(harm="Something else, written when it was being read."))
    assert _review(office, office.bea, seen) == "rewritten-meanwhile"
    assert office.done("GET", f"/{CODE}/draft")["state"] == "draft"
    office.done("PUT", f"/{CODE}/draft", json=changed())
    assert _review(office, office.bea, seen) == "", "the same words again"
    assert office.ask("POST", f"/{CODE}/draft/review", office.bea).status_code == 422
    assert office.done("GET", f"/{CODE}")["digest"] is None


def _review(office: Office, who: dict[str, str], read: dict[str, str]) -> str:
    """Why a review is refused; empty where it is taken."""
    answer = office.ask("POST", f"/{CODE}/draft/review", who, json=read)
    return str(answer.json().get("type", "")).rpartition("#")[2]


def test_definitions_are_made_by_persons_of_the_secretariat_and_read_by_all_without_examples(office: Office) -> None:
    other, focal = signed_in("cyd", "north", "analyst"), signed_in("dan", "north", "focal_point")
    admin = signed_in("eve", "office", "administrator")
    assert office.ask("PUT", f"/{CODE}/draft", other, json=changed()).json()["type"].endswith("#not-yours-to-define")
    assert office.ask("PUT", f"/{CODE}/draft", focal, json=changed()).json()["type"].endswith("#scope-missing")
    assert office.world.client.post("/v1/keys", headers=admin, json={
        "name": "a key", "organisation": "office", "scopes": ["definitions:write"],
    }).status_code in (403, 422)  # fmt: skip
    office.put_in_force(changed())
    office.done("PUT", f"/{CODE}/draft", admin, json=changed(harm="It could be read as an attack of its authors."))
    for who in (other, focal):
        seen = office.done("GET", f"/{CODE}", who)
        assert WORD in seen["definition"]["terms"]["en"]
        assert "examples" not in seen["definition"]
        assert "examples" not in office.ask("GET", f"/{CODE}/definition.yaml", who).text
        assert [one["part"] for one in office.done("GET", f"/{CODE}/changes", who)] == ["review_on", "terms.en"]
        versions = office.done("GET", f"/{CODE}/versions", who)
        assert [one["state"] for one in versions] == ["in_force", "replaced"]
        assert {one["made_by"] for one in versions} == {None}
        assert {one["draft"] for one in office.done("GET", "", who)} == {None}
        assert office.ask("GET", f"/{CODE}/draft", who).status_code == 403
        assert office.ask("GET", f"/{CODE}/changes?draft=true", who).status_code == 403
    assert "examples" in office.done("GET", f"/{CODE}")["definition"]


LONG = {"language": "en", "text": f"A {WORD} was seen. {'Word after word. ' * 123}"[:1_999]}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("a term of a ruled out subject", {"weak": {"en": ["headscarf*"]}}, "weak.en.0"),
    ("in another language", {"terms": {"ru": ["посещает мечет*"]}}, "terms.ru.0"),
    ("as its purpose", {"purpose": "See who attends the mosque, and how often they pray."}, "purpose"),
    ("by a group of the pack", {"any": ["preaching"]}, "any.0"),
    ("by its stem with an ending left open", {"weak": {"en": ["hij*"]}}, "weak.en.0"),
    ("by the name of a faith", {"terms": {"en": ["muslim*"]}}, "terms.en.0"),
    ("by the name of a people", {"weak": {"ru": ["узбек*"]}}, "weak.ru.0"),
    ("with what nobody sees in it", {"weak": {"en": ["hi\u200cjab*"]}}, "weak.en.0"),
    ("read otherwise than it stands", {"weak": {"en": ["\u202ellafkrauq"]}}, "weak.en.0"),
    ("in the other script", {"weak": {"uz": ["soqol*"]}}, "weak.uz.0"),
    ("by a group of the pack in a row", {"together": [["preaching", "radical"]]}, "together.0"),
    ("by a group of the pack as a setting", {"beside": ["preaching"]}, "beside.0"),
    ("a positive example that is not tagged", {"terms": {}, "weak": {}, "any": ["cyber"]}, "examples.positive"),
    ("no day of review", {"review_on": None}, "review_on"),
    ("no harm", {"harm": ""}, "harm"),
    ("an unknown group", {"any": ["nonesuch"]}, "any.0"),
    ("a language of no pack", {"terms": {"xx": ["word"]}}, "terms"),
    ("terms without an example in their language", {"terms": {"de": ["Wort"]}}, "terms"),
    ("a star in the midst", {"terms": {"en": ["wo*rd"]}}, "terms.en.0"),
    ("an endless ending", {"terms": {"en": ["word/99999999999999999999"]}}, "terms.en.0"),
    ("a term that matches nearly all", {"terms": {"en": ["a*"]}}, "terms.en.0"),
    ("a row of gaps", {"terms": {"en": [".. .. .. word"]}}, "terms.en.0"),
    ("a very long row", {"terms": {"en": ["a b c d e f g h i j"]}}, "terms.en.0"),
    ("a word tried over and over", {"terms": {"en": [f"the .. word{n}" for n in range(41)]}}, "terms.en.40"),
    (
        "words tried over and over by what they begin",
        {"terms": {"en": [f"{'quarkfall'[:n]}/9 .. word{k}" for n in range(4, 10) for k in range(7)]}},
        "terms.en.4",
    ),
    (
        "two words tried over and over",
        {"terms": {"en": [f"the {'quark'[: 2 + n % 4]}/9 word{n}" for n in range(41)]}},
        "terms.en",
    ),
    ("endless examples", {"examples": {"positive": [LONG] * 26, "negative": [LONG] * 25}}, "examples"),
    ("too many terms", {"terms": {"en": [f"word{n}" for n in range(601)]}}, "terms.en"),
    ("what it does not know", {"regex": "(a+)+"}, "regex"),
    ("no words at all", {"terms": {}, "weak": {}, "any": [], "together": []}, "terms"),
]  # fmt: skip


def test_what_breaks_a_rule_is_refused_with_its_part(office: Office) -> None:
    for name, parts, field in REFUSED:
        answer = office.ask("PUT", f"/{CODE}/draft", json=changed(**parts))
        assert answer.status_code == 422, name
        told = answer.json()
        fields = [told.get("field", ""), *(one["field"] for one in told.get("errors", []))]
        assert any(one.removeprefix("body.").startswith(field) for one in fields), (name, told)
    body = changed()
    body["examples"]["negative"].append({"language": "en", "text": f"A {WORD} again."})
    assert office.ask("PUT", f"/{CODE}/draft", json=body).json()["field"].startswith("examples.negative")
    assert office.ask("PUT", "/nonesuch/draft", json=changed() | {"code": "nonesuch"}).json()["field"] == "code"
    assert office.ask("GET", f"/{CODE}/draft").status_code == 404


def test_terms_that_go_on_with_different_words_do_not_begin_alike(office: Office) -> None:
    body = changed()
    many = [f"border {one}{other}rk" for one in "bdfghjklm" for other in "aeiou"]
    body["terms"]["en"] += many
    office.done("PUT", f"/{CODE}/draft", json=body)
    assert set(many) <= set(office.done("GET", f"/{CODE}/draft")["definition"]["terms"]["en"])


def test_what_differs_in_nothing_from_the_version_in_force_is_no_draft(office: Office) -> None:
    same = office.done("GET", f"/{CODE}")["definition"]
    same["terms"]["en"] = same["terms"]["en"][::-1]
    answer = office.ask("PUT", f"/{CODE}/draft", json=same)
    assert (answer.status_code, answer.json()["type"]) == (409, "/docs/problems#in-force-already")
    assert office.ask("GET", f"/{CODE}/draft").status_code == 404
    office.put_in_force(changed())
    assert office.ask("PUT", f"/{CODE}/draft", json=changed()).status_code == 409
    office.done("PUT", f"/{CODE}/draft", json=same)


def test_a_definition_goes_out_and_comes_in_as_yaml_and_hostile_yaml_is_refused(office: Office) -> None:
    packed = texts.lexicon().find(CODE)
    assert packed is not None
    out = office.ask("GET", f"/{CODE}/definition.yaml")
    assert out.headers["content-type"].startswith("application/yaml")
    dated = re.sub("review_on: .*", "review_on: 2027-06-30", out.text)
    undated = dated.replace("review_on: 2027-06-30", "review_on: null")
    unread = office.ask("PUT", f"/{CODE}/draft.yaml", office.ann | YAML, content=undated.encode())
    assert unread.json()["field"] == "review_on"
    back = office.ask("PUT", f"/{CODE}/draft.yaml", office.ann | YAML, content=dated.encode())
    assert back.status_code == 200, back.text
    assert office.done("GET", f"/{CODE}/changes?draft=true") == [
        {"part": "review_on", "removed": [f"{packed.review_on}"], "added": ["2027-06-30"]}
    ]
    assert to_yaml(yaml.safe_load(dated) | {"review_on": "2027-06-30"}) == to_yaml(back.json()["definition"])
    for raw, status in (
        (b"a: &a [x]\nb: *a", 400), (b"[" * 3_000, 400), (b"\xff", 400), (b"code: one\ncode: two", 400),
        (b"!!python/object/apply:os.system ['true']", 400), (b"x" * 140_000, 413), (b"{}", 422),
    ):  # fmt: skip
        answer = office.ask("PUT", f"/{CODE}/draft.yaml", office.ann | YAML, content=raw)
        assert (answer.status_code, len(answer.json()["detail"]) < 400) == (status, True)


def test_what_is_sent_is_read_while_others_are_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    looped = []
    honest = as_yaml.read

    def watched(raw: bytes) -> OwnDefinition:
        with suppress(RuntimeError):
            looped.append(asyncio.get_running_loop())
        return honest(raw)

    monkeypatch.setattr(as_yaml, "read", watched)
    sent = to_yaml(changed()).encode()
    with ThreadPoolExecutor(1) as beside:  # as one of several that ask: tests/client.py answers one alone on the loop
        answer = beside.submit(office.ask, "PUT", f"/{CODE}/draft.yaml", office.ann | YAML, content=sent).result()
    assert answer.status_code == 200
    assert looped == [], "a long one takes seconds"


def test_a_past_day_of_review_is_not_put_in_force(office: Office) -> None:
    office.done("PUT", f"/{CODE}/draft", json=changed(review_on="2026-01-31"))
    assert office.ask("POST", f"/{CODE}/draft/review", office.bea, json=office.read()).json()["field"] == "review_on"


def test_what_changed_is_told_part_by_part() -> None:
    before = {"terms": {"en": ["a", "b"]}, "threshold": 2, "together": [["x", "y"]]}
    after = {"terms": {"en": ["b", "c"], "ru": ["д"]}, "threshold": 3, "together": [["x", "y"]]}
    assert compare(before, after) == [
        Change("terms.en", ("a",), ("c",)),
        Change("threshold", ("2",), ("3",)),
        Change("terms.ru", (), ("д",)),
    ]
    assert compare(after, {**after, "terms": {"en": ["c", "b"], "ru": ["д"]}}) == []


def test_the_command_line_gives_the_packs_definition_and_judges_one(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"

    def ewn(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["tagging", "definitions", *words])
        return done.exit_code, done.output

    code, out = ewn("export", CODE)
    file.write_text(re.sub("review_on: .*", "review_on: null", out), encoding="utf-8")
    assert (code, ewn("check", str(file))[0]) == (0, 2)
    file.write_text(out, encoding="utf-8")
    code, out = ewn("check", str(file))
    assert (code, out.startswith(f"{CODE} is in order")) == (0, True)
    body = changed()
    body["examples"]["negative"].append({"language": "en", "text": f"A {WORD} again."})
    file.write_text(to_yaml(body), encoding="utf-8")
    assert f"examples.negative.{len(body['examples']['negative']) - 1}: is tagged" in ewn("check", str(file))[1]
    assert [ewn("export", "nonesuch")[0], ewn("check", str(tmp_path / "none"))[0]] == [2, 2]


def test_every_definition_of_the_pack_may_be_taken_over_as_it_is() -> None:
    for code in ("cyber", "community-tension", "prison-radicalisation"):  # whose words touch what a new one may not
        body = changed(code)
        assert from_yaml(to_yaml(body).encode()).code == code
