"""A text cut at the words behind its tags, in work that grows with the text alone; how sure its tags are, in words."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import desk, vocabulary
from services.console.evidence import Piece, Told, cut
from services.texts import tag

TEXT = "Seized near Osh, and in Osh."
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair))), max_size=6)


def told(number: int, *spans: tuple[int, int]) -> Told:
    return Told(number, "town", "KG-GO", ("gazetteer",), 0.9, spans, (), (), (), "", None, ())


@given(st.lists(SPANS, max_size=4), st.integers(0, 9))
def test_a_piece_has_the_numbers_of_all_tags_over_it_and_cites_those_that_end_with_it(
    spans: list[list[tuple[int, int]]], offset: int
) -> None:
    inside = [
        (max(0, start - offset), min(len(TEXT), end - offset), number)
        for number, some in enumerate(spans, 1)
        for start, end in some
        if max(0, start - offset) < min(len(TEXT), end - offset)
    ]
    cuts = sorted({0, len(TEXT), *(low for low, _, _ in inside), *(high for _, high, _ in inside)})
    wanted = [
        Piece(
            TEXT[low:high],
            tuple(sorted({number for start, end, number in inside if start <= low and high <= end})),
            tuple(sorted({number for _, end, number in inside if end == high})),
        )
        for low, high in pairwise(cuts)
    ]
    assert cut(TEXT, offset, [told(number, *some) for number, some in enumerate(spans, 1)]) == wanted


def work(times: int) -> int:
    """Nanoseconds of the processor, the least of several tries, to cut a text that names one town so often."""
    tags = [told(number, *((3 * place, 3 * place + 2) for place in range(times))) for number in (1, 2)]
    tries = []
    for _ in range(3):
        start = time.process_time_ns()
        assert len(cut("Ош " * times, 0, tags)) == 2 * times
        tries.append(time.process_time_ns() - start)
    return min(tries)


def test_a_town_named_thousands_of_times_is_cut_in_work_that_grows_with_the_text() -> None:
    quarter, whole = work(1_000), work(4_000)
    assert whole < 9 * quarter + 50_000_000  # what grows with the square would be 16 times as much


DOUBTFUL = (  # told by all its words together, by none alone
    "Somebody keeps making new channels with short films in which young men speak of a far country, of duty and of a "
    "reward. They are deleted in the evening and stand again in the morning under another name. Boys of our street "
    "send them on to each other as a joke, their uncles say."
)
DOUBTED = next(one.value for one in tag("", DOUBTFUL).tags if one.scheme == "theme" and one.confidence < desk.LOW)
SURE = "Hackers broke into the servers of a bank, and malware with ransomware locked them."


@pytest.mark.parametrize(("language", "words"), [("en", "low confidence"), ("ru", "низкая уверенность")])
def test_lists_say_in_words_of_which_tags_tagging_is_not_sure(world, browser, language: str, words: str) -> None:
    doubtful = world.submit("north", title="Guests", text=DOUBTFUL, themes=["cyber"], place=None)
    sure = world.submit("north", title="Attack", text=SURE, themes=[], place=None)
    world.settle()
    visitor = browser("ada", language)
    for path in ("/", "/reports", "/mine"):
        rows = {row.a["href"]: row for row in visitor.get(path).select("ol.reports > li")}
        themes = {tag["href"].partition("=")[2]: tag.text for tag in rows[f"/reports/{doubtful}"].select(".tags a")}
        assert words in themes[DOUBTED], path
        assert not rows[f"/reports/{doubtful}"].find("a", href="/reports?theme=cyber").find(class_="doubt"), "given"
        assert not rows[f"/reports/{sure}"].find(class_="doubt"), path


def test_a_place_of_which_tagging_is_not_sure_says_so_in_lists(world, browser) -> None:
    text = "Two men were held in Jalalabad on Monday."  # of two countries
    found = world.submit("north", title="Held", text=text, place=None)
    given = world.submit("north", title="Held too", text=text, place="AF-NAN")
    world.settle()
    analyst = browser("eva")
    for paths in (("/reports", "/reports"), ("/desk", "/desk?state=rest")):
        for path, reference, doubted in zip(paths, (found, given), (True, False), strict=True):
            row = analyst.get(path).find("a", href=re.compile(reference)).find_parent("li")
            assert ("low confidence" in row.find(class_="facts").text) is doubted, path


@pytest.mark.parametrize(("language", "low", "high"), [("en", "low", "high"), ("ru", "низкая", "высокая")])
def test_a_report_says_in_words_how_sure_each_of_its_tags_is(
    world, browser, language: str, low: str, high: str
) -> None:
    reference = world.submit("north", title="Guests", text=DOUBTFUL, themes=["cyber"])
    world.settle()
    for login, path, row in (("ada", "/reports", "table tr"), ("eva", "/desk", "ol.judged > li")):
        rows = browser(login, language).get(f"{path}/{reference}").select(row)
        said = {code: next(one.text for one in rows if name in one.text) for code, name in _named(language).items()}
        assert re.search(rf"%\W+{low}\b", said[DOUBTED]), path
        assert re.search(rf"100 %\W+{high}\b", said["cyber"]), path


@pytest.mark.parametrize(
    ("language", "words"), [("en", "told by many learned words together"), ("ru", "многими выученными словами вместе")]
)
def test_a_report_says_of_each_tag_whether_learned_words_told_it(world, browser, language: str, words: str) -> None:
    sure = f"{SURE} {'All of them were found again in the morning. ' * 3}"
    pages = {
        title: world.submit("north", title=title, text=text, themes=["small-arms"])
        for title, text in (("Guests", DOUBTFUL), ("Attack", sure))
    }
    world.settle()
    named = {code: vocabulary.themes()[code].name(language) for code in (DOUBTED, "cyber", "small-arms")}
    for login, path, row in (("ada", "/reports", "table tr"), ("eva", "/desk", "ol.judged > li")):
        told = {
            (title, code): words in one.text
            for title, reference in pages.items()
            for one in browser(login, language).get(f"{path}/{reference}").select(row)
            for code, name in named.items()
            if name in one.text
        }
        assert told[("Guests", DOUBTED)], path
        assert not told[("Attack", "cyber")], path
        assert not told[("Guests", "small-arms")], "its sender's word"


def _named(language: str) -> dict[str, str]:
    return {code: vocabulary.themes()[code].name(language) for code in (DOUBTED, "cyber")}
