"""The pack may be edited under a network that counted by it: what was counted can be taken out, and counted anew."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from services import vocabulary
from services.kernel.config import settings
from tests.indicators.test_recount import counted
from tests.world import World
from workers import recount

HEAD = "code,parent,level,name_en,name_ru,names,lat,lon,population\nXR,,region,Region,Регион,,0,0,0\n"
LANDS = "XA,XR,country,Landia,Ландия,,1,2,3\nXB,XR,country,Montia,Монтия,,1,2,3\n"
UNIT = "X-U,{},unit,Quarter,Квартал,,1,2,3\n"
Edit = Callable[..., None]


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edit]:
    """Lay the pack anew, as after an edit and a restart."""
    laid = 0

    def lay(places: str, scale: int = 1) -> None:
        nonlocal laid
        laid += 1
        pack = tmp_path / f"pack{laid}"
        pack.mkdir()
        (pack / "places.csv").write_text(HEAD + places, encoding="utf-8")
        watched = yaml.safe_load((Path(vocabulary.__file__).parent / "pack" / "indicators.yaml").read_text())
        for one in watched:
            if one["code"] == "armed-violence-deaths":
                one["scale"] = scale
        (pack / "indicators.yaml").write_text(yaml.safe_dump(watched), encoding="utf-8")
        monkeypatch.setenv("EWN_PACK", str(pack))
        settings.cache_clear()

    yield lay
    monkeypatch.delenv("EWN_PACK")
    settings.cache_clear()


def deaths(world: World, place: str) -> float:
    query = {"place": place, "from": "2026-10-01", "to": "2026-10-31"}
    answer = world.get("north", "/v1/indicators/armed-violence-deaths/series", **query)
    return float(answer["points"][0]["value"])


def withdraw(world: World, reference: str) -> None:
    answer = world.client.post(
        f"/v1/reports/{reference}/withdrawal", json={"reason": "mistaken"}, headers=world.auth("north")
    )
    assert answer.status_code == 204
    world.settle()


def test_a_report_at_a_place_that_the_pack_lost_leaves_nothing_when_it_is_withdrawn(world: World, edit: Edit) -> None:
    edit(LANDS + UNIT.format("XA"))
    world.enrol("north")
    reference = world.submit("north", place="X-U", figures={"killed": 3})
    world.settle()
    edit(LANDS)
    assert world.get("north", f"/v1/reports/{reference}")["place"] == "X-U"
    assert len(world.get("north", "/v1/reports", place="XR")["reports"]) == 1
    withdraw(world, reference)
    assert counted() == {"cells": [], "overlaps": [], "contributions": [], "incidents": []}


@pytest.mark.one_kind
@pytest.mark.parametrize("after", ["withdrawn", "recounted"])
def test_a_unit_that_moved_leaves_nothing_where_it_was(world: World, edit: Edit, after: str) -> None:
    edit(LANDS + UNIT.format("XA"))
    world.enrol("north")
    reference = world.submit("north", place="X-U", figures={"killed": 3})
    world.settle()
    edit(LANDS + UNIT.format("XB"))
    if after == "recounted":
        assert recount.recount(retag=True) == 1
        world.settle()
        assert [deaths(world, place) for place in ("X-U", "XA", "XB", "XR")] == [3, 0, 3, 3]
    withdraw(world, reference)
    assert counted() == {"cells": [], "overlaps": [], "contributions": [], "incidents": []}


def test_a_changed_scale_is_right_once_all_is_recounted(
    world: World, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(LANDS)
    world.enrol("north")
    for _ in range(5):
        world.submit("north", place="XA", figures={"killed": 3})
    world.settle()
    edit(LANDS, scale=10)
    monkeypatch.setattr(recount, "CHUNK", 2)
    assert recount.recount(retag=False) == 5
    world.settle()
    assert deaths(world, "XA") == 15
