"""What is kept of a report's screening shows the same as screening it anew, to its owner and to others."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reports.showing import kept, words_of
from services.screening import MASK, find, read

PIECES = st.sampled_from(
    ["Задержан ", "на посту. ", "+996 700 123 456", " ", "x@example.org", "<b>", "</b>", "Душанбe", "\u00ad", "\n",
     "7 ", "AN", "паспорт AN1234567 ", "KZ86125KZT5004100100", "&amp;", "۰۷۰۱۲۳۴۵۶۷ "]
)  # fmt: skip
WORDS = st.lists(PIECES, max_size=12).map("".join)
TITLES = WORDS.map(lambda text: text.replace("\n", " "))


def row(title: str, text: str, **more: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"title": title, "text": text, "personal": None, "told": None, "revision": 1} | more)


def worked_on(before: SimpleNamespace) -> SimpleNamespace:
    found = kept(before, read(before.title, before.text))
    return before if found is None else row(before.title, before.text, **found)


@given(TITLES, WORDS, st.sampled_from((None, "needed", "mask")), st.booleans())
@settings(max_examples=300, deadline=None)
def test_before_and_after_it_is_worked_on_a_reader_is_given_the_same(
    title: str, text: str, decision: str | None, mine: bool
) -> None:
    before = row(title, text, personal={"decision": decision} if decision else None)
    after = worked_on(before)
    assert words_of(before, mine=mine) == words_of(after, mine=mine)
    again = worked_on(after)
    assert (again.personal, again.told) == (after.personal, after.told)
    assert (after.personal or {}).get("decision") == decision


@given(TITLES, WORDS, st.sampled_from((None, "needed", "mask")))
@settings(max_examples=200, deadline=None)
def test_others_are_given_nothing_in_which_anything_is_found_and_its_owner_as_it_decided(
    title: str, text: str, decision: str | None
) -> None:
    held = worked_on(row(title, text, personal={"decision": decision} if decision else None))
    others, own = words_of(held, mine=False), words_of(held, mine=True)
    assert find(others.title) == find(others.text) == []
    assert others.masked is (others.found > 0)
    assert own.masked is (decision == "mask" and own.found > 0)
    assert (MASK in own.title + own.text) is own.masked
    assert others.cleaned == own.cleaned


@given(TITLES, WORDS, st.integers(2, 9))
@settings(max_examples=100, deadline=None)
def test_what_was_kept_of_another_revision_counts_for_nothing(title: str, text: str, revision: int) -> None:
    old = worked_on(row("x +996 700 123 456", "y"))
    revised = row(title, text, personal=old.personal, told=old.told, revision=revision)
    assert words_of(revised, mine=False) == words_of(row(title, text), mine=False)
