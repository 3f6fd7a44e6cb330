"""What docs/security.md says is shown: every test that it names is there, and every threat and row names one."""

import ast
import re

from tests.architecture.tree import ROOT, tree

PAGE = ROOT / "docs" / "security.md"
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
LATER = re.compile(r"\bpart \d+\b|with the part that brings \w+|with the release")


def table(title: str) -> list[list[str]]:
    """The cells of the rows under a heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return rows[2:]


def test_every_test_that_the_page_names_is_there() -> None:
    found = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    assert len(found) > 50
    gone = []
    for file, name in found:
        path = ROOT / "tests" / file
        known = (
            {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)} if path.exists() else ()
        )
        gone += [] if name in known else [f"{file}::{name}"]
    assert gone == []


def test_every_threat_names_the_test_that_covers_it() -> None:
    threats = table("Threats at each boundary")
    assert len(threats) > 30
    assert [row for row in threats if len(row) != 5 or not NAMED.search(row[-1])] == []
    assert {row[1] for row in threats} == set("STRIDE")
    flows = " ".join(row[0] for row in table("How data flows"))
    assert [row[0] for row in threats if not all(word in flows for word in row[0].split(", "))] == []


def test_every_row_of_the_checklist_has_a_test_or_says_when_it_will() -> None:
    rows = table("The checklist")
    assert [row[0] for row in rows] == [str(number) for number in range(1, 19)]
    assert [row[0] for row in rows if not NAMED.search(row[-1]) and not LATER.search(row[-1])] == []
