"""Every page in both languages: readable without sight, without script, without a style of its own."""

import gzip
import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from services import forms
from tests.world import amber

LANGUAGES = ("en", "ru")
FORMS = [f"/submit/{one.code}" for one in forms.packed()]
LIMIT = 150_000  # bytes of a page with its stylesheets, compressed


@pytest.fixture
def pages(world, browser):
    """A network with something on every page, and the addresses of all pages."""
    world.submit("south", title="Слух: нападение на пост", marking=amber("north", strict=True), source={"kind": "own"})
    reference = world.submit(
        "north", title="Нападение на пост", marking=amber("office", strict=True), figures={"killed": 2}
    )
    world.submit("office", status="exercise", text="Изъято 12 кг героина. Шесть задержаны.", place=None)
    gone = world.submit("north", title="Отозвано будет это")
    told = {"reference": gone, "reason": "Источник в опасности."}
    recalled = world.client.post(f"/v1/reports/{gone}/recall", json=told, headers=world.auth("north"))
    assert recalled.status_code == 200, recalled.text
    edition = world.client.post(
        "/v1/digests", json={"schedule": "monthly-bulletin", "day": "2026-11-01"}, headers=world.auth("office")
    )
    assert edition.status_code == 201, edition.text
    world.settle()
    return {
        "ada": [
            "/", "/?month=2026-10", "/?status=exercise", "/?month=2021-04&place=KG", "/reports",
            "/reports?q=nothing-has-this", "/reports?theme=armed-attack&status=actual", "/reports?counts=true",
            "/reports?counts=true&theme=armed-attack&originator=north", f"/reports/{reference}",
            f"/reports/{reference}/receipt", f"/reports/{reference}/recall", f"/reports/{gone}",
            f"/reports/{gone}/receipt", "/mine", "/submit", *FORMS, "/digests", "/members", "/members/ada", "/keys",
            "/reports/EWN-AAAA-AAAA",
        ],
        "eva": ["/", "/digests", f"/digests/{edition.json()['reference']}", "/mine", "/profile",
            "/reliability", f"/reports/{reference}", f"/reports/{reference}/grade",
            "/desk", "/desk?state=rest&country=KG", "/desk?state=done", f"/desk/{reference}?find=a", "/precision",
        ],
        "max": [
            "/people", "/profile", "/sessions", "/organisations", "/organisations/office", "/groups",
            "/groups/pair", "/keys", "/members", "/members/max", "/members/eva",
        ],
        None: ["/sign-in", "/sign-in?next=/reports"],
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read_by_everybody(pages, browser, language):
    for login, paths in pages.items():
        reader = browser(login, language)
        for path in paths:
            answer = reader.raw(path)
            assert answer.status_code == (404 if path.endswith("AAAA") else 200), path
            _readable(BeautifulSoup(answer.text, "lxml"), language, path)
            _sealed(answer, path)


def _readable(soup, language, path):
    assert soup.html["lang"] == language, path
    assert soup.html["dir"] == "ltr"
    assert soup.title.text.strip(), path
    assert len(soup.find_all("main")) == 1, path
    assert len(soup.find_all("h1")) == 1, path
    levels = [int(one.name[1]) for one in soup.find("main").find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1, path
    assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)
    assert soup.find("a", class_="skip")["href"] == "#main"
    known = {one["id"] for one in soup.find_all(id=True)}
    assert len(known) == len(soup.find_all(id=True)), (path, "an id stands twice")
    _labelled(soup, known, path)
    for table in soup.find_all("table"):
        assert table.caption, path
    for landmark in soup.find_all("nav"):
        assert landmark.get("aria-label") or landmark.get("aria-labelledby"), path
    for name in ("aria-labelledby", "aria-describedby"):
        for one in soup.find_all(attrs={name: True}):
            assert set(one[name].split()) <= known, (path, one[name])
    for link in soup.find_all("a", href=re.compile("^#")):
        assert link["href"][1:] in known, (path, link["href"])


def _labelled(soup, known, path):
    labels = {one["for"] for one in soup.find_all("label")}
    for one in soup.find_all(["input", "select", "textarea"]):
        if one.get("type") != "hidden":
            assert one.get("id") in labels, (path, str(one)[:200])
    for group in soup.find_all("fieldset"):
        assert group.legend, path
    for picture in soup.find_all("svg"):
        assert picture.get("aria-label") or picture.get("aria-labelledby"), path
    assert labels <= known


def _sealed(answer, path):
    soup = BeautifulSoup(answer.text, "lxml")
    assert not soup.find_all(["style", "iframe", "object", "base"]), path
    for script in soup.find_all("script"):
        assert re.fullmatch(r"/static/[0-9a-f]{16}/\w+\.js", script["src"]), path
        assert not script.text, path
    assert not soup.find_all(attrs={"style": True}), path
    assert not [name for one in soup.find_all(True) for name in one.attrs if name.startswith("on")], path
    for link in soup.find_all(["link", "img", "form", "a"]):
        target = link.get("href") or link.get("src") or link.get("action") or ""
        assert not re.match(r"(\w+:)?//|javascript:", target), (path, target)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_with_its_styles_is_light(pages, browser):
    reader = browser("ada")
    for path in pages["ada"]:
        answer = reader.raw(path)
        soup = BeautifulSoup(answer.text, "lxml")
        parts = [answer.content, *(reader.raw(one["href"]).content for one in soup.find_all("link"))]
        parts += [reader.raw(one["src"]).content for one in soup.find_all("script")]
        assert sum(len(gzip.compress(part)) for part in parts) < LIMIT, path


def test_styles_have_addresses_that_change_with_them_and_may_be_kept(browser):
    visitor = browser()
    address = visitor.get("/sign-in").find("link", rel="stylesheet")["href"]
    answer = visitor.raw(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert visitor.raw("/static/ewn.css").headers["cache-control"] == "public, no-cache"
    again = visitor.client.get("/static/ewn.css", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for path in ("/static/", "/static/other.css", "/static/../words.py", "/static/a/b/ewn.css"):
        assert visitor.raw(path).status_code == 404, path


def test_the_stylesheet_needs_no_other_address(browser):
    visitor = browser()
    for sheet in ("ewn.css", "digest.css"):
        text = visitor.raw(f"/static/{sheet}").text
        assert "url(" not in text
        assert "@import" not in text


def test_a_program_gets_a_problem_document_and_a_browser_a_page(world, browser):
    reader = browser("ada")
    assert reader.raw("/reports/EWN-AAAA-AAAA").headers["content-type"].startswith("text/html")
    plain = world.client.get("/reports/EWN-AAAA-AAAA", headers={"Accept": "application/json"})
    assert plain.headers["content-type"] == "application/problem+json"
    api = reader.client.get("/v1/reports/EWN-AAAA-AAAA")
    assert api.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_browser_did_wrong_is_not_called_our_fault(browser, language):
    answer = browser("ada", language).raw("/reports/EWN-AAAA-AAAA/withdrawal")
    assert answer.status_code == 405
    text = BeautifulSoup(answer.text, "lxml").find("main").text
    assert not re.search("fault|наш[ае]й? стороне", text)


def test_tables_that_fold_on_a_narrow_screen_stay_tables_and_name_their_numbers(pages, browser):
    reader = browser("ada")
    for path in ("/", next(one for one in pages["ada"] if one.startswith("/reports/EWN"))):
        table = BeautifulSoup(reader.raw(path).text, "lxml").find("table", class_="stacked")
        kinds = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
        for one in (table, *table.find_all(list(kinds))):
            assert one["role"] == kinds[one.name], path
        assert {one["role"] for one in table.find_all("th")} == {"columnheader", "rowheader"}, path
        heads = {one.text for one in table.thead.find_all("th")}
        labels = {one["data-label"] for one in table.find_all("td", attrs={"data-label": True})}
        assert labels, path
        assert labels <= heads, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_of_the_map_is_no_larger_than_the_text_beside_it_and_no_smaller_than_can_be_read(
    pages, browser, language
):
    reader = browser("ada", language)
    page = reader.get("/?month=2026-10")
    drawn = page.select_one(".sheet svg.figure")
    across = float(drawn["viewbox"].split()[2])
    sizes = {float(one["font-size"].removesuffix("px")) for one in drawn.find_all("text")}
    rules = reader.raw(page.find("link", rel="stylesheet")["href"]).text
    least, most = (
        16 * float(re.search(rf"^{selector} \{{[^}}]*{side}-inline-size: (\d+)rem", rules, re.MULTILINE)[1])
        for selector, side in ((r"svg\.figure", "min"), (r"\.sheet svg\.figure", "max"))
    )
    assert sizes
    assert max(sizes) * most / across <= 16
    assert min(sizes) * least / across >= 10
