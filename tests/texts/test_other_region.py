"""A network of another region: its pack's places, scripts and themes are tagged, and nothing of the day-one region."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.kernel.config import settings
from services.texts import tag
from tests.world import World

PLACES = (
    "code,parent,level,name_en,name_ru,names,lat,lon,population\n"
    "XR,,region,Region,Регион,,0,0,0\nXA,XR,country,Landia,Ландия,Länd|ランド|ላንድ|12,1,2,3\n"
)
THEME = """code: cyber
version: 7
purpose: See attacks on machines of the region.
cannot_tell: Who sat at the keyboard.
harm: A wrong name is hard to take back.
terms: {en: [keyboard war]}
examples:
  positive: [{language: en, text: keyboard war}, {language: en, text: a keyboard war}]
  negative: [{language: en, text: keyboard}, {language: en, text: war}]
"""


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "places.csv").write_text(PLACES, encoding="utf-8")
    monkeypatch.setenv("EWN_PACK", str(pack))
    settings.cache_clear()
    yield pack
    monkeypatch.delenv("EWN_PACK")
    settings.cache_clear()


def found(text: str) -> set[tuple[str, str]]:
    return {(one.scheme, one.value) for one in tag("", text, language="en").tags if one.method != "model"} - {
        ("language", "en")
    }


@pytest.mark.parametrize("text", ["A meeting in Landia.", "Встреча: Ландия.", "A meeting in ランド."])
def test_the_packs_own_places_are_found_in_any_script(other: Path, text: str) -> None:
    assert found(text) == {("country", "XA")}


def test_peoples_and_borders_of_another_region_name_no_place(other: Path) -> None:
    assert found("Kyrgyz and Tajik borders: Afghan elders met, Tashkent said.") == set()


def test_the_packs_own_definition_of_a_theme_stands_before_ours(other: Path) -> None:
    (other / "lexicon" / "themes").mkdir(parents=True)
    (other / "lexicon" / "themes" / "cyber.yaml").write_text(THEME, encoding="utf-8")
    (other / "themes.yaml").write_text(
        "- {code: cyber, side: risk, pillar: II, name: {en: Cyber, ru: Кибер}}\n", encoding="utf-8"
    )
    assert found("A keyboard war.") == {("theme", "cyber")}
    assert found("Gunmen attacked a police checkpoint; hackers stole passwords.") == set()


@pytest.mark.one_kind
def test_a_report_is_tagged_and_counted_under_another_regions_pack(other: Path, world: World) -> None:
    world.enrol("north", countries=["XA"])
    reference = world.submit("north", place="XA", text="Kyrgyz gunmen attacked a checkpoint in Landia.")
    world.settle()
    tags = world.get("north", f"/v1/reports/{reference}")["tags"]
    assert {one["value"] for one in tags if one["scheme"] == "country"} == {"XA"}
    query = {"place": "XR", "from": "2026-10-01", "to": "2026-10-31"}
    assert world.get("north", "/v1/indicators/incidents-reported/series", **query)["points"][0]["value"] == 1
