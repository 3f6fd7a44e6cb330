"""A cursor is of use to the viewer and the list that it was made for, and to nobody else."""

import base64

import pytest

from services.kernel.paging import BadCursor, seal, unseal
from tests.world import World, amber

pytestmark = pytest.mark.usefixtures("configured")
POSITION = ["2026-10-01T00:00:00+00:00", "EWN-7KQ4-M2XF-9T3B"]


def made() -> str:
    return seal(POSITION, viewer="organisation 1", scope="reports")


def test_its_own_viewer_and_list_can_open_it() -> None:
    assert unseal(made(), viewer="organisation 1", scope="reports") == POSITION


def test_the_same_position_gives_the_same_text_and_shows_nothing_of_it() -> None:
    assert made() == made()
    assert b"EWN-7KQ4" not in base64.urlsafe_b64decode(made() + "===")
    assert made() != seal(POSITION, viewer="organisation 2", scope="reports")


@pytest.mark.parametrize(("viewer", "scope"), [("organisation 2", "reports"), ("organisation 1", "alerts"), ("", "")])
def test_another_viewer_or_list_cannot(viewer: str, scope: str) -> None:
    with pytest.raises(BadCursor):
        unseal(made(), viewer=viewer, scope=scope)


def test_a_changed_cursor_is_refused_wherever_it_was_changed() -> None:
    raw = base64.urlsafe_b64decode(made() + "=" * (-len(made()) % 4))
    for n in range(len(raw)):
        changed = raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :]
        with pytest.raises(BadCursor):
            unseal(base64.urlsafe_b64encode(changed).decode(), viewer="organisation 1", scope="reports")


@pytest.mark.parametrize("text", ["", "a", "AAAA", "=", "é", "\x00", "W10", '["2026"]', "A" * 400, "../../etc/passwd"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        unseal(text, viewer="organisation 1", scope="reports")


def test_over_http_a_cursor_leads_its_viewer_on_and_is_refused_to_another(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    sent = {world.submit("north", marking=amber("south")) for _ in range(5)}
    page = world.get("north", "/v1/reports", size=2)
    seen, first = [item["reference"] for item in page["reports"]], page["next"]
    while page["next"]:
        page = world.get("north", "/v1/reports", size=2, cursor=page["next"])
        seen += [item["reference"] for item in page["reports"]]
    assert (len(seen), set(seen)) == (5, sent)
    for slug, cursor, wanted in (
        ("south", first, {}),
        ("north", first[:-2] + "AA", {}),
        ("north", first, {"mine": True}),
    ):
        answer = world.raw(slug, "/v1/reports", size=2, cursor=cursor, **wanted)
        assert answer.status_code == 400
        assert answer.json()["field"] == "cursor"
