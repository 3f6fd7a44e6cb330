"""The demo's data: complete, invented where it says so, placed and themed by codes that the pack knows."""

import csv
import itertools
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz

from services import forms, indicators
from services.reports import NewReport
from tests.indicators import recount
from workers.demo import exercise, ucdp

PACK = Path(__file__).parents[2] / "services" / "vocabulary" / "pack"
TODAY = date(2026, 3, 1)
STATE_LANGUAGES = {"kk", "ky", "tg", "uz", "tk"}


def pack(name):
    return yaml.safe_load((PACK / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def places():
    with (PACK / "places.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def themes():
    return {theme["code"]: theme for theme in pack("themes.yaml")}


@pytest.fixture(scope="module")
def rows():
    return list(exercise.rows())


@pytest.fixture(scope="module")
def events():
    return list(ucdp.reports())


# --- UCDP ---


def test_the_series_has_every_month_of_six_countries():
    series = list(ucdp.observations())
    assert len(series) == 1080
    assert len({(o["place"], o["period"]) for o in series}) == 1080
    assert min(o["period"] for o in series) == "2010-01"
    assert max(o["period"] for o in series) == "2024-12"


def test_unusable_months_are_no_data_and_never_zero():
    gaps = {(o["place"], o["period"]) for o in ucdp.observations() if o["value"] is None}
    assert gaps == {("TJ", f"{year}-{month:02d}") for year in (2018, 2019) for month in range(1, 13)}


def test_the_months_that_must_stand_out_carry_their_figures():
    value = {(o["place"], o["period"]): o["value"] for o in ucdp.observations()}
    assert [value["KG", "2021-04"], value["TJ", "2021-04"]] == [39, 16]
    assert [value["KG", "2022-09"], value["TJ", "2022-09"]] == [67, 83]
    assert value["KG", "2010-06"] == 44


def test_a_month_is_released_on_the_second_of_the_next():
    released = {o["period"]: o["released_at"] for o in ucdp.observations()}
    assert released["2021-04"] == "2021-05-02T06:00:00+00:00"
    assert released["2021-12"] == "2022-01-02T06:00:00+00:00"


def test_every_event_becomes_one_valid_report(events):
    assert len(events) == 1025
    assert len({event["own_reference"] for event in events}) == 1025
    for event in events:
        report = NewReport.model_validate(event)
        assert report.selection
        assert report.source.document == ucdp.DOCUMENT


def test_a_third_of_the_events_is_told_in_russian(events):
    russian = [event for event in events if event["language"] == "ru"]
    assert 0.3 < len(russian) / len(events) < 0.37
    assert all(re.search("[а-я]{4}", event["text"]) for event in russian)
    assert not any(re.search("[а-яё]", event["text"]) for event in events if event["language"] == "en")


def test_an_event_is_heard_of_one_to_twenty_days_later(events):
    delays = {(datetime.fromisoformat(e["as_of"]).date() - date.fromisoformat(e["occurred_to"])).days for e in events}
    assert min(delays) >= 1
    assert max(delays) == 20


def test_a_report_tells_its_record_s_figures(events):
    with (ucdp.DATA / "events.csv").open(encoding="utf-8", newline="") as file:
        records = {f"ucdp-{row['id']}": row for row in csv.DictReader(file)}
    for event in events:
        row = records[event["own_reference"]]
        best = sum(int(row[f"deaths_{part}"]) for part in ("side_a", "side_b", "civilian", "unknown"))
        assert event["figures"] == {"killed": best}
        for told in (row["deaths_low"], row["deaths_high"], row["id"], *([str(best)] if best else [])):
            assert re.search(rf"\b{told}\b", event["text"]), (event["own_reference"], told)


def test_the_sides_read_as_listed_and_others_as_in_the_source(events):
    text = {event["own_reference"]: event["text"] for event in events}
    named = "".join(text.values())
    assert "движением «Талибан»" in named
    for unlisted in ("Kharotai", "Mangal"):
        assert unlisted in named


def test_no_placeholder_is_left_in_a_text(events):
    assert not [event["own_reference"] for event in events if re.search(r"[{}|]", event["title"] + event["text"])]


def test_every_unit_of_the_events_is_mapped_to_the_pack(events, places):
    mapped = {unit["code"] for unit in yaml.safe_load((ucdp.DATA / "places.yaml").read_text("utf-8"))["units"].values()}
    afghan = {code for code, row in places.items() if row["level"] == "unit" and row["parent"] == "AF"}
    assert len(afghan) == 34
    assert afghan <= mapped
    assert {event["place"] for event in events} <= set(places)


def test_the_attribution_is_carried():
    text = (ucdp.DATA / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in text
    assert "Changes made" in text
    external = [indicator for indicator in pack("indicators.yaml") if indicator["source"] == "external"]
    assert [indicator["code"] for indicator in external] == [next(ucdp.observations())["indicator"]]
    assert "Uppsala" in external[0]["attribution"]


# --- the exercise network ---


def test_the_network_has_every_kind_of_organisation_and_its_parts_fit():
    network = exercise.network()
    slugs = [organisation.slug for organisation in network.organisations]
    assert 20 <= len(slugs) == len(set(slugs)) <= 24
    kinds = {"state", "un", "regional", "civil_society", "expert", "panel", "donor", "secretariat"}
    assert {organisation.kind for organisation in network.organisations} == kinds
    for organisation in network.organisations:
        assert organisation.parent is None or slugs.index(organisation.parent) < slugs.index(organisation.slug)
    assert {group.slug for group in network.groups} == {"states", "un", "prevention", "desk"}
    assert {slug for group in network.groups for slug in group.organisations} <= set(slugs)
    assert {member.organisation for member in network.members} == set(slugs)
    logins = [member.login for member in network.members]
    assert len(logins) == len(set(logins))
    roles = {role for member in network.members for role in member.roles}
    assert roles == {"focal_point", "analyst", "editor", "administrator"}


def test_no_real_body_is_made_to_say_anything():
    real = set()
    for template in pack("organisations.yaml"):
        real |= {template["slug"], template["name"]["en"], template["name"]["ru"], *template["aliases"]}
    real = {name.casefold() for name in real} - {"secretariat"}
    network = exercise.network()
    invented = {text.casefold() for o in network.organisations for text in (o.slug, o.name.en, o.name.ru)}
    assert not real & invented
    short = {alias for t in pack("organisations.yaml") for alias in t["aliases"] if " " not in alias}
    told = " ".join(f"{row['title']} {row['text']}" for row in exercise.rows())
    assert not [alias for alias in short if re.search(rf"\b{re.escape(alias)}\b", told)]


# --- the exercise reports ---


def test_about_270_reports_in_seven_languages(rows):
    count = Counter(row["about"]["language"] for row in rows)
    assert 260 <= len(rows) <= 275
    assert 0.30 <= count["en"] / len(rows) <= 0.40
    assert 0.30 <= count["ru"] / len(rows) <= 0.40
    assert 0.25 <= sum(count[code] for code in STATE_LANGUAGES) / len(rows) <= 0.35
    assert all(count[code] >= 12 for code in STATE_LANGUAGES)
    uzbek = [row["text"] for row in rows if row["about"]["language"] == "uz"]
    assert any(re.search("[ўқғҳ]", text) for text in uzbek)
    assert any("oʻ" in text for text in uzbek)


def test_every_theme_of_the_pack_is_reported_on(rows, themes):
    count = Counter(code for row in rows for code in row["about"]["themes"])
    assert set(count) == set(themes)
    assert min(count.values()) >= 5


def test_every_place_is_in_the_pack(rows, places):
    used = {row["about"]["place"] for row in rows}
    assert used <= set(places)
    assert {code[:2] for code in used} >= {"KZ", "KG", "TJ", "TM", "UZ", "AF"}
    declared = {row["place"] for row in rows if "place" in row}
    assert declared <= set(places)


def test_markings_of_every_level_reach_whom_the_network_knows(rows):
    network = exercise.network()
    slugs = {organisation.slug for organisation in network.organisations}
    assert {row["marking"]["tlp"] for row in rows} == {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"}
    assert {row["marking"]["attribution"] for row in rows} == {"named", "withheld"}
    for row in rows:
        marking = row["marking"]
        assert set(marking["organisations"]) <= slugs
        assert set(marking["groups"]) <= {group.slug for group in network.groups}
        assert set(marking["persons"]) <= {member.login for member in network.members}
        assert bool(marking["persons"]) == (marking["tlp"] == "RED")
        assert bool(marking["organisations"] or marking["groups"]) == marking["tlp"].startswith("AMBER")


def test_texts_are_of_natural_length(rows):
    assert not [row["title"] for row in rows if not 38 <= len(row["text"].split()) <= 130]


def test_each_rumour_is_told_by_several_bodies_in_nearly_the_same_words(rows):
    rumours = defaultdict(list)
    for row in rows:
        if "rumour" in row:
            rumours[row["rumour"]].append(row)
    assert len(rumours) >= 4
    for tellings in rumours.values():
        assert 3 <= len({telling["organisation"] for telling in tellings}) == len(tellings) <= 5
        assert len({telling["marking"]["tlp"] for telling in tellings}) >= 2
        assert len({telling["about"]["language"] for telling in tellings}) == 1
        origins = {origin(telling) for telling in tellings}
        assert len(origins) == 1
        assert min(fuzz.token_sort_ratio(a["text"], b["text"]) for a, b in combinations(tellings, 2)) > 80


def origin(row):
    source = row["source"]
    return row["organisation"] if source["kind"] == "own" else source.get("organisation") or source["document"]


def test_unrelated_reports_are_not_near_duplicates(rows):
    alike = [
        (a["own_reference"], b["own_reference"])
        for a, b in combinations(rows, 2)
        if not (a.get("rumour") and a.get("rumour") == b.get("rumour"))
        and fuzz.token_sort_ratio(a["text"], b["text"], score_cutoff=70)
    ]
    assert not alike


def test_the_exercise_lies_in_the_year_before_today():
    told = list(exercise.reports(TODAY))
    received = [datetime.fromisoformat(body["as_of"]) for _, body in told]
    assert received == sorted(received)
    assert max(received) < datetime(2026, 3, 1, tzinfo=UTC)
    for _, body in told:
        report = NewReport.model_validate(body)
        assert TODAY - timedelta(days=365) <= report.occurred_from <= report.occurred_to < TODAY
        assert report.status == "exercise"
        assert report.as_of.date() >= report.occurred_to


def test_every_month_has_reports_to_compare_with(rows):
    months = Counter((row["days_ago"] - 1) // 30 for row in rows)
    assert set(months) <= set(range(13))
    assert all(15 <= months[month] <= 32 for month in range(12))


def test_the_same_day_gives_the_same_bodies():
    assert list(exercise.reports(TODAY)) == list(exercise.reports(TODAY))
    references = [body["own_reference"] for _, body in exercise.reports(TODAY)]
    assert len(references) == len(set(references))


def test_the_story_fits_the_network():
    network, story = exercise.network(), exercise.story(TODAY)
    group = {group.slug: set(group.organisations) for group in network.groups}
    home = {member.login: member.organisation for member in network.members}
    report = NewReport.model_validate(story.report.body)
    reached = set().union(*(group[slug] for slug in report.marking.groups)) | set(report.marking.organisations)
    assert home[story.report.sees] in reached
    assert home[story.report.sees_not] not in reached
    assert set(story.readers) <= set(home)
    assert len({slug for slug, _ in story.rumour}) == len(story.rumour) == 3
    heard = {NewReport.model_validate(body).source.organisation for _, body in story.rumour}
    assert len(heard) == 1


def test_on_every_day_of_a_year_the_three_readers_see_different_numbers_of_last_months_reports():
    network, readers = exercise.network(), exercise.story(TODAY).readers
    groups = {group.slug: set(group.organisations) for group in network.groups}
    home = {member.login: member.organisation for member in network.members}
    assert not any(one.parent for one in network.organisations if one.slug in {home[reader] for reader in readers})

    def sees(reader, slug, marking):
        if marking["tlp"] == "RED":
            return reader in marking["persons"]
        reached = set(marking["organisations"]).union({slug}, *(groups[one] for one in marking["groups"]))
        return marking["tlp"] in {"CLEAR", "GREEN"} or home[reader] in reached

    close = []
    for number in range(366):
        today = TODAY + timedelta(days=number)
        end = today.replace(day=1)
        start = (end - timedelta(days=1)).replace(day=1)
        last = [
            (slug, body["marking"])
            for slug, body in exercise.reports(today)
            if start.isoformat() <= body["as_of"][:10] < end.isoformat()
        ]
        counts = sorted(sum(sees(reader, *one) for one in last) for reader in readers)
        if min(b - a for a, b in itertools.pairwise(counts)) < 3:  # tellings of one incident are one item
            close.append((today, counts))
    assert not close


# --- the day-one pack ---


def test_indicators_name_themes_of_the_pack_and_no_place(themes, places):
    indicators = pack("indicators.yaml")
    codes = [indicator["code"] for indicator in indicators]
    assert len(codes) == len(set(codes))
    assert {theme for indicator in indicators for theme in indicator["themes"]} == set(themes)
    for indicator in indicators:
        assert all(indicator[field] for field in ("purpose", "cannot_tell", "harm", "review_on", "unit"))
        assert {themes[theme]["side"] for theme in indicator["themes"]} <= {indicator["side"]}
        words = {str(value) for value in indicator.values()} | set(indicator["code"].upper().split("-"))
        assert not words & {code for code, row in places.items() if row["level"] in {"country", "unit"}}


def test_the_exercise_feeds_every_indicator_built_on_reports(rows):
    for indicator in pack("indicators.yaml"):
        if indicator["source"] == "external" or indicator["measure"] == "answers":
            continue
        fed = [
            row
            for row in rows
            if row["kind"] in indicator["kinds"]
            and (not indicator["themes"] or set(row["about"]["themes"]) & set(indicator["themes"]))
            and (indicator["measure"] == "count" or indicator["measure"] in row.get("figures", {}))
        ]
        assert fed, indicator["code"]


def test_the_questionnaire_is_answered_through_the_year_and_feeds_every_indicator_built_on_answers():
    given = [NewReport.model_validate(body) for _, body in exercise.reports(TODAY) if body["kind"] == "questionnaire"]
    (form,) = (one for one in forms.packed() if one.code == "questionnaire")
    assert not [(one.own_reference, fault) for one in given for fault in forms.faults(form, one)]
    assert Counter(one.language for one in given) == {"en": 12, "ru": 12}
    assert len({one.marking.tlp for one in given}) == 5
    for indicator in indicators.catalogue():
        if indicator.measure == "answers":
            months = {one.occurred_from.month for one in given if recount.told(one.model_dump(), indicator)}
            assert len(months) >= 6, indicator.code


def test_groups_and_schedules_of_the_pack_hold_together():
    templates = {template["slug"] for template in pack("organisations.yaml")}
    assert all(set(group["organisations"]) <= templates for group in pack("groups.yaml"))
    enabled = [schedule["code"] for schedule in pack("schedules.yaml") if schedule["enabled"]]
    assert enabled == ["monthly-bulletin"]
