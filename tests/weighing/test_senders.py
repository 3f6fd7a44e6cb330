"""What a sender says of a report's worth: Europol codes, a judgement with its interval, a chain of who heard it."""

from typing import Any

import pytest

from tests.weighing.parties import GREEN, WORDS, Weighers
from tests.world import report

pytestmark = pytest.mark.one_kind

JUDGEMENT = {
    "statement": "It is highly likely that the crossing closes.", "scale": "phia", "word": "highly-likely",
    "confidence": "moderate",
}  # fmt: skip


def sent(weighers: Weighers, slug: str = "north", **more: Any) -> Any:
    return weighers.world.post(slug, report(title="A note", text=WORDS) | more)


def view(weighers: Weighers, slug: str, reference: str) -> dict[str, Any]:
    found: dict[str, Any] = weighers.world.get(slug, f"/v1/reports/{reference}")
    return found


@pytest.mark.parametrize(
    ("source", "information", "letter", "digit"),
    [("A", 1, "A", 2), ("B", 2, "B", 2), ("C", 3, "D", 3), ("X", 4, "F", 6)],
)
def test_europol_codes_are_kept_beside_what_they_are_read_as(
    weighers: Weighers, source: str, information: int, letter: str, digit: int
) -> None:
    code = {"source": source, "information": information}
    told = sent(weighers, evaluation=code).json()["reference"]
    found = view(weighers, "south", told)
    assert found["evaluation"] == {"scheme": "europol-4x4", **code, "reliability": letter, "credibility": digit}
    assert found["credibility"] == digit
    assert weighers.grade("south", told)["credibility"]["evaluation"]["information"] == information
    revised = report(title="A note", text=WORDS, evaluation=code, credibility=digit)
    weighers.world.client.put(f"/v1/reports/{told}", json=revised, headers=weighers.world.auth("north"))
    assert view(weighers, "south", told)["evaluation"]["source"] == source


def test_another_digit_beside_europols_is_refused(weighers: Weighers) -> None:
    refused = sent(weighers, evaluation={"source": "A", "information": 1}, credibility=3)
    assert (refused.status_code, refused.json()["field"]) == (422, "evaluation")


def test_a_body_without_them_is_the_same_as_before_they_were_there(weighers: Weighers) -> None:
    plain = sent(weighers, own_reference="one").json()
    again = sent(weighers, own_reference="one", evaluation=None, judgement=None, source={"kind": "own", "chain": []})
    assert again.json() == plain
    assert view(weighers, "north", plain["reference"])["source"] == {
        "kind": "own", "organisation": None, "document": None, "name": None,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["situation", "research"])
def test_a_judgement_is_kept_with_the_interval_of_its_word(weighers: Weighers, kind: str) -> None:
    told = sent(weighers, kind=kind, judgement=JUDGEMENT).json()["reference"]
    assert view(weighers, "south", told)["judgement"] == JUDGEMENT | {"low": 80, "high": 90}


def test_a_check_says_what_to_look_at_again_in_a_judgement_and_refuses_nothing(weighers: Weighers) -> None:
    statement = "It may be likely, with high confidence."
    given = report(kind="situation", judgement=JUDGEMENT | {"statement": statement, "word": "likely"})
    ask, headers = weighers.world.client.post, weighers.world.auth("north")
    checked = ask("/v1/reports?validate=true", json=given, headers=headers).json()
    found = [(one["rule"], statement[one["start"] : one["end"]]) for one in checked["judgement"]]
    assert found == [("unlisted-word", "may"), ("with-confidence", "high confidence")]
    assert all(one["advice"] for one in checked["judgement"])
    line = ask("/v1/reports/bulk?validate=true", json=given, headers=headers | {"Content-Type": "application/x-ndjson"})
    assert line.json()["judgement"] == checked["judgement"]
    assert ask("/v1/reports?validate=true", json=report(), headers=headers).json()["judgement"] == []


def test_what_is_personal_in_a_judgement_a_chain_or_a_reason_is_covered_for_others(weighers: Weighers) -> None:
    mail = "someone@example.org"
    judgement = JUDGEMENT | {"statement": f"It is highly likely, writes {mail}."}
    chain = [{"organisation": "far"}, {"document": f"Letter of {mail}"}]
    told = sent(
        weighers, kind="research", judgement=judgement, source={"kind": "relayed", "chain": chain}, marking=to_office()
    ).json()["reference"]
    weighers.say("north", told, outcome="verified", reason=f"{mail} says so.", marking=GREEN)
    own, others = view(weighers, "north", told), view(weighers, "office", told)
    assert mail in own["judgement"]["statement"]
    assert mail in own["source"]["chain"][1]["document"]
    assert mail not in str(others)
    assert others["judgement"] | {"statement": ""} == own["judgement"] | {"statement": ""}
    assert mail in weighers.grade("north", told)["assessments"][0]["reason"]
    assert mail not in str(weighers.grade("office", told))
    checked = weighers.world.client.post(
        "/v1/reports?validate=true",
        json=report(kind="research", judgement=judgement),
        headers=weighers.world.auth("far"),
    ).json()
    assert [one["field"] for one in checked["personal"]] == ["judgement.statement"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "incident"}, "judgement"),
        ({"judgement": JUDGEMENT | {"scale": "icd-203"}}, "judgement"),
        ({"judgement": JUDGEMENT | {"scale": "mine"}}, "judgement.scale"),
        ({"judgement": JUDGEMENT | {"confidence": "80 %"}}, "judgement.confidence"),
    ],
)
def test_a_judgement_elsewhere_or_of_no_scale_is_refused(
    weighers: Weighers, change: dict[str, Any], field: str
) -> None:
    refused = sent(weighers, **{"kind": "research", "judgement": JUDGEMENT} | change)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("source", "field"),
    [
        ({"kind": "relayed", "chain": [{"organisation": "nobody"}]}, "source.chain.0.organisation"),
        ({"kind": "relayed", "chain": [{"organisation": "far", "name": "One"}]}, "source.chain.0"),
        ({"kind": "relayed", "chain": [{}]}, "source.chain.0"),
        ({"kind": "relayed", "document": "One", "chain": [{"name": "Two"}]}, "source"),
        ({"kind": "own", "chain": [{"name": "Two"}]}, "source"),
        ({"kind": "relayed", "chain": [{"name": "One"}] * 6}, "source.chain"),
    ],
)
def test_a_chain_names_one_on_each_step_and_stands_alone(
    weighers: Weighers, source: dict[str, Any], field: str
) -> None:
    refused = sent(weighers, source=source)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


def incident(weighers: Weighers, who: str, reference: str) -> tuple[int, bool, bool]:
    found = weighers.world.get(who, f"/v1/reports/{reference}/incident")
    return found["origins"], found["confirmed"], found["circular"]


def relayed(*chain: str) -> dict[str, Any]:
    return {"kind": "relayed", "chain": [{"organisation": one} for one in chain]}


def to_office(**more: Any) -> dict[str, Any]:
    """Marked so that the secretariat may know where it comes from."""
    return {"tlp": "AMBER", "attribution": "named", "organisations": ["office", "north", "south", "far"]} | more


def test_the_origin_is_the_last_of_the_chain(weighers: Weighers) -> None:
    told = weighers.tell("north", source=relayed("south", "far"))
    weighers.tell("far")
    assert incident(weighers, "office", told) == (1, False, False)


def test_those_who_cite_each_other_go_round_and_are_one_origin(weighers: Weighers) -> None:
    told = weighers.tell("north", source=relayed("south"), marking=to_office())
    weighers.tell("south", source=relayed("north"), marking=to_office())
    assert incident(weighers, "office", told) == (1, False, True)
    assert incident(weighers, "far", told) == (1, False, False), "provenance is not told to far, nor that it goes round"
    weighers.tell("far", marking=to_office())
    assert incident(weighers, "office", told) == (2, False, True)


def test_a_longer_way_round_is_seen_too(weighers: Weighers) -> None:
    told = weighers.tell("north", source=relayed("far", "south"), marking=to_office())
    weighers.tell("south", source=relayed("north"), marking=to_office())
    assert incident(weighers, "office", told) == (1, False, True)


def test_what_comes_back_to_its_own_teller_goes_round(weighers: Weighers) -> None:
    told = weighers.tell("north", source=relayed("south", "north"), marking=to_office())
    assert incident(weighers, "office", told) == (1, False, True)
    assert incident(weighers, "south", told) == (1, False, False)


def test_all_that_leads_back_to_one_who_tells_it_goes_round(weighers: Weighers) -> None:
    told = weighers.tell("north", marking=to_office())
    weighers.tell("south", source=relayed("north"), marking=to_office())
    assert incident(weighers, "office", told) == (1, False, True)
    weighers.tell("far", marking=to_office())
    assert incident(weighers, "office", told) == (2, True, False)


def test_a_withheld_way_round_is_told_to_nobody_who_may_not_know_the_tellers(weighers: Weighers) -> None:
    marking = to_office(attribution="chatham")
    told = weighers.tell("north", source=relayed("south"), marking=marking)
    weighers.tell("south", source=relayed("north"), marking=marking)
    for who in ("office", "far"):
        assert incident(weighers, who, told) == (1, False, False)
