"""Pages tell no more than the API: what its routes refuse, no form and no receipt gives away."""

import re

from tests.persons import signed_in
from tests.world import World, report

HTML = {"Accept": "text/html"}
FORM = {
    "key": "one-and-the-same", "act": "check", "title": "A note", "text": "Words", "place": "KG-B", "status": "actual",
    "occurred_from": "2026-10-10", "occurred_to": "2026-10-10", "source": "own", "attribution": "named",
}  # fmt: skip


def test_a_form_that_names_a_hidden_organisation_is_answered_as_one_that_names_nobody(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    world.enrol("veiled", hidden=True)
    signed_in("vera", "veiled", "focal_point")
    ben = signed_in("ben", "south", "focal_point") | HTML

    def answer(body: dict[str, str], name: str) -> tuple[int, str]:
        got = world.client.post("/submit/incident", data=FORM | body, headers=ben)
        return got.status_code, re.sub(f'{name}|name="whose" value="[^"]*"', "...", got.text)

    for hidden, never, named in (
        ("veiled", "zilch", lambda name: {"tlp": "AMBER", "organisations": name}),
        ("vera", "noname", lambda name: {"tlp": "RED", "persons": name}),
        ("veiled", "zilch", lambda name: {"tlp": "GREEN", "source": "relayed", "source_organisation": name}),
    ):
        there, missing = answer(named(hidden), hidden), answer(named(never), never)
        assert there == missing
        assert there[0] == 422


def test_the_receipt_of_red_is_its_senders_and_not_of_a_colleague_whom_it_names(world: World) -> None:
    world.enrol("north")
    ada = signed_in("ada", "north", "focal_point") | HTML
    abe = signed_in("abe", "north", "focal_point") | HTML
    red = {"tlp": "RED", "attribution": "named", "persons": ["abe"]}
    told = world.client.post("/v1/reports", json=report(marking=red), headers=ada).json()["reference"]
    path = f"/reports/{told}/receipt"
    assert world.client.get(path, headers=ada).status_code == 200
    assert world.client.get(f"/reports/{told}", headers=abe).status_code == 200
    assert world.client.get(path, headers=abe).status_code == 404
    assert world.client.get(f"/v1{path}", headers=abe).status_code == 403
