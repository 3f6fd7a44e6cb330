"""A composed digest tells all that it was given, in the reader's language, and nothing that it was not."""

import json
from dataclasses import replace

import pytest

from services.digests.composition import compose
from services.digests.content import Counts, Part
from services.digests.document import Entries, Figure, Table, Text, as_json
from tests.digests.rendering_sample import SOURCE, Names, item, sample, series

NAMES = Names()


def section(document, key):
    return next(section for section in document.sections if section.key == key)


def blocks(document, kind, key=None):
    return [
        block
        for section in document.sections
        if key in {None, section.key}
        for block in section.blocks
        if isinstance(block, kind)
    ]


def said(document, key=None):
    return " ".join(block.text for block in blocks(document, Text, key))


def only(*items, **part):
    return sample(parts=(Part("actual", Counts(), items=items, **part),))


def facts(an_item, language="en"):
    (entries,) = blocks(compose(only(an_item), language, NAMES), Entries)
    return {fact.key: fact.text for fact in entries.entries[0].facts}


def test_an_item_opens_with_its_facts():
    assert facts(item(1)) == {
        "what": "Border incidents",
        "where": "Batken, Kyrgyzstan",
        "when": "14–17 Sept 2022",
        "how_many": "3 killed, 21 injured",
        "grade": "B2 (usually reliable source, probably true)",
        "origins": "2 independent origins; Valley Dialogue Centre",
        "reports": "EWN-AAAA-0001, EWN-BBBB-0001",
    }


def test_facts_are_in_the_language_of_the_reader():
    told = facts(item(1), "ru")
    assert (told["what"], told["where"]) == ("Пограничные инциденты", "Баткенская область, Кыргызстан")
    assert told["when"] == "14–17 сент. 2022\u202fг."


def test_what_is_not_known_is_said_to_be_unknown():
    told = facts(item(1, themes=(), places=(), figures={}, reliability=None, credibility=None, originator=None))
    assert told["what"] == "theme not known"
    assert told["where"] == "place not known"
    assert told["how_many"] == "no figures given"
    assert told["grade"] == "F6 (source cannot be judged: A to E, truth cannot be judged: 2 to 5)"
    assert told["origins"] == "2 independent origins; originator withheld"


def test_the_document_takes_the_strictest_label_of_what_it_contains():
    assert compose(only(item(1)), "en", NAMES).marking == "TLP:GREEN"
    assert compose(only(item(1), selections=(item(2, tlp="RED"),)), "en", NAMES).marking == "TLP:RED"
    assert compose(only(), "en", NAMES).marking == "TLP:CLEAR"
    assert compose(replace(only(item(1)), tlp="AMBER+STRICT"), "en", NAMES).marking == "TLP:AMBER+STRICT"


def test_what_stands_out_is_told_with_its_expected_range_and_its_source():
    document = compose(sample(), "en", NAMES)
    text = said(document, "standouts")
    assert "Kyrgyzstan, September 2022: 67 deaths." in text
    assert "0 to 3.1 (mean 0)" in text
    assert "Tajikistan, September 2022: 83 deaths." in text
    assert SOURCE in text
    assert f"Source: {SOURCE}" not in text
    assert len(blocks(document, Figure, "standouts")) == 2


def test_nothing_to_tell_is_still_told():
    document = compose(only(series=(series("UZ", (0,) * 36),)), "en", NAMES)
    assert "Nothing to tell" in said(document, "overview")
    assert "None of the external series stands out" in said(document, "standouts")
    assert "with data for this period: 1." in said(document, "standouts")
    assert "No items." in said(document, "items")


def test_where_nothing_could_be_judged_nothing_is_said_of_standing_out():
    document = compose(only(series=(series("UZ", (0,) * 35 + (None,)), series("KG", (4,) * 12))), "en", NAMES)
    text = said(document)
    assert "No external series could be judged" in said(document, "standouts")
    assert "no incident was reported." in said(document, "overview")
    assert "None of the external series" not in text


def test_an_exercise_says_nothing_of_external_series():
    exercise = Part("exercise", Counts(reports=1))
    document = compose(sample(parts=(sample().parts[0], exercise)), "en", NAMES)
    assert "Nothing to tell" in said(document, "exercise")
    assert "external" not in said(document, "exercise")


def test_without_a_map_there_are_no_words_on_boundaries():
    exercise = Part("exercise", Counts(reports=1), items=(item(6, status="exercise"),), places={"TJ-KT": 0})
    document = compose(sample(parts=(exercise,)), "en", NAMES)
    assert not blocks(document, Figure, "exercise")
    assert "do not imply" not in said(document)


def test_a_map_lists_no_zeros_and_tells_of_whole_countries_apart():
    (figure,) = (one for one in blocks(compose(sample(), "en", NAMES), Figure, "map") if "Incidents" in one.caption)
    listed = ["Batken, Kyrgyzstan", "Sughd, Tajikistan", "Uzbekistan, unit not known"]
    assert [row[0].text for row in figure.table.rows] == listed
    assert figure.note.endswith("not of its provinces: Uzbekistan 1.")  # paper has no table of it
    groups = [row["properties"]["group"] for row in figure.spec["layer"][0]["data"]["values"]]
    assert groups.count("country known, province not") == 14
    assert figure.alt.endswith("Batken, Kyrgyzstan 1; Sughd, Tajikistan 1; Uzbekistan, unit not known 1.")


def test_a_map_of_values_of_countries_says_that_its_provinces_are_not_known():
    (figure,) = (one for one in blocks(compose(sample(), "en", NAMES), Figure, "map") if "Incidents" not in one.caption)
    assert "Dotted: known of the country, not of its provinces: " in figure.note
    assert "Tajikistan 83" in figure.note


def test_what_is_of_no_known_country_is_not_on_the_map():
    part = replace(sample().parts[0], unplaced={"UZ": 1, sample().region: 2})
    (figure,) = (
        one for one in blocks(compose(sample(parts=(part,)), "en", NAMES), Figure, "map") if "Incidents" in one.caption
    )
    assert figure.note.endswith("country not known 2.")
    assert "provinces: Uzbekistan 1. Not on the map" in figure.note


def test_a_digest_without_any_part_is_still_a_digest():
    document = compose(sample(parts=()), "ru", NAMES)
    assert [section.key for section in document.sections] == ["overview", "standouts", "items", "method"]


def test_a_row_of_the_indicators_gives_this_month_the_one_before_and_the_mean():
    (table,) = blocks(compose(sample(), "en", NAMES), Table, "indicators")
    tajikistan = next(row for row in table.rows if row[0].text.endswith("Tajikistan"))
    assert [cell.text for cell in tajikistan[1:4]] == ["83 (stands out)", "0", "0.3"]
    assert tajikistan[1].marked


def test_no_data_is_left_out_of_the_mean_and_never_shown_as_zero():
    row = series("UZ", (*(None,) * 6, *(4,) * 6, None))
    (table,) = blocks(compose(only(series=(row,)), "en", NAMES), Table, "indicators")
    assert [cell.text for cell in table.rows[0][1:4]] == ["no data", "4", "4 (n = 6)"]
    assert table.rows[0][1].value is None


def test_a_series_of_our_own_is_not_judged():
    row = series("UZ", (0,) * 35 + (50,), external=False, attribution=None)
    assert "No external series" in said(compose(only(series=(row,)), "en", NAMES), "standouts")


def test_the_exercise_stands_apart_and_is_summed_with_nothing():
    document = compose(sample(), "en", NAMES)
    actual, exercise = (blocks(document, Table, key)[0] for key in ("overview", "exercise"))
    assert [actual.rows[n][1].value for n in (0, 2, 4)] == [1204, 4, 3]
    assert [exercise.rows[n][1].value for n in (0, 2, 4)] == [40, 25, 31]
    assert all(
        entry.item.status == section.status
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Entries)
        for entry in block.entries
    )
    assert document.banner.startswith("Contains exercise items")
    assert said(document, "exercise").startswith("Exercise: nothing in this section happened.")
    assert section(document, "exercise-items").title == "Exercise: Items by theme"


def test_an_edition_of_an_exercise_says_so():
    document = compose(sample(status="exercise"), "en", NAMES)
    assert document.banner == "EXERCISE. Nothing in this edition happened."


def test_a_digest_of_actual_events_alone_has_no_banner():
    assert compose(only(item(1)), "en", NAMES).banner is None


def test_a_selection_is_called_one():
    document = compose(sample(), "en", NAMES)
    assert "A selection, not a census" in said(document, "selection")
    assert "Shown: 1 of 1,024." in said(document, "selection")


def test_items_stand_under_their_leading_theme_and_the_fullest_comes_first():
    titles = [section.title for section in compose(sample(), "en", NAMES).sections if section.key.startswith("items-")]
    assert titles == ["Border incidents (2)", "Recruitment and propaganda online (1)", "Prevention that works (1)"]


def test_every_map_carries_the_words_on_boundaries():
    document = compose(sample(), "en", NAMES)
    for key in ("map", "exercise"):
        assert blocks(document, Figure, key)
        assert "do not imply" in said(document, key)


def test_the_reader_is_told_whose_counts_these_are():
    assert "Counts are those that this reader may see" in said(compose(sample(), "en", NAMES), "method")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_json_has_its_keys_and_can_be_written(language):
    data = json.loads(json.dumps(as_json(compose(sample(), language, NAMES))))
    assert list(data) == [
        "schema", "edition", "title", "network", "language", "status", "banner", "draft", "solo", "notes", "marking",
        "period", "period_text", "cut_off", "cut_off_text", "sections",
    ]  # fmt: skip
    assert data["period"] == {"grain": "month", "from": "2022-09-01", "to": "2022-09-30"}
    entry = data["sections"][-2]["blocks"][0]["entries"][0]
    assert entry["reports"] == ["EWN-AAAA-0006", "EWN-BBBB-0006"]
    assert entry["marking"] == "TLP:GREEN"


def test_composing_is_a_pure_function():
    assert compose(sample(), "ru", NAMES) == compose(sample(), "ru", NAMES)
