"""What the `type` of a refusal points to is a page of the service, for everybody, at the entry of that very problem."""

import re
import tomllib
from pathlib import Path

import pytest

from services.console import explaining
from tests.console.test_pages import _readable, _sealed
from tests.console.test_submission import soup
from tests.e2e.test_problems import told

ROOT = Path(__file__).parents[2]


def test_the_type_of_a_refusal_opens_at_its_entry_without_a_sign_in(world, browser) -> None:
    refused = world.client.get("/v1/reports?cursor=none", headers=world.auth("north"))
    address, _, anchor = refused.json()["type"].partition("#")
    entry = browser().get(address).find(id=anchor)
    assert (entry.name, entry.text) == ("h3", "bad-cursor")
    assert "start again without one" in entry.find_next("p").text


def test_every_problem_has_an_anchor_of_its_own(browser) -> None:
    page = browser().get("/docs/problems")
    assert [one["id"] for one in page.select("main h3")] == [name for _, name in told()]
    assert len(page.select("main nav a")) == len({status for status, _ in told()})


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_is_a_page_like_others_in_english_which_every_page_links_to(browser, language: str) -> None:
    for login in (None, "ada"):
        visitor = browser(login, language)
        answer = visitor.raw("/docs/problems")
        page = soup(answer)
        _readable(page, language, "/docs/problems")
        _sealed(answer, "/docs/problems")
        assert page.find("h1").parent["lang"] == "en"
        assert not [one["href"] for one in page.select("main a") if not one["href"].startswith("#")], (
            "nothing leads away"
        )
        assert "](" not in page.find("main").text
        entrance = visitor.get("/" if login else "/sign-in")
        assert entrance.find("footer").find("a", href="/docs/problems", hreflang="en")


def test_a_wheel_holds_the_page_where_the_service_looks_first() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    included = build["targets"]["wheel"]["force-include"]
    assert explaining.FOLDERS[0] == explaining.PACKED
    for source, target in included.items():
        assert (ROOT / source).is_file()
        assert ROOT / target == explaining.PACKED / Path(source).name
    asked = re.findall(
        r'document\("(\w+)"\)', (ROOT / "services/console/pages/explained.py").read_text(encoding="utf-8")
    )
    assert {Path(one).stem for one in included} == set(asked)
