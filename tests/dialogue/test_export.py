"""The export of what is held on a person holds what it wrote; for others neither words nor what is RED."""

from tests.persons import signed_in
from tests.world import World, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
RED = {"tlp": "RED", "attribution": "named", "persons": ["ada"]}


def test_what_a_person_wrote_is_in_its_export_and_its_words_in_its_own_alone(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    ada, ben = signed_in("ada", "north", "focal_point"), signed_in("ben", "south", "analyst")
    max_ = signed_in("max", "south", "administrator")
    told = [
        world.client.post("/v1/reports", json=report(n, marking=one, language="ru"), headers=ben).json()["reference"]
        for n, one in ((1, GREEN), (2, RED))
    ]
    for reference in told:
        world.client.post(f"/v1/reports/{reference}/thread", json={"text": "We saw it too."}, headers=ada)
    own = {"organisations": ["south"], "question": "Who saw it?", "why": "Why.", "due_on": "2026-11-20"}
    put = world.client.post("/v1/inquiries", json=own | {"marking": GREEN}, headers=ada).json()
    mine = world.client.get("/v1/me/export", headers=ada).json()["said"]
    assert sorted((one["what"], one["about"]) for one in mine) == sorted(
        [("message", told[0]), ("message", told[1]), ("question", put["reference"])]
    )
    assert {one.get("text") or one.get("question") for one in mine} == {"We saw it too.", "Who saw it?"}
    others = world.client.get("/v1/members/ada/export", headers=max_).json()["said"]
    assert sorted((one["what"], one["about"]) for one in others) == sorted(
        [("message", told[0]), ("question", put["reference"])]
    )
    assert all(set(one) == {"what", "about", "at"} for one in others)
