"""A small network to test with: real application, real database, work settled in this process."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session, select

from services import digests, network
from services.kernel import db
from services.kernel.events import Outbox, reactions
from workers.handler import run

SOMEWHERE = ("192.0.2.7", 50_000)  # where the browsers and programs of tests come from
TODAY = date(2026, 11, 1)
CHEAP = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)  # read like any other: a hash says how it was made
EVERYTHING = [
    "reports:read", "reports:write", "requests:write", "tear-lines:ask", "indicators:read",
    "digests:read", "digests:build", "outcomes:tell", "threads:write", "inquiries:write", "translations:write",
]  # fmt: skip


class World:
    """One service with its parties. Acts go through HTTP with keys, as a partner's would."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.keys: dict[str, str] = {}
        self.keeper = ""  # a key that makes assignments
        self.sent = 0

    def enrol(self, slug: str, kind: str = "state", **more: Any) -> None:
        """Enrol an organisation and give it a key with all that a partner may do."""
        new = network.NewOrganisation(slug=slug, name_en=slug.title(), name_ru=slug.title(), kind=kind, **more)
        with db.transaction() as session:
            network.enrol(session, new, by=None)
            self.keys[slug] = _issued(session, slug, EVERYTHING)

    def key(self, slug: str, scopes: list[str]) -> str:
        """A key of an organisation."""
        with db.transaction() as session:
            return _issued(session, slug, scopes)

    def group(self, slug: str, *members: str) -> None:
        """Form a sharing group."""
        new = network.NewGroup(slug=slug, name_en=slug.title(), name_ru=slug.title(), members=list(members))
        with db.transaction() as session:
            network.form_group(session, new, by=None)

    def member(self, login: str, slug: str, *roles: str, password: str = "a long password", cheap: bool = True) -> None:
        """A person of an organisation; not cheap: its password is hashed with as much work as in service."""
        new = network.NewMember(login=login, name=login.title(), organisation=slug, roles=list(roles))
        hashed = CHEAP.hash(password) if cheap else network.hash_password(password)
        with db.transaction() as session:
            network.add_member(session, new, password_hash=hashed, by=None)

    def post(self, slug: str, body: Mapping[str, Any], **headers: str) -> Response:
        """Hand in a report as an organisation."""
        return self.client.post(
            "/v1/reports",
            content=json.dumps(body),
            headers={"Content-Type": "application/json", **self.auth(slug), **headers},
        )

    def submit(self, slug: str, **overrides: Any) -> str:
        """Hand in a report and keep its reference."""
        self.sent += 1
        answer = self.post(slug, report(number=self.sent) | overrides)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["reference"])

    def attach(
        self, slug: str | dict[str, str], reference: str, data: bytes = b"A note.", name: str = "note.txt"
    ) -> str:
        """Attach a file as an organisation; reference of report and file, as they stand in its address."""
        headers = slug if isinstance(slug, dict) else self.auth(slug)
        answer = self.client.post(f"/v1/reports/{reference}/attachments", files={"file": (name, data)}, headers=headers)
        assert answer.status_code == 201, answer.text
        return f"{reference}/attachments/{answer.json()['reference']}"

    def get(self, slug: str, path: str, **query: Any) -> Any:
        """Read something as an organisation; it must be there."""
        answer = self.raw(slug, path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def raw(self, slug: str, path: str, **query: Any) -> Response:
        """Read something as an organisation, whatever the answer."""
        return self.client.get(path, params=query, headers=self.auth(slug))

    def auth(self, slug: str) -> dict[str, str]:
        """The headers that an organisation's key gives."""
        return {"Authorization": f"Bearer {self.keys[slug]}"}

    def settle(self) -> None:
        """Run all waiting reactions until none is left, as relay and workers would."""
        for _ in range(400):  # files come again after a few seconds of copying
            with db.reading() as session:
                rows = session.exec(select(Outbox).order_by(Outbox.id)).all()
            if not rows:
                return
            for name in reactions():
                ids = [row.key for row in rows if row.reaction == name]
                for some in db.batches(ids, 100):
                    run(name, some)
        raise AssertionError("the work does not settle")


def _issued(session: Session, slug: str, scopes: list[str]) -> str:
    return network.issue(session, network.NewKey(name="test", organisation=slug, scopes=scopes), by=None)[1]


def report(number: int = 1, **overrides: Any) -> dict[str, Any]:
    """A report body that is valid; texts differ by number, so that they are no near duplicates."""
    filler = " ".join(
        f"{word}{number * 7919 % 9973}" for word in ("alpha", "bravo", "cedar", "delta", "ember", "fjord")
    )
    body: dict[str, Any] = {
        "title": f"Armed clash number {number}",
        "text": f"Armed men attacked a post. {filler}. Notes {number**3} end.",
        "kind": "incident",
        "occurred_from": "2026-10-10",
        "occurred_to": "2026-10-10",
        "place": "KG-B",
        "themes": ["armed-attack"],
        "marking": {"tlp": "GREEN", "attribution": "named"},
    }
    return body | overrides


def amber(
    *organisations: str, groups: tuple[str, ...] = (), strict: bool = False, attribution: str = "named"
) -> dict[str, Any]:
    """An AMBER marking for named recipients."""
    return {
        "tlp": "AMBER+STRICT" if strict else "AMBER",
        "attribution": attribution,
        "organisations": list(organisations),
        "groups": list(groups),
    }


def expect(world: World, organisation: str, **overrides: Any) -> str:
    """Expect a report of an organisation, as who keeps the network; its reference."""
    body: dict[str, Any] = {
        "organisation": organisation, "form": "incident", "period": "month", "due_days": 5, "due_hour": 12,
        "marking": {"tlp": "GREEN", "attribution": "named"}, "starts_on": "2026-01-01",
    }  # fmt: skip
    world.keeper = world.keeper or world.key(organisation, ["assignments:write", "network:admin"])
    headers = {"Authorization": f"Bearer {world.keeper}"}
    answer = world.client.post("/v1/assignments", json=body | overrides, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


def build_due(since: datetime, at: datetime) -> None:
    """Freeze the editions that fell due between two instants, as the clock does."""
    with db.reading() as session:
        due = digests.due(session, at=at, since=since)
    for schedule, period in due:
        digests.build_once(schedule=schedule, period=period)
