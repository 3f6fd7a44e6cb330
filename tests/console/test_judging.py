"""The judgement fields of a form: read as the API takes them, filled in again, and looked over without blocking."""

from bs4 import BeautifulSoup

from services.console import judging
from services.console.form import Faults, Typed
from services.console.rendering import _environment, _words
from services.reports import Judgement

FORM = """{% import "parts.html" as parts with context %}{% import "judgement.html" as judging with context %}
<form>{{ judging.fields(typed, faults) }}</form>{{ judging.findings(found) }}"""


def drawn(typed: Typed, faults: dict[str, str], found: list[judging.Advice], language: str = "en") -> BeautifulSoup:
    template = _environment(language).from_string(FORM)
    words = _words(language, "UTC")
    return BeautifulSoup(template.render(typed=typed, faults=Faults(faults), found=found, w=words), "lxml")


def test_the_fields_hold_every_word_of_every_scale_and_give_back_what_was_typed() -> None:
    typed = Typed({"judgement_statement": "It is likely.", "judgement_word": "icd-203:likely"})
    page = drawn(typed, {"judgement_confidence": "Choose one of these."}, [])
    chosen = page.find("select", id="judgement_word").find("option", selected=True)
    assert (chosen["value"], chosen.text) == ("icd-203:likely", "likely (55–80 %)")
    assert len(page.find_all("optgroup")) == 2
    assert page.find("textarea").text == "It is likely."
    assert page.find(id="judgement_confidence")["aria-invalid"] == "true"
    for field in page.find_all(["select", "textarea"]):
        assert page.find("label", {"for": field["id"]})


def test_what_was_typed_is_a_judgement_as_the_api_takes_it() -> None:
    typed = Typed(
        {
            "judgement_statement": " It is likely. ",
            "judgement_word": "phia:likely",
            "judgement_confidence": "high",
        }
    )
    found = judging.judgement(typed.__getitem__)
    assert Judgement.model_validate(found).stored() == {
        "statement": "It is likely.", "scale": "phia", "word": "likely", "confidence": "high", "low": 55, "high": 75,
    }  # fmt: skip
    assert judging.judgement(Typed({}).__getitem__) is None


def test_the_linter_advises_in_the_language_of_the_page() -> None:
    found = judging.advice("It may close.", "phia", "ru")
    assert [one.words for one in found] == ["", "may"]
    text = drawn(Typed({}), {}, found, "ru").find("div", role="status").text
    assert "may" in text
    assert "Отправить его можно и так." in text
    assert judging.advice("  ", None, "en") == []
