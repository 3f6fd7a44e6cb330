"""The digest as a page: readable by people and by machines that read to people, and safe whatever the reports say."""

import gzip
import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from services.digests import html
from services.digests.composition import compose
from tests.digests.rendering_sample import EVIL, Names, sample


@pytest.fixture(scope="module", params=["en", "ru"])
def document(request):
    return compose(sample(), request.param, Names())


@pytest.fixture(scope="module")
def page(document):
    return BeautifulSoup(html.page(document), "lxml")


def test_the_page_needs_no_inline_rights(page):
    assert not page.find_all(["script", "style", "iframe", "object"])
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name == "style" or name.startswith("on")]


def test_the_page_asks_nothing_of_other_hosts(page):
    links = [tag.get("href") or tag.get("src") for tag in page.find_all(href=True) + page.find_all(src=True)]
    assert links
    assert all(link.startswith(("/static/", "/reports/", "#")) for link in links)


def test_a_file_of_its_own_carries_its_rules(document):
    page = BeautifulSoup(html.page(document, standalone=True), "lxml")
    assert "@media print" in page.find("style").string
    assert not page.find_all("link")


def test_what_reports_say_is_text(page):
    (title,) = [span for span in page.select(".digest-entry h4 span") if span.string == EVIL]
    assert title["dir"] == "auto"
    assert "<script>" not in str(page)


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_given_once_and_references_meet_them(page):
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    wanted = [one for tag in page.find_all(attrs={"aria-labelledby": True}) for one in tag["aria-labelledby"].split()]
    wanted += [tag["href"][1:] for tag in page.select('a[href^="#"]')]
    assert set(wanted) <= set(ids)


def test_every_table_has_a_caption_and_scopes(page):
    tables = page.find_all("table")
    assert len(tables) > 5
    for table in tables:
        assert table.caption.get_text(strip=True)
        assert all(cell.get("scope") in {"col", "row"} for cell in table.find_all("th"))
        assert all(row.find("th") for row in table.find_all("tr"))


def test_every_figure_has_a_name_and_its_table(page):
    found = page.find_all("figure")
    assert len(found) == 7
    for figure in found:
        assert figure.svg["role"] == "img"
        assert figure.svg.find("desc").get_text(strip=True)
        assert figure.figcaption.get_text(strip=True)
        assert figure.details.table


def test_languages_are_marked(page, document):
    assert page.html["lang"] == document.language
    entries = {entry["id"]: entry for entry in page.select(".digest-entry")}
    assert entries["EWN-AAAA-0002"].h4.span["lang"] == "ru"
    assert entries["EWN-AAAA-0004"].h4.span["lang"] == "ps"
    assert "lang" not in entries["EWN-AAAA-0003"].h4.span.attrs


def test_an_item_opens_with_its_facts_and_names_its_reports(page):
    entry = page.find(id="EWN-AAAA-0001")
    first = entry.find(True)
    assert first["class"] == ["facts"]
    assert [tag.string for tag in first.select(".reference")] == ["EWN-AAAA-0001", "EWN-BBBB-0001"]


def test_the_label_stands_at_both_ends(page):
    assert page.header.select_one(".marking").string == "TLP:AMBER"
    assert page.footer.select_one(".marking").string == "TLP:AMBER"
    assert page.title.string.startswith("TLP:AMBER ")


def test_the_page_is_light_enough_for_a_slow_line(document):
    assert len(gzip.compress(html.page(document).encode())) < 150_000


def test_the_article_alone_fits_into_another_page(document):
    article = BeautifulSoup(html.article(document), "html.parser")
    assert [tag.name for tag in article.find_all(True, recursive=False)] == ["article"]
