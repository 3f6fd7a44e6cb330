"""Whose a report is: its organisation's; RED is its submitter's alone, whoever else may read it."""

from typing import Any

import pytest
from httpx2 import Response

from services import network
from services.kernel import db
from tests.persons import signed_in
from tests.reports.rows import rows
from tests.world import World, amber, report

GREEN = {"tlp": "GREEN", "attribution": "named"}


def red(*persons: str) -> dict[str, Any]:
    return {"tlp": "RED", "attribution": "named", "persons": list(persons)}


class Desk:
    """A world in which persons act too: each by name, an organisation's key by its slug."""

    def __init__(self, world: World) -> None:
        self.world = world
        for slug in ("north", "south"):
            world.enrol(slug)
        self.headers = {slug: world.auth(slug) for slug in world.keys}
        for login, slug in (("ada", "north"), ("abe", "north"), ("ben", "south")):
            self.headers[login] = signed_in(login, slug, "focal_point")

    def ask(self, who: str, method: str, path: str, body: Any = None, **query: Any) -> Response:
        return self.world.client.request(method, path, json=body, params=query, headers=self.headers[who])

    def send(self, who: str, **overrides: Any) -> str:
        self.world.sent += 1
        answer = self.ask(who, "POST", "/v1/reports", report(number=self.world.sent) | overrides)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["reference"])

    def sees(self, who: str, reference: str) -> bool:
        return self.ask(who, "GET", f"/v1/reports/{reference}").status_code == 200

    def change(self, who: str, reference: str) -> dict[str, int]:
        """How each act of an owner is answered to somebody, the taking back last."""
        path = f"/v1/reports/{reference}"
        return {
            "receipt": self.ask(who, "GET", f"{path}/receipt").status_code,
            "readers": self.ask(who, "GET", f"{path}/readers").status_code,
            "revise": self.ask(who, "PUT", path, report() | {"marking": red("abe")}).status_code,
            "mark": self.ask(who, "PUT", f"{path}/marking", {"marking": red("abe")}).status_code,
            "withdraw": self.ask(who, "POST", f"{path}/withdrawal", {"reason": "mistaken"}).status_code,
        }


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_naming_a_colleague_in_red_does_not_make_it_theirs(desk: Desk) -> None:
    reference = desk.send("ada", marking=red("abe"))
    assert desk.sees("abe", reference)
    before = rows()
    assert set(desk.change("abe", reference).values()) == {403}
    assert set(desk.change("north", reference).values()) == {404}
    assert rows() == before
    assert desk.ask("abe", "GET", f"/v1/reports/{reference}").json()["marking"] is None
    assert list(desk.change("ada", reference).values()) == [200, 200, 200, 200, 204]


def test_red_is_not_among_a_colleagues_own_reports(desk: Desk) -> None:
    reference = desk.send("ada", marking=red("abe"))
    for who, mine in (("ada", [reference]), ("abe", []), ("north", [])):
        found = desk.ask(who, "GET", "/v1/reports", mine=True).json()["reports"]
        assert [one["reference"] for one in found] == mine, who


@pytest.mark.parametrize("how", ["marking", "revision"])
def test_whoever_marks_it_red_the_submitter_stays_a_reader_and_becomes_the_owner(desk: Desk, how: str) -> None:
    reference = desk.send("ada", marking=amber("south"))
    path = f"/v1/reports/{reference}"
    body = {"marking": red("ben")}
    answer = (
        desk.ask("abe", "PUT", f"{path}/marking", body)
        if how == "marking"
        else desk.ask("abe", "PUT", path, report() | body)
    )
    assert answer.status_code == 200
    assert [desk.sees(who, reference) for who in ("ada", "abe", "ben", "north")] == [True, False, True, False]
    assert desk.ask("abe", "POST", f"{path}/withdrawal", {"reason": "mistaken"}).status_code == 404
    assert desk.ask("ada", "POST", f"{path}/withdrawal", {"reason": "mistaken"}).status_code == 204


def test_a_key_keeps_hold_of_the_red_that_it_sent_and_reads_none_of_it(desk: Desk) -> None:
    reference = desk.send("north", marking=red("ada", "ben"))
    path = f"/v1/reports/{reference}"
    assert not desk.sees("north", reference)
    assert desk.ask("north", "GET", "/v1/reports", mine=True).json()["reports"] == []
    assert desk.ask("north", "GET", f"{path}/receipt").json()["reference"] == reference
    assert desk.ask("north", "PUT", f"{path}/marking", {"marking": red("ada")}).status_code == 200
    assert [desk.sees(who, reference) for who in ("ada", "ben")] == [True, False]
    assert desk.ask("ada", "POST", f"{path}/withdrawal", {"reason": "mistaken"}).status_code == 403
    assert desk.ask("north", "POST", f"{path}/withdrawal", {"reason": "mistaken"}).status_code == 204


def end(desk: Desk, owner: str) -> None:
    """Whoever sent it can act no more."""
    with db.transaction() as session:
        if owner == "north":
            network.revoke(session, desk.world.keys["north"].split("_")[1], by=None)
        else:
            network.deactivate(session, owner, by=None)


@pytest.mark.parametrize("owner", ["ada", "north"])
@pytest.mark.parametrize("act", ["withdrawal", "recall"])
def test_red_whose_owner_can_act_no_more_is_taken_back_by_a_focal_point_unseen(
    desk: Desk, owner: str, act: str
) -> None:
    desk.headers["ann"] = signed_in("ann", "north", "analyst")
    reference = desk.send(owner, marking=red("ben"))
    path = f"/v1/reports/{reference}"
    body = {"reason": "A source is in danger."} | ({"reference": reference} if act == "recall" else {})
    assert desk.ask("abe", "POST", f"{path}/{act}", body).status_code == 404, "its owner can act"
    end(desk, owner)
    assert desk.ask("ann", "POST", f"{path}/{act}", body).status_code == 404
    assert desk.ask("ben", "POST", f"{path}/{act}", body).status_code == 403
    before = desk.change("abe", reference) if act == "recall" else {}
    assert {before[name] for name in before if name != "withdraw"} <= {404}
    answer = desk.ask("abe", "POST", f"{path}/{act}", body)
    assert answer.status_code == (200 if act == "recall" else 204), answer.text
    assert not desk.sees("ben", reference)
    for at in ("", "/receipt", "/disclosures", "/readers"):
        assert desk.ask("abe", "GET", f"{path}{at}").status_code == 404, at


@pytest.mark.one_kind
def test_a_repeat_tells_a_colleague_nothing_of_what_became_red(desk: Desk) -> None:
    body = report(own_reference="N-1", marking=GREEN)
    reference = desk.ask("ada", "POST", "/v1/reports", body).json()["reference"]
    assert desk.ask("abe", "POST", "/v1/reports", body | {"title": "Another"}).json()["reference"] == reference
    assert desk.ask("ada", "PUT", f"/v1/reports/{reference}/marking", {"marking": red()}).status_code == 200
    before = rows()
    for again in (body, body | {"title": "Another"}):
        answer = desk.ask("abe", "POST", "/v1/reports", again)
        assert (answer.status_code, answer.json()["type"]) == (409, "/docs/problems#own-reference-taken")
        assert reference not in answer.text
    owner = desk.ask("ada", "POST", "/v1/reports", body)
    assert (owner.status_code, owner.json()["reference"]) == (202, reference)
    assert desk.ask("ada", "POST", "/v1/reports", body | {"title": "Another"}).json()["reference"] == reference
    assert rows() == before


@pytest.mark.one_kind
def test_a_key_of_a_repeat_tells_a_colleague_nothing_of_what_became_red(desk: Desk) -> None:
    key = {"Idempotency-Key": "k-1"}
    client, body = desk.world.client, report(marking=GREEN)
    reference = client.post("/v1/reports", json=body, headers=desk.headers["ada"] | key).json()["reference"]
    desk.ask("ada", "PUT", f"/v1/reports/{reference}/marking", {"marking": red()})
    answer = client.post("/v1/reports", json=body, headers=desk.headers["abe"] | key)
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs/problems#key-reused")
    assert reference not in answer.text


def test_red_that_a_person_made_of_a_keys_report_is_no_longer_the_keys(world: World) -> None:
    world.enrol("north")
    sent = world.submit("north")
    ada = signed_in("ada", "north", "focal_point")
    red = {"marking": {"tlp": "RED", "attribution": "named"}}
    assert world.client.put(f"/v1/reports/{sent}/marking", json=red, headers=ada).status_code == 200
    green = {"marking": {"tlp": "GREEN", "attribution": "named"}}
    assert world.client.put(f"/v1/reports/{sent}/marking", json=green, headers=world.auth("north")).status_code == 404
    assert world.client.get(f"/v1/reports/{sent}/receipt", headers=world.auth("north")).status_code == 404
