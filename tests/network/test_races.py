"""Two changes of the network at once: the second waits, then is refused in words; and a key's end reaches everybody."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from services import network
from services.kernel import clock, db
from services.kernel.errors import Conflict, Unauthenticated
from services.network.access import keys
from tests.world import World, report

pytestmark = pytest.mark.one_kind


def enrol(session: Session) -> None:
    new = network.NewOrganisation(slug="twin", name_en="Twin", name_ru="Twin", kind="state")
    network.enrol(session, new, by=None)


def invite(session: Session) -> None:
    new = network.NewMember(login="twin", name="Twin", organisation="north", roles=["analyst"])
    network.add_member(session, new, password_hash="none", by=None)


def form(session: Session) -> None:
    network.form_group(session, network.NewGroup(slug="twins", name_en="Twins", name_ru="Twins"), by=None)


def join(session: Session) -> None:
    network.join(session, "ring", "north", by=None)


@pytest.mark.parametrize("act", [enrol, invite, form, join])
def test_two_at_once_are_one_done_and_one_refused_in_words(postgresql: str, act: Callable[[Session], Any]) -> None:
    with db.transaction() as session:
        for slug in ("north", "south"):
            new = network.NewOrganisation(slug=slug, name_en=slug, name_ru=slug, kind="state")
            network.enrol(session, new, by=None)
        network.form_group(session, network.NewGroup(slug="ring", name_en="Ring", name_ru="Ring"), by=None)
    began, may_end, outcomes = threading.Event(), threading.Event(), list[object]()

    def first() -> None:
        with db.transaction() as session:
            act(session)
            began.set()
            may_end.wait(30)
        outcomes.append(None)

    def second() -> None:
        began.wait(30)
        try:
            with db.transaction() as session:
                network.directory(session)  # it has looked around before, as a request has
                act(session)
            outcomes.append(None)
        except Exception as error:  # noqa: BLE001 -- which it is, is the test
            outcomes.append(error)

    threads = [threading.Thread(target=one) for one in (first, second)]
    for one in threads:
        one.start()
    threading.Timer(0.3, may_end.set).start()
    for one in threads:
        one.join(60)
    assert len(outcomes) == 2
    assert sorted(isinstance(one, Conflict) for one in outcomes) == [False, True], outcomes
    assert None in outcomes


def key_of(world: World, scopes: list[str], **more: object) -> tuple[str, dict[str, str]]:
    with db.transaction() as session:
        row, key = network.issue(
            session, network.NewKey(name="one", organisation="north", scopes=scopes, **more), by=None
        )
        return row.prefix, {"Authorization": f"Bearer {key}"}


def test_a_reader_meanwhile_does_not_make_a_revoked_key_live_on(world: World) -> None:
    world.enrol("north")
    prefix, headers = key_of(world, ["reports:write", "reports:read"])
    ask = lambda: world.client.post("/v1/reports?validate=true", json=report(), headers=headers)  # noqa: E731
    with db.transaction() as session:
        network.revoke(session, prefix, by=None)
        assert ask().status_code == 200, "not committed yet"
    assert ask().status_code == 401


def test_what_was_read_before_an_end_is_not_remembered_after_it(world: World) -> None:
    world.enrol("north")
    _, headers = key_of(world, ["reports:write"])
    key = headers["Authorization"].partition(" ")[2]
    remember = keys._remembering()
    keys.forget()
    remember(key, None, network.Caller(1, key_id=1))
    assert keys.remembered(key) is None


def test_only_the_intake_trusts_the_memory_and_never_for_an_administrator(world: World) -> None:
    world.enrol("north")
    _, headers = key_of(world, ["network:admin", "reports:write"])
    key = headers["Authorization"].partition(" ")[2]
    assert world.client.get("/v1/me", headers=headers).status_code == 200
    assert keys.remembered(key) is None


def test_a_remembered_key_ends_when_it_expires(world: World) -> None:
    world.enrol("north")
    end = clock.now() + timedelta(seconds=5)
    _, headers = key_of(world, ["reports:write"], expires_at=end)
    key = headers["Authorization"].partition(" ")[2]
    with db.reading() as session:
        keys.by_key(session, key)
    assert keys.remembered(key) is not None
    with clock.at(end):
        assert keys.remembered(key) is None
        with db.reading() as session, pytest.raises(Unauthenticated):
            keys.by_key(session, key)


@pytest.mark.both_kinds
def test_another_process_ends_a_key_and_this_one_reads_nothing_with_it(world: World) -> None:
    world.enrol("north")
    prefix, headers = key_of(world, ["reports:read", "reports:write"])
    assert world.client.post("/v1/reports?validate=true", json=report(), headers=headers).status_code == 200
    with db.engine().begin() as connection:  # no hook of this process hears of it
        at = clock.now().isoformat(sep=" ")
        connection.exec_driver_sql(f"UPDATE api_key SET revoked_at = '{at}' WHERE prefix = '{prefix}'")
    assert world.client.get("/v1/reports", headers=headers).status_code == 401
