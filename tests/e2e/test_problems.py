"""Every problem that the service can answer with is explained in docs/problems.md, and nothing there is stale."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import services
import workers
from services.kernel.errors import Problem

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"


def problems(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """All problems of the code, whichever module they are in."""
    yield of
    for one in of.__subclasses__():
        yield from problems(one)


def told() -> list[tuple[int, str]]:
    """Status and name of every section of the page."""
    found, status = [], 0
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if above := re.match(r"## (\d{3}): ", line):
            status = int(above[1])
        elif line.startswith("### "):
            found.append((status, line.removeprefix("### ")))
    return found


def test_every_problem_has_its_section_under_its_status_and_none_is_stale() -> None:
    for root in (services, workers):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if ".migrations." not in module.name:
                importlib.import_module(module.name)
    ours = [one for one in problems() if one.__module__.partition(".")[0] in ("services", "workers")]
    assert sorted(told()) == sorted((int(one.status), one().slug) for one in ours)
    assert len({name for _, name in told()}) == len(told()), "a name is that of one problem"


def test_every_section_says_something() -> None:
    sections = re.split(r"^#{2,3} .*$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = re.findall(r"^### (.*)$\n\n(.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(named) == len(told()) < len(sections)
    assert all(len(text) > 20 for _, text in named)
