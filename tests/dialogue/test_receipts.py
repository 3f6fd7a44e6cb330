"""A receipt proves what was taken in and when, to anybody who holds the public key, without this service."""

import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.kernel import keyfile
from services.kernel.config import settings
from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


def documented() -> Any:
    """The function that docs/api.md gives for verifying a receipt."""
    (block,) = re.findall(r"```python\n(# verify a receipt\n.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(block, found)
    return found["verify"]


def receipt(world: World, slug: str, reference: str, **query: Any) -> dict[str, Any]:
    return dict(world.get(slug, f"/v1/reports/{reference}/receipt", **query))


def test_the_lines_of_the_documentation_verify_a_receipt_and_refuse_one_that_was_changed(world: World) -> None:
    world.enrol("north")
    reference = world.submit("north")
    given, keys = receipt(world, "north", reference), world.get("north", "/v1/receipts/key")
    verify = documented()
    verify(given, keys)
    for name, value in (("digest", "0" * 64), ("revision", 2), ("received_at", "2026-10-01T12:00:00Z")):
        with pytest.raises(InvalidSignature):
            verify(given | {name: value}, keys)


@pytest.mark.both_kinds
def test_each_revision_has_a_receipt_of_its_own_that_says_when_it_came(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.enrol("north")
    reference = world.submit("north")
    first = receipt(world, "north", reference)
    monkeypatch.setenv("EWN_CLOCK", "2026-11-02T09:00:00+00:00")
    settings.cache_clear()
    world.client.put(f"/v1/reports/{reference}", json=report(2, title="Another title"), headers=world.auth("north"))
    second = receipt(world, "north", reference)
    assert receipt(world, "north", reference, revision=1) == first
    assert (first["revision"], first["revised_at"]) == (1, None)
    assert (second["revision"], second["revised_at"]) == (2, "2026-11-02T09:00:00Z")
    assert second["received_at"] == first["received_at"]
    assert second["digest"] != first["digest"]
    keys = world.get("north", "/v1/receipts/key")
    documented()(first, keys)
    documented()(second, keys)
    missing = world.raw("north", f"/v1/reports/{reference}/receipt", revision=3)
    assert (missing.status_code, missing.json()["type"]) == (404, "/docs/problems#no-such-revision")


def test_a_receipt_is_its_owners_and_outlives_the_words(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    reference = world.submit("north")
    given = receipt(world, "north", reference)
    assert world.raw("south", f"/v1/reports/{reference}/receipt").status_code == 403
    hidden = world.submit("north", marking=amber())
    assert world.raw("south", f"/v1/reports/{hidden}/receipt").status_code == 404
    body = {"reference": reference, "reason": "mistaken"}
    assert (
        world.client.post(f"/v1/reports/{reference}/recall", json=body, headers=world.auth("north")).status_code == 200
    )
    assert receipt(world, "north", reference) == given


def test_a_key_put_before_the_old_one_signs_from_then_on_and_both_verify(world: World, configured: Path) -> None:
    world.enrol("north")
    old = receipt(world, "north", world.submit("north"))
    place = configured / "receipt-key"
    assert place.stat().st_mode & 0o777 == 0o600
    held = place.read_bytes()
    place.unlink()
    keyfile.signer(place, make=True)
    place.write_bytes(place.read_bytes() + held)
    new = receipt(world, "north", world.submit("north"))
    keys = world.get("north", "/v1/receipts/key")
    assert [one["signs"] for one in keys["keys"]] == [True, False]
    assert [one["key"] for one in keys["keys"]] == [new["key"], old["key"]]
    documented()(old, keys)
    documented()(new, keys)


def test_without_a_key_that_can_be_read_there_is_no_receipt_rather_than_one_unsigned(
    world: World, configured: Path
) -> None:
    world.enrol("north")
    reference = world.submit("north")
    (configured / "receipt-key").write_text("nothing", encoding="utf-8")
    answer = world.raw("north", f"/v1/reports/{reference}/receipt")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_a_foreign_key_verifies_nothing(world: World) -> None:
    world.enrol("north")
    given, keys = receipt(world, "north", world.submit("north")), world.get("north", "/v1/receipts/key")
    keys["keys"][0]["public"] = keyfile.raw(Ed25519PrivateKey.generate().public_key()).hex()
    with pytest.raises(InvalidSignature):
        documented()(given, keys)


def test_a_bulk_line_leads_to_a_signed_receipt(world: World) -> None:
    world.enrol("north")
    ada = signed_in("ada", "north", "focal_point")
    sent = world.post("north", report()).json()
    assert "signature" not in sent
    person = world.client.get(f"/v1/reports/{sent['reference']}/receipt", headers=ada).json()
    assert person == receipt(world, "north", sent["reference"])
    assert person["digest"] == sent["digest"]
