"""How tests attach files, list them and look into the store."""

from pathlib import Path
from typing import Any

from httpx2 import Response

from services.kernel.config import settings
from tests.attachments import files
from tests.world import World


def attach(
    world: World, who: str | dict[str, str], reference: str, data: bytes = files.text(), name: str = "note.txt"
) -> Response:
    """Attach a file; `who` is an organisation's key, or headers."""
    headers = world.auth(who) if isinstance(who, str) else who
    sent = {"file": (name, data, "application/octet-stream")}
    return world.client.post(f"/v1/reports/{reference}/attachments", files=sent, headers=headers)


def attached(world: World, who: str, reference: str, data: bytes = files.text(), name: str = "note.txt") -> str:
    answer = attach(world, who, reference, data, name)
    assert answer.status_code == 201, answer.text
    return f"/v1/reports/{reference}/attachments/{answer.json()['reference']}"


def stored() -> list[Path]:
    """The files that lie in the store."""
    return sorted(path for path in (settings().data_dir / "attachments").rglob("*") if path.is_file())


def listed(world: World, who: str, reference: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.get(who, f"/v1/reports/{reference}/attachments")["attachments"]
    return found


def copied(world: World, data: bytes, name: str) -> bytes:
    """What another organisation is given of a file."""
    path = attached(world, "north", world.submit("north"), data, name)
    world.settle()
    answer = world.raw("south", path)
    assert answer.status_code == 200, (answer.text, world.raw("north", path.rpartition("/")[0]).text)
    return answer.content
