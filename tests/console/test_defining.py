"""Making definitions on pages: written as YAML, mended line by line, tried, reviewed by a colleague, brought back."""

import re

import pytest
import yaml

from services import texts
from services.console.making import wrong
from services.definitions import DefinitionNotValid, from_yaml, to_yaml
from services.kernel.config import settings
from tests.console.conftest import MEMBERS, Browser
from tests.console.test_pages import _readable, _sealed
from tests.console.test_submission import soup
from tests.definitions.making import CODE, FIRST, WORD, changed
from tests.world import World

HERE = f"/definitions/{CODE}"


@pytest.fixture(autouse=True)
def colleague(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MEMBERS, "oleg", ("office", "analyst"))


def keep(visitor: Browser, body: str, act: str = "save"):
    return _save(visitor, visitor.get(f"{HERE}/edit"), body, act)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_definition_goes_from_its_draft_through_a_colleagues_review_into_force_and_back(
    world: World, browser, language: str
) -> None:
    told = world.submit("north", title="A note", text=f"Officials told of a {WORD}.", themes=[])
    world.settle()
    maker, colleague = browser("eva", language), browser("oleg", language)
    assert keep(maker, to_yaml(changed()), "check").status_code == 200
    assert "draft" not in maker.get("/definitions").find("table").text
    assert keep(maker, to_yaml(changed())).url.path == HERE
    shown = maker.get(HERE)
    assert any(WORD in one.text for one in shown.find_all("ins"))
    assert shown.find("form", {"action": f"{HERE}/review"}) is None, "not by whoever wrote it"
    tried = maker.get(f"{HERE}/trial")
    assert tried.find("a", href=f"/reports/{told}")
    assert not maker.get(f"{HERE}/trial?status=exercise").find("a", href=f"/reports/{told}")
    assert [one["href"].partition("?")[2] for one in tried.select(".tabs a")] == [
        f"status={one}" for one in ("actual", "exercise", "test")
    ]
    assert re.search(r"\d \w+ 20\d\d", colleague.get(HERE).find("dl").text)
    for path in ("/definitions", HERE, f"{HERE}/edit", f"{HERE}/trial"):
        answer = colleague.raw(path)
        _readable(soup(answer), language, path)
        _sealed(answer, path)
    colleague.send(colleague.get(HERE), f"{HERE}/review")
    maker.send(maker.get(HERE), f"{HERE}/publication")
    banner = maker.get(HERE).find(class_="banner")
    assert re.search(r"\b0 (?:of|из) (?:the )?1\b|1.*0|0.*1", banner.text)
    assert maker.get("/definitions").find(class_="banner")
    maker.send(maker.get(HERE), f"{HERE}/rollback")
    page = maker.get(HERE)
    _readable(page, language, HERE)
    assert [one.text.split()[1] for one in page.select("ol.reports h3")] == [f"{FIRST + n}" for n in (2, 1, 0)]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_wrong_is_said_with_its_line_and_nothing_written_is_lost(world, browser, language: str) -> None:
    visitor = browser("eva", language)
    body = to_yaml(changed())
    for old, new, part in (
        ("harm: ", "harms: ", "harms"),
        (f"{WORD}]", f"{WORD}, headscarf*]", "terms.en"),
        (f"{WORD}]", "quarkrise]", "examples.positive"),
        ("review_on: '2027-06-30'", "review_on:", "review_on"),
        ("review_on: ", "review_on: [", ""),
    ):
        written = body.replace(old, new, 1)
        assert written != body, old
        answer = keep(visitor, written)
        assert answer.status_code in (400, 422), part
        page = soup(answer)
        told = page.select_one(".summary")
        assert part in told.text
        assert re.search(r"(?:Line|Строка) \d+", told.text), part
        assert page.find(id="body").text.lstrip("\n") == written
        for excerpt in told.find_all("code"):
            excerpt.decompose()
        assert not (language == "ru" and re.search(r"\b(is|the|should|be|that)\b", told.text.partition("YAML")[0]))


def test_nobody_writes_over_what_a_colleague_wrote_meanwhile_without_being_told(world, browser) -> None:
    eva, oleg = browser("eva"), browser("oleg")
    opened = eva.get(f"{HERE}/edit")
    theirs, mine = (to_yaml(changed(harm=f"It could be read as an attack of {who}.")) for who in ("theirs", "mine"))
    assert keep(oleg, theirs).url.path == HERE
    refused = _save(eva, opened, mine)
    assert (refused.status_code, "Somebody wrote the draft anew" in refused.text) == (409, True)
    assert "of theirs" in oleg.get(f"{HERE}/edit").find(id="body").text
    again = soup(refused)
    assert again.find(id="body").text.lstrip("\n") == mine
    assert _save(eva, again, mine).url.path == HERE
    assert "of mine" in oleg.get(f"{HERE}/edit").find(id="body").text


def _save(visitor: Browser, page, body: str, act: str = "save", here: str = HERE):
    """Keep, or check, what was written on a page that was opened before."""
    form = page.find("form", {"action": f"{here}/edit"})
    form.append(page.new_tag("input", attrs={"type": "hidden", "name": "act", "value": act}))
    return visitor.send(page, f"{here}/edit", body=body)


def test_however_much_is_wrong_what_was_written_is_read_once_for_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    body = to_yaml(changed(weak={"en": [f"headscarf{number}" for number in range(60)]}))
    with pytest.raises(DefinitionNotValid) as refused:
        from_yaml(body.encode())
    honest, read = yaml.compose, []
    monkeypatch.setattr(yaml, "compose", lambda *given, **more: read.append(1) or honest(*given, **more))
    told = wrong(refused.value, body, "en")
    assert (len(told), len(read)) == (50, 1)
    assert all("headscarf" in one.excerpt for one in told)


def test_making_definitions_is_the_secretariats_and_the_administrators(world, browser) -> None:
    for login, may in (("eva", True), ("max", True), ("abe", False), ("ada", False)):
        visitor = browser(login)
        assert (visitor.raw("/definitions").status_code == 200) is may
        assert (visitor.raw(f"{HERE}/edit").status_code == 200) is may
        links = [one["href"] for one in visitor.get("/profile").select("nav a")]
        assert ("/definitions" in links) is may
    assert browser("max").raw(f"{HERE}/trial?version=1").status_code == 403, "an administrator reads no report"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_tells_a_theme_can_be_read_of_the_packs_definition_and_of_the_networks_own(
    world, browser, language: str
) -> None:
    maker, colleague = browser("eva", language), browser("oleg", language)
    packed = texts.lexicon().find(CODE)
    _told(maker.get(HERE), packed)
    terms = {"en": (*packed.terms["en"], WORD), "fa": ("حمله",)}
    body = changed(terms=terms, enough=7, weak={"ru": ["взлом/4"]}, **{"not": ["a drill"]})
    body["examples"]["positive"].append({"language": "fa", "text": "حمله"})
    assert keep(maker, to_yaml(body)).url.path == HERE
    assert WORD not in maker.get(HERE).find("section", {"aria-labelledby": "words-title"}).text, (
        "a draft is not in force"
    )
    colleague.send(colleague.get(HERE), f"{HERE}/review")
    maker.send(maker.get(HERE), f"{HERE}/publication")
    page = maker.get(HERE)
    _readable(page, language, HERE)
    _told(page, texts.Definition.model_validate({**body, "version": 1}))
    assert page.find("code", string=terms["fa"][0]).parent["dir"] == "rtl"


def test_every_packed_definition_passes_its_own_check_unchanged_and_is_not_kept_so(world, browser) -> None:
    visitor = browser("eva")
    for one in texts.lexicon().definitions:
        here = f"/definitions/{one.code}"
        opened = visitor.get(f"{here}/edit")
        body = opened.find(id="body").text.lstrip("\n")
        answer = _save(visitor, opened, body, "check", here)
        assert (answer.status_code, "is in order" in answer.text) == (200, True), one.code
    for login, language, said in (("eva", "en", "Nothing in it differs"), ("oleg", "ru", "ничто не отличается")):
        visitor = browser(login, language)
        page = visitor.get(f"{HERE}/edit")
        answer = _save(visitor, page, page.find(id="body").text.lstrip("\n"))
        assert (answer.status_code, said in soup(answer).select_one(".summary").text) == (409, True)
        assert visitor.get(HERE).find("form", {"action": f"{HERE}/drop"}) is None, "nothing is stored"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_learned_words_that_speak_most_for_a_theme_are_shown_by_language(world, browser, language: str) -> None:
    visitor = browser("eva", language)
    page = visitor.get(HERE)
    _readable(page, language, HERE)
    shown = page.find(id="learned")
    assert "30" in shown.find(class_="hint").text
    assert not shown.details.has_attr("open")
    words = {one["lang"]: [code.text for code in one.find_all("code")] for one in shown.details.select("p.terms")}
    assert words == {code: list(some) for code, some in texts.packed().learned_words(CODE).items()}
    assert set(words) >= {"en", "ru", "fa"}
    assert "passwor…" in words["en"]
    assert visitor.get("/definitions/human-rights").find(id="learned") is None, "whose words were not weighed"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_solo_mode_does_not_say_that_somebody_else_reviews(
    world, browser, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    visitor, told = browser("eva", language), {"en": "somebody else reviews", "ru": "проверяет другой человек"}
    assert told[language] in visitor.get("/definitions").main.text
    monkeypatch.setenv("EWN_SOLO", "true")
    settings.cache_clear()
    alone = visitor.get("/definitions").main.text
    assert told[language] not in alone
    assert {"en": "whoever wrote it may review it too", "ru": "может и тот, кто её написал"}[language] in alone


def _told(page, definition) -> None:
    """Whether a page tells all of a definition: points, words, groups word by word, what speaks against, examples."""
    shown = page.find("section", {"aria-labelledby": "words-title"})
    words = {one.text for one in shown.find_all("code")}
    for terms in (definition.terms, definition.weak, definition.setting):
        assert {word for some in terms.values() for word in some} <= words
    assert set(definition.excluded) <= words
    for name in definition.unless:
        assert set(texts.lexicon().senses.senses[name]) <= words
    groups = {*definition.any, *definition.hints, *definition.beside, *definition.within}
    for name in groups | {name for row in definition.together for name in row}:
        assert {link.text for link in shown.select(f'a[href="#group-{name}"]')} == {name}
        rows = {code.text for code in shown.find(id=f"group-{name}").find_all("code")}
        assert rows == {word for some in texts.lexicon().groups.groups[name].values() for word in some}
    examples = (*definition.examples.positive, *definition.examples.negative)
    assert [(one["lang"], one.text) for one in shown.find_all("q")] == [(one.language, one.text) for one in examples]
    numbers = [one.text for one in shown.find("dl").find_all("dd")]
    assert numbers[0] == str(definition.threshold)
    assert definition.enough is None or str(definition.enough) in numbers
    assert not shown.find_all(["input", "textarea", "button"])
