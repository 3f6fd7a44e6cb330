"""Themes and languages of the pack, and packs of other networks."""

import pytest
import yaml

from services import indicators, vocabulary
from services.kernel.config import settings

THEMES = """terrorist-financing foreign-terrorist-fighters small-arms online-propaganda radicalisation
prison-radicalisation border-security terrorist-travel drug-trafficking cyber armed-attack
external-operations afghanistan-spillover community-tension reintegration community-engagement
women-youth capacity-building legislation regional-cooperation human-rights peacebuilding"""


@pytest.fixture
def own_pack(tmp_path, monkeypatch):
    monkeypatch.setenv("EWN_PACK", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    monkeypatch.delenv("EWN_PACK")
    settings.cache_clear()


def test_themes_keep_the_order_of_the_pack():
    themes = vocabulary.themes()
    assert list(themes.codes()) == THEMES.split()
    assert [theme.order for theme in themes] == list(range(len(themes)))


def test_every_theme_has_a_side_a_pillar_and_both_names():
    for theme in vocabulary.themes():
        assert set(theme.names) == {"en", "ru"}, theme.code
    assert vocabulary.themes()["cyber"].side == "risk"
    assert vocabulary.themes()["reintegration"].side == "protective"
    assert {theme.pillar for theme in vocabulary.themes()} == {"I", "II", "III", "IV"}


def test_languages_hold_those_of_the_region_and_undetermined():
    assert {"en", "ru", "kk", "ky", "tg", "uz", "tk", "fa", "ps", "und"} == set(vocabulary.languages().codes())
    assert vocabulary.languages()["fa"].direction == "rtl"
    assert vocabulary.languages()["kk"].name("ru") == "Казахский"


def test_a_network_of_another_region_brings_its_own_places(own_pack):
    (own_pack / "places.csv").write_text(
        "code,parent,level,name_en,name_ru,names,lat,lon,population\n"
        "XR,,region,Region,Регион,,0,0,0\nXA,XR,country,Land,Страна,Länd|Pays,1,2,3\n"
    )
    assert [place.code for place in vocabulary.places()] == ["XR", "XA"]
    assert vocabulary.places()["XA"].others == ("Länd", "Pays")


def test_what_a_pack_leaves_out_comes_from_the_day_one_pack(own_pack):
    assert len(vocabulary.themes()) == 22


COLUMNS = "code,parent,level,name_en,name_ru,names,lat,lon,population\nA,,region,A,А,,0,0,0\n"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("B,C,country,B,Б,,0,0,0\nC,B,country,C,Ц,,0,0,0\n", "lies in itself"),
        ("B,X,country,B,Б,,0,0,0\n", "lies in X, which is not there"),
        ("B,A,country,B,Б,,0,0,0\nB,A,country,C,Ц,,0,0,0\n", "B is there twice"),
        ("B B,A,country,B,Б,,0,0,0\n", "one word"),
    ],
)
def test_a_pack_whose_places_are_no_tree_is_refused(own_pack, rows, fault):
    (own_pack / "places.csv").write_text(COLUMNS + rows)
    with pytest.raises(ValueError, match=fault):
        vocabulary.places()


def test_a_pack_that_lists_a_theme_twice_is_refused(own_pack):
    one = "- {code: cyber, side: risk, pillar: II, name: {en: Cyber, ru: Кибер}}\n"
    (own_pack / "themes.yaml").write_text(one + one)
    with pytest.raises(ValueError, match="the theme 'cyber' twice"):
        vocabulary.themes()


def test_a_pack_that_is_not_there_is_refused(own_pack, monkeypatch):
    monkeypatch.setenv("EWN_PACK", str(own_pack / "mistyped"))
    settings.cache_clear()
    with pytest.raises(FileNotFoundError, match="EWN_PACK"):
        vocabulary.places()


@pytest.mark.parametrize(("field", "value"), [("kinds", ["incidents"]), ("themes", ["cybr"])])
def test_an_indicator_of_a_kind_or_theme_that_does_not_exist_is_refused(own_pack, field, value):
    watched = yaml.safe_load((vocabulary.folder.PACKAGED / "indicators.yaml").read_text(encoding="utf-8"))
    (own_pack / "indicators.yaml").write_text(yaml.safe_dump([watched[0] | {field: value}]))
    with pytest.raises(ValueError, match=str(value if isinstance(value, str) else value[0])):
        indicators.catalogue()


def test_a_pack_with_two_roots_is_refused(own_pack):
    (own_pack / "places.csv").write_text(
        "code,parent,level,name_en,name_ru,names,lat,lon,population\nA,,region,A,А,,0,0,0\nB,,region,B,Б,,0,0,0\n"
    )
    with pytest.raises(ValueError, match="exactly one root, found 2"):
        vocabulary.places()
