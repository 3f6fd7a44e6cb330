"""The linter of judgements, in English and Russian: one word of one scale, how sure apart, and it never blocks."""

import pytest

from services import vocabulary
from services.reports import advising
from services.reports.linting import check, words
from tests.weighing.parties import Weighers

pytestmark = pytest.mark.one_kind


def rules(text: str, scale: str | None = "phia") -> list[tuple[str, str]]:
    return [(one.rule, text[one.start : one.end]) for one in check(text, scale, vocabulary.likelihood())]


@pytest.mark.parametrize(
    "text",
    [
        "It is highly likely that the crossing will be closed in May.",
        "An attack before spring is unlikely.",
        "There is a realistic possibility that the price doubles.",
        "It is unlikely to change. We hold this with high confidence.",
        "Весьма вероятно, что переход закроют.",
        "Маловероятно, что цены вырастут. Степень уверенности указана отдельно.",
        "Почти наверняка дорогу откроют к весне.",
        "May 2026 is when the road is likely to open.",
    ],
)
def test_a_judgement_in_one_word_of_its_scale_is_clean(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The crossing will close.", [("no-word", "The crossing will close.")]),
        ("It may close and is likely to stay closed.", [("unlisted-word", "may")]),
        ("An attack is possible.", [("no-word", "An attack is possible."), ("unlisted-word", "possible")]),
        ("It could be likely.", [("unlisted-word", "could")]),
        ("It is likely, even almost certain.", [("several-words", "almost certain")]),
        ("We judge with high confidence that it is likely.", [("with-confidence", "high confidence")]),
        ("Возможно, переход вероятно закроют.", [("unlisted-word", "Возможно")]),
        ("С высокой уверенностью: это вероятно.", [("with-confidence", "высокой уверенностью")]),
        ("Переход может быть закрыт.", [("no-word", "Переход может быть закрыт."), ("unlisted-word", "может")]),
    ],
)
def test_what_is_not_kept_is_found_where_it_stands(text: str, found: list[tuple[str, str]]) -> None:
    assert rules(text) == found


def test_a_word_of_another_scale_is_none_of_the_one_that_is_meant() -> None:
    text = "It is very likely."
    assert rules(text, "phia") == [("no-word", text), ("other-scale", "very likely")]
    assert rules(text, "icd-203") == rules(text, None) == []


def test_words_of_two_scales_are_no_judgement_whichever_is_meant() -> None:
    text = "It is highly likely here and very likely there."
    assert ("several-words", "very likely") in rules(text, None)
    assert ("other-scale", "very likely") in rules(text, None)


def test_the_longest_word_is_meant_and_its_interval_is_kept() -> None:
    (one,) = words("That is highly unlikely.", vocabulary.likelihood())
    assert [(scale, word.code, word.low, word.high) for scale, word in one.words] == [
        ("phia", "highly-unlikely", 10, 20)
    ]


@pytest.mark.parametrize(
    ("percent", "phia", "icd"),
    [
        (3, "remote-chance", "almost-no-chance"), (8, "highly-unlikely", "very-unlikely"),
        (22, "highly-unlikely", "unlikely"), (23, "unlikely", "unlikely"), (37, "unlikely", "unlikely"),
        (50, "realistic-possibility", "roughly-even"), (53, "likely", "roughly-even"), (77, "likely", "likely"),
        (93, "almost-certain", "very-likely"), (100, "almost-certain", "almost-certain"),
    ],
)  # fmt: skip
def test_a_number_in_a_gap_goes_to_the_nearer_word(percent: float, phia: str, icd: str) -> None:
    scales = vocabulary.likelihood_scales()
    assert scales["phia"].nearest(percent).code == phia
    assert scales["icd-203"].nearest(percent).code == icd


def test_the_intervals_are_those_of_the_standards() -> None:
    scales = vocabulary.likelihood_scales()
    assert [(word.low, word.high) for word in scales["phia"].words] == [
        (0, 5), (10, 20), (25, 35), (40, 50), (55, 75), (80, 90), (95, 100),
    ]  # fmt: skip
    assert [(word.low, word.high) for word in scales["icd-203"].words] == [
        (1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99),
    ]  # fmt: skip


def test_a_judgement_is_looked_over_with_advice_in_the_language_asked_for(weighers: Weighers) -> None:
    body = {"text": "Возможно, переход закроют.", "scale": "phia", "language": "ru"}
    found = weighers.world.client.post("/v1/judgements/check", json=body, headers=weighers.people["south"]).json()
    assert [one["rule"] for one in found["findings"]] == ["unlisted-word", "no-word"]
    assert (found["findings"][0]["start"], found["findings"][0]["end"]) == (0, 8)
    assert "вероятно" in found["findings"][0]["advice"]
    english = weighers.world.client.post(
        "/v1/judgements/check", json=body | {"language": "en"}, headers=weighers.people["south"]
    ).json()
    assert "highly likely" in english["findings"][0]["advice"]
    strange = weighers.world.client.post(
        "/v1/judgements/check", json=body | {"scale": "other"}, headers=weighers.people["south"]
    )
    assert (strange.status_code, strange.json()["field"]) == (422, "scale")


def test_the_scales_are_told_with_their_intervals(weighers: Weighers) -> None:
    found = weighers.world.get("south", "/v1/judgements/scales")
    assert [one["code"] for one in found] == ["phia", "icd-203"]
    likely = next(one for one in found[0]["words"] if one["code"] == "likely")
    assert (likely["low"], likely["high"], likely["names"]["ru"]) == (55, 75, "вероятно")


def test_advice_is_bounded_whatever_is_written():
    assert len(advising.advised("may " * 250, None, "en")) == advising.MOST
