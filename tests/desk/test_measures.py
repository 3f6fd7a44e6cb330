"""Precision and recall of tagging, by what analysts said of it and were done with."""

from dataclasses import dataclass
from typing import Any

import pytest

from services.desk.measures import measured, together
from tests.desk.test_queue import done
from tests.tagging.test_correcting import correct
from tests.tagging.test_deciding import Desk, desk
from tests.tagging.test_reports import CACHE
from tests.world import amber

__all__ = ["desk"]


@dataclass(frozen=True)
class Said:
    decided: str
    version: str = "cyber-1"
    language: str = "en"
    scheme: str = "theme"
    value: str = "cyber"
    missed: str = ""


def test_precision_is_of_what_was_judged_and_recall_of_what_was_done_with() -> None:
    said = [(Said("confirmed"), True)] * 3 + [
        (Said("confirmed", "cyber-2"), False),
        (Said("rejected", "cyber-2"), True),
        (Said("added", "", missed="cyber-2"), True),
        (Said("added", "", missed="cyber-2"), False),
        (Said("rejected", language="ru"), False),
        (Said("undecided"), True),
    ]
    made = measured(said)
    assert list(made) == [("theme", "cyber", "en"), ("theme", "cyber", "ru")]
    first, second = (made["theme", "cyber", "en"][f"cyber-{number}"] for number in (1, 2))
    assert (first.precision, first.recall, second.precision, second.recall) == (1.0, 1.0, 0.5, 0.0)
    both = together([first, second])
    assert (both.confirmed, both.rejected, both.added, both.precision, both.recall) == (4, 1, 2, 0.8, 0.75)
    assert both.between == (pytest.approx(0.3755, abs=1e-3), pytest.approx(0.9638, abs=1e-3))
    assert both.recall_between == (pytest.approx(0.3006, abs=1e-4), pytest.approx(0.9544, abs=1e-4))
    assert (made["theme", "cyber", "ru"]["cyber-1"].recall, together([]).between) == (None, (0.0, 1.0))


def told(desk: Desk, who: str) -> tuple[int, list[Any]]:
    answer = desk.world.client.get("/v1/tagging/precision", headers=desk.people[who])
    assert answer.status_code == 200, answer.text
    made = answer.json()
    names = ("value", "language", "confirmed", "rejected", "added", "precision", "recall")
    return made["done"], [tuple(one[name] for name in names) for one in made["definitions"]]


def test_each_reader_is_told_of_the_reports_that_it_sees(desk: Desk) -> None:
    shown = desk.world.submit("north", title="A cache", text=CACHE)
    hidden = desk.world.submit("north", title="A cache", text=CACHE, marking=amber("office", strict=True))
    desk.world.settle()
    correct(desk, "office", shown, "confirmed", "small-arms")
    correct(desk, "office", shown, "added", "cyber")
    correct(desk, "office", hidden, "rejected", "small-arms")
    added = ("cyber", "en", 0, 0, 1, None)
    assert told(desk, "south") == (0, [(*added, None), ("small-arms", "en", 1, 0, 0, 1.0, None)])
    for one in (shown, hidden):
        done(desk, "office", one)
    assert told(desk, "office") == (2, [(*added, 0.0), ("small-arms", "en", 1, 1, 0, 0.5, 1.0)])
    assert told(desk, "south") == (1, [(*added, 0.0), ("small-arms", "en", 1, 0, 0, 1.0, 1.0)])
    versions = desk.world.client.get("/v1/tagging/precision", headers=desk.people["far"]).json()["definitions"]
    assert [len(one["versions"]) for one in versions] == [1, 1]
    assert all(one["versions"][0]["version"].startswith(one["value"]) for one in versions)
