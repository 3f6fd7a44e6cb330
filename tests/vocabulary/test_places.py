"""The packaged places: whole, in one script per name, and findable."""

import unicodedata

import pytest

from services import vocabulary
from services.vocabulary import COUNTRY, REGION, TOWN, UNIT, Places, UnknownCode

UNITS = {"KZ": 20, "KG": 9, "TJ": 5, "TM": 6, "UZ": 14, "AF": 34}  # ISO 3166-2


@pytest.fixture(scope="module")
def places() -> Places:
    return vocabulary.places()


def test_every_first_level_unit_of_iso_3166_2_is_there(places):
    assert {country.code: len(places.units(country.code)) for country in places.countries()} == UNITS
    assert all(unit.code.startswith(f"{unit.parent}-") for unit in places if unit.level == UNIT)


def test_there_are_several_hundred_towns_each_in_a_unit(places):
    towns = [place for place in places if place.level == TOWN]
    assert 400 <= len(towns) <= 1200
    assert all(places[town.parent].level == UNIT and town.code.startswith(f"{town.parent}/") for town in towns)


def test_region_countries_and_units_have_a_russian_name(places):
    for place in places:
        if place.level != TOWN:
            assert place.names["en"].isascii(), place.code
            assert unicodedata.name(place.names["ru"][0]).startswith("CYRILLIC"), place.code


def test_no_name_mixes_scripts(places):
    for place in places:
        for name in place.every_name:
            scripts = {unicodedata.name(c).split()[0] for c in name if c.isalpha() and c != "\u02bb"}
            assert len(scripts) == 1, (place.code, name, scripts)


def test_names_are_nfc_and_trimmed(places):
    for place in places:
        for name in place.every_name:
            assert name == unicodedata.normalize("NFC", name).strip(), (place.code, name)


def test_a_path_leads_from_leaf_to_root(places):
    assert [place.level for place in places.path("KG-B/batken")] == [TOWN, UNIT, COUNTRY, REGION]
    assert places.country_of("KG-B/batken").code == "KG"
    assert places.unit_of("KG-B/batken").code == "KG-B"
    assert places.country_of("CA") is None
    assert places.within("KG-B/batken", "KG")
    assert not places.within("KG", "KG-B")


def test_geonames_first_level_keys_lead_to_iso_units(places):
    for town, unit in {"Khujand": "TJ-SU", "Termez": "UZ-SU", "Mazar-e Sharif": "AF-BAL", "Semey": "KZ-10"}.items():
        assert [place.parent for place in places if place.names["en"] == town] == [unit]


def test_a_city_that_is_a_first_level_unit_is_not_a_town_as_well(places):
    assert [place.code for place in places if place.names["en"] == "Almaty"] == ["KZ-75"]


def test_a_town_without_a_russian_name_shows_its_english_one(places):
    bare = next(place for place in places if "ru" not in place.names)
    assert places.name(bare.code, "ru") == bare.names["en"]


def test_an_unknown_code_is_none_or_an_error_that_names_it(places):
    assert places.get("XX") is None
    assert "XX" not in places
    with pytest.raises(UnknownCode, match="no place 'XX'"):
        places["XX"]


def test_places_are_read_once_and_cannot_be_changed(places):
    assert vocabulary.places() is places
    with pytest.raises(AttributeError):
        places["KG"].code = "other"
    with pytest.raises(TypeError):
        places["KG"].names["en"] = "other"
