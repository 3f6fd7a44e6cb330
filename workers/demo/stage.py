"""The demo's stage: the network enrolled through the API, and the keys and sign-ins it needs, kept for a second run."""

import json
import os
import secrets
import string
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel
from sqlmodel import Session, select

from services import network as parties
from services.kernel import clock, db
from workers.demo import exercise

PARTNER = ["reports:read", "reports:write", "indicators:read", "digests:read", "digests:build", "replay"]
ADMIN = ["network:admin", "observations:write", "replay"]
FIRST = "exercise-secretariat"
FEED = "ucdp-replay"


class Kept(BaseModel):
    """What a data folder remembers of its demo. `today` is fixed, so that a second run sends the same bodies."""

    today: date
    admin: str = ""
    password: str
    keys: dict[str, str] = {}

    @cached_property
    def password_hash(self) -> str:
        """The hash that all its people have; slow to make, so once."""
        return parties.hash_password(self.password)


class Refused(Exception):
    """The service refused something that the demo relies on."""


class Stage:
    """The service's API as the demo's parties use it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._path = folder / "demo.json"
        self.client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        self._signed_in: dict[str, httpx.Client] = {}
        self.kept = self._remembered()

    def close(self) -> None:
        """Close all connections."""
        for client in (self.client, *self._signed_in.values()):
            client.close()

    def enrol(self) -> int:
        """Enrol what is not enrolled yet: organisations, members, groups, keys. Returns how many organisations."""
        cast = exercise.network()
        body: dict[str, Any]
        there = {one["slug"] for one in self.get(self.kept.admin, "/v1/organisations")}
        for one in cast.organisations:
            if one.slug not in there:
                body = {
                    "slug": one.slug,
                    "kind": one.kind,
                    "countries": one.countries,
                    "timezone": one.time_zone,
                }
                names = {"name_en": one.name.en, "name_ru": one.name.ru, "parent": one.parent}
                self.post(self.kept.admin, "/v1/organisations", body | names)
        known = {one["login"] for one in self.get(self.kept.admin, "/v1/members")}
        with db.transaction() as session:
            _people(session, [one for one in cast.members if one.login not in known], self.kept.password_hash)
        formed = {one["slug"] for one in self.get(self.kept.admin, "/v1/groups")}
        for group in cast.groups:
            if group.slug not in formed:
                body = {"slug": group.slug, "name_en": group.name.en, "name_ru": group.name.ru}
                self.post(self.kept.admin, "/v1/groups", body | {"members": group.organisations})
        for one in cast.organisations:
            if one.slug not in self.kept.keys:
                # An administrator makes no key that reads for others: this is done on the machine, as `ewn` may.
                new = parties.NewKey(name="demo", organisation=one.slug, scopes=PARTNER)
                with db.transaction() as session:
                    self.kept.keys[one.slug] = parties.issue(session, new, by=None)[1]
                self._remember()
        return len(cast.organisations)

    def get(self, key: str, path: str, **query: Any) -> Any:
        """Read with a key."""
        return _body(self.client.get(path, params=query, headers=_auth(key)))

    def post(self, key: str, path: str, body: dict[str, Any]) -> Any:
        """Write with a key."""
        return _body(self.client.post(path, json=body, headers=_auth(key)))

    def as_member(self, login: str) -> httpx.Client:
        """A browser's client, signed in on the page."""
        if login not in self._signed_in:
            client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)
            answer = client.post("/sign-in", data={"login": login, "password": self.kept.password})
            if answer.status_code != httpx.codes.SEE_OTHER:
                raise Refused(f"{login} could not sign in: {answer.status_code}")
            self._signed_in[login] = client
        return self._signed_in[login]

    def read(self, login: str, path: str, **query: Any) -> httpx.Response:
        """Read as a member who is signed in; it must be there."""
        answer = self.as_member(login).get(path, params=query)
        if answer.status_code != httpx.codes.OK:
            raise Refused(f"{path} for {login}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _remembered(self) -> Kept:
        if self._path.exists():
            self.kept = Kept.model_validate_json(self._path.read_text(encoding="utf-8"))
        else:
            password = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(16))
            self.kept = Kept(today=clock.now().date(), password=password)
            self._remember()  # before anybody is made who has this password
        if not self.kept.admin:
            self.kept.admin = _first_key(self.kept.password_hash)
            self._remember()
        return self.kept

    def _remember(self) -> None:
        text = json.dumps(self.kept.model_dump(mode="json"), indent=1)
        beside = self._path.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        beside.replace(self._path)  # whole or not at all


def _first_key(password_hash: str) -> str:
    """Outside the API: the first organisation, its administrator, and the administrator's key. A run that was killed
    may have made the first two already."""
    cast = exercise.network()
    one = next(party for party in cast.organisations if party.slug == FIRST)
    organisation = parties.NewOrganisation(
        slug=one.slug, name_en=one.name.en, name_ru=one.name.ru, kind="secretariat",
        countries=one.countries, timezone=one.time_zone,
    )  # fmt: skip
    with db.transaction() as session:
        if session.exec(select(parties.Organisation).where(parties.Organisation.slug == one.slug)).first() is None:
            parties.enrol(session, organisation, by=None)
            _people(session, [person for person in cast.members if "administrator" in person.roles], password_hash)
        key = parties.NewKey(name="demo administrator", organisation=FIRST, scopes=ADMIN)
        return parties.issue(session, key, by=None)[1]


def _people(session: Session, cast: list[exercise.Member], password_hash: str) -> None:
    """The demo's people, all with one password: no act of the API gives anybody a password."""
    for one in cast:
        told = {"login": one.login, "name": one.name.en, "organisation": one.organisation}
        person = parties.NewMember.model_validate(told | {"roles": one.roles, "language": one.locale})
        parties.add_member(session, person, password_hash=password_hash, by=None)


def _auth(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _body(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise Refused(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:500]}")
    return answer.json() if answer.content else None
