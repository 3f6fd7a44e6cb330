"""Reactions run on outbox rows: once in effect, whatever is repeated, and nobody is held up by a bad event."""

import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from services.kernel import clock, db
from services.kernel.config import settings
from services.kernel.errors import Stale
from services.kernel.events import EventRow, Outbox, Quarantined, reactions
from services.kernel.model import table
from tests import command
from tests.chaos.fleet import eventually
from tests.kernel.conftest import Poking, waiting
from tests.world import World
from workers import relay
from workers.handler import STALE_TRIES, follow, run

OUTBOX = table(Outbox)
MONTH = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31", "grain": "month"}


def set_rows(ids: list[int], **values: object) -> None:
    with db.transaction() as session:
        session.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(**values))


def quarantined() -> list[Quarantined]:
    with db.reading() as session:
        return list(session.execute(select(Quarantined)).scalars())


@pytest.mark.one_kind
def test_a_message_delivered_ten_times_has_one_effect(poking: Poking) -> None:
    ids = poking.publish(*range(20))
    for _ in range(10):
        run("poke", ids)
        run("poke", ids[::-1][:7])
    assert poking.effects() == dict.fromkeys(range(20), 1)


@pytest.mark.one_kind
def test_every_message_of_a_report_delivered_again_leaves_the_series_as_it_is(world: World) -> None:
    world.enrol("north")
    world.submit("north")
    tagging = [row.key for row in waiting("tag")]
    run("tag", tagging)
    counting = [row.key for row in waiting("count")]
    for _ in range(3):
        run("count", counting)
        run("tag", tagging)
    world.settle()
    answer = world.get("north", "/v1/indicators/armed-violence-incidents/series", **MONTH)
    assert answer["points"][0]["value"] == 1


@pytest.mark.one_kind
def test_a_message_consumes_no_row_of_another_reaction(world: World) -> None:
    """SQLite gives the number of a deleted row to the next one: an old message names rows that are not its own."""
    world.enrol("north")
    world.submit("north")
    tagging = [row.key for row in waiting("tag")]
    run("count", tagging)
    assert [row.key for row in waiting("tag")] == tagging


def test_a_row_that_came_under_an_old_number_while_a_plan_was_made_is_not_lost(poking: Poking) -> None:
    """Two workers hold the same message; while one is still preparing, the other has done it, and new work comes in."""
    ids = poking.publish(1)
    once = [1]

    def meanwhile(_subjects: Sequence[int]) -> None:
        if once and once.pop():
            with ThreadPoolExecutor(1) as other:
                other.submit(run, "poke", ids).result()
                other.submit(poking.publish, 2).result()

    poking.after_prepare = meanwhile
    run("poke", ids)
    run("poke", [row.key for row in waiting("poke")])
    assert poking.effects() == {1: 1, 2: 1}


def test_a_poison_event_among_a_hundred_is_quarantined_and_holds_nobody_up(poking: Poking) -> None:
    poking.poison = {42}
    ids = poking.publish(*range(100))
    run("poke", ids)
    assert poking.effects() == {subject: 1 for subject in range(100) if subject != 42}
    (left,) = waiting("poke")
    assert (left.subject_id, left.tries) == (42, 1)
    assert left.error.startswith("ValueError at workers.handler:")
    assert "poison" not in left.error
    for _ in range(settings().reaction_tries - 1):
        assert not quarantined()
        run("poke", [left.key])
    assert not waiting("poke")
    (held,) = quarantined()
    assert (held.subject_id, held.tries, held.reaction) == (42, settings().reaction_tries, "poke")


def ewn(*words: str) -> str:
    """What the command says."""
    url = db.engine().url.render_as_string(hide_password=False)
    done = command.ewn(*words, EWN_DATA_DIR=settings().data_dir, EWN_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_operator_sees_what_is_quarantined_and_retries_it(poking: Poking) -> None:
    poking.poison = {1, 2}
    ids = poking.publish(1, 2)
    for _ in range(settings().reaction_tries):
        run("poke", ids)
    listed = ewn("quarantine", "list")
    assert "2 quarantined" in listed
    assert listed.count("ValueError at workers.handler:") == 2
    assert all(held.trace in listed for held in quarantined())
    assert "poison" not in listed  # an error's words may be a report's
    first = next(held.key for held in quarantined() if held.subject_id == 1)
    assert "1 handed to the workers again" in ewn("quarantine", "retry", str(first))
    assert [held.subject_id for held in quarantined()] == [2]
    poking.poison = set()
    again = waiting("poke")
    assert [(row.subject_id, row.tries, row.sends) for row in again] == [(1, 0, 0)]
    run("poke", [row.key for row in again])
    assert poking.effects() == {1: 1}


def lease(most: int) -> list[list[int]]:
    with db.transaction() as session:
        return relay._lease(session, "poke", most)


def test_a_clock_that_is_set_back_puts_nothing_off(poking: Poking) -> None:
    """What waits since before the step, and what was leased or rested then, is due in what is now the far future."""
    ids = poking.publish(1, 2)
    set_rows(ids, due_at=clock.machine() + timedelta(hours=1))
    assert lease(10) == []
    with db.transaction() as session:
        relay.wind_back(session)
    assert lease(10) == [ids]
    with db.transaction() as session:
        relay.wind_back(session)
    assert lease(10) == []  # a lease that has just begun is none of these


@pytest.mark.one_kind
def test_a_clock_that_jumps_forward_costs_a_second_message_and_no_second_effect(poking: Poking) -> None:
    ids = poking.publish(1, 2)
    (first,) = lease(10)
    set_rows(ids, due_at=clock.machine() - timedelta(hours=1))  # all leases seem to have ended long ago
    (second,) = lease(10)
    run("poke", first)
    run("poke", second)
    assert poking.effects() == {1: 1, 2: 1}


@pytest.mark.one_kind
def test_a_lost_message_comes_again_where_the_clock_of_the_service_stands_still(
    poking: Poking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EWN_RELAY_LEASE_SECONDS", "0.01")
    settings.cache_clear()
    ids = poking.publish(1)
    assert lease(10) == [ids]
    eventually(lambda: lease(10) == [ids], "it is leased again")


def test_rows_that_were_sent_often_go_alone(poking: Poking) -> None:
    ids = poking.publish(*range(250))
    set_rows(ids[:2], sends=relay.ALONE_AFTER)
    messages = lease(10)
    assert sorted(map(len, messages)) == [1, 1, 48, 100, 100]
    assert {message[0] for message in messages if len(message) == 1} == set(ids[:2])
    assert sorted(one for message in messages for one in message) == ids
    assert lease(10) == []  # leased: not sent again before the lease ends


def test_no_more_is_leased_than_the_queue_has_room_for(poking: Poking) -> None:
    """What waits in the queue longer than its lease would be sent again and again, and the queue never be emptied."""
    ids = poking.publish(*range(250))
    set_rows(ids[100:], sends=relay.ALONE_AFTER)
    assert sorted(map(len, lease(4))) == [1, 1, 1, 100]
    assert sorted(row.sends for row in waiting("poke")).count(relay.ALONE_AFTER + 1) == 3
    assert lease(1) == [[ids[103]]]


def test_a_broker_that_is_away_costs_no_send_while_positions_are_given(
    poking: Poking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sends count towards quarantine: what never left may not be counted."""
    with socket.socket() as nobody:  # bound, and does not listen: connections are refused
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("EWN_REDIS_URL", f"redis://127.0.0.1:{nobody.getsockname()[1]}/0")
        settings.cache_clear()
        poking.publish(1, 2)
        stop = threading.Event()
        relaying = threading.Thread(target=relay.run, args=(stop,))
        relaying.start()
        eventually(lambda: not unplaced(), "positions are given")
        stop.set()
        relaying.join()
    assert [row.sends for row in waiting("poke")] == [0, 0]


def unplaced() -> int:
    with db.reading() as session:
        missing = select(func.count()).select_from(EventRow).where(table(EventRow).c.position.is_(None))
        return session.execute(missing).scalar_one()


def test_a_row_that_ends_its_workers_is_quarantined_without_being_touched_again(poking: Poking) -> None:
    ids = poking.publish(7)
    set_rows(ids, sends=relay.ALONE_AFTER * 2 + 1, tries=settings().reaction_tries - 1)
    run("poke", ids)
    assert (poking.prepared, poking.effects()) == ([], {})
    (held,) = quarantined()
    assert "without an answer" in held.error


@pytest.mark.one_kind
def test_a_stale_plan_is_prepared_again(poking: Poking) -> None:
    ids = poking.publish(1)
    changes = [Stale(), Stale()]

    def changed(_session: object) -> None:
        if changes:
            raise changes.pop()

    poking.before_apply = changed
    run("poke", ids)
    assert poking.prepared == [1, 1, 1]
    assert poking.effects() == {1: 1}
    assert not waiting("poke")


def test_a_plan_that_is_always_stale_waits_for_its_next_turn(poking: Poking) -> None:
    ids = poking.publish(1)

    def changed(_session: object) -> None:
        raise Stale

    poking.before_apply = changed
    run("poke", ids)
    assert len(poking.prepared) == STALE_TRIES
    (row,) = waiting("poke")
    assert (row.tries, poking.effects()) == (0, {})


def test_a_database_that_fails_costs_no_try(poking: Poking) -> None:
    """However long it fails: a worker that lives to say so did not die of the rows."""
    ids = poking.publish(1, 2)

    def fail(session: object) -> None:
        if not db.is_sqlite(session):
            session.execute(text("set local statement_timeout = '1ms'"))
            session.execute(text("select pg_sleep(5)"))
        session.execute(text("select * from nowhere"))

    poking.before_apply = fail
    for _ in range(12):
        set_rows(ids, due_at=clock.machine())
        for message in lease(10):
            with pytest.raises(OperationalError):
                run("poke", message)
    assert [row.tries for row in waiting("poke")] == [0, 0]
    poking.before_apply = None
    for one in ids:
        run("poke", [one])
    assert poking.effects() == {1: 1, 2: 1}


def test_a_row_that_had_no_answer_for_long_is_healthy_once_somebody_lives_to_answer(poking: Poking) -> None:
    """The try that is counted before a suspected row is touched is taken back by whoever comes out alive."""
    ids = poking.publish(1)
    set_rows(ids, sends=relay.ALONE_AFTER * 2 + 1)

    def changed(_session: object) -> None:
        raise Stale

    poking.before_apply = changed
    run("poke", ids)
    assert [(row.tries, row.sends) for row in waiting("poke")] == [(0, relay.ALONE_AFTER)]


def test_a_batch_that_runs_out_of_time_goes_row_by_row_and_the_slow_row_fails_a_try(poking: Poking) -> None:
    def slow(subjects: Sequence[int]) -> None:
        if 7 in subjects:
            raise SoftTimeLimitExceeded

    poking.after_prepare = slow
    ids = poking.publish(6, 7, 8)
    run("poke", ids)
    assert {row.sends for row in waiting("poke")} == {relay.ALONE_AFTER}
    for one in ids:
        run("poke", [one])
    assert [(row.subject_id, row.tries) for row in waiting("poke")] == [(7, 1)]
    assert poking.effects() == {6: 1, 8: 1}


def test_what_comes_of_a_report_is_counted_in_the_same_go(world: World) -> None:
    world.enrol("north")
    world.submit("north")
    follow("tag", [row.key for row in waiting("tag")])
    assert not waiting("tag")
    assert not waiting("count")
    answer = world.get("north", "/v1/indicators/armed-violence-incidents/series", **MONTH)
    assert answer["points"][0]["value"] == 1


def test_rows_that_are_taken_onward_are_leased_and_come_again_if_their_worker_dies(world: World) -> None:
    world.enrol("north")
    for _ in range(3):
        world.submit("north")
    messages = run("tag", [row.key for row in waiting("tag")], onward=True)  # and no more: the worker died here
    rows = waiting("count")
    assert messages == [("count", [row.key for row in rows])]
    assert [row.sends for row in rows] == [1, 1, 1]
    with db.transaction() as session:
        assert relay._lease(session, "count", 10) == []
    set_rows([row.key for row in rows], due_at=clock.now())
    with db.transaction() as session:
        assert relay._lease(session, "count", 10) == [[row.key for row in rows]]


@pytest.mark.one_kind
def test_rows_that_are_not_taken_onward_wait_for_the_relay(world: World) -> None:
    world.enrol("north")
    world.submit("north")
    assert run("tag", [row.key for row in waiting("tag")]) == []
    assert [row.sends for row in waiting("count")] == [0]


@pytest.mark.one_kind
def test_what_came_of_the_good_rows_of_a_failing_batch_is_taken_onward(world: World, monkeypatch) -> None:
    world.enrol("north")
    for _ in range(3):
        world.submit("north")
    rows = waiting("tag")
    real = reactions()["tag"]

    def prepare(session: Session, subjects: Sequence[int]) -> object:
        if rows[1].subject_id in subjects:
            raise ValueError("poison")
        return real.prepare(session, subjects)

    monkeypatch.setitem(reactions(), "tag", replace(real, prepare=prepare))
    follow("tag", [row.key for row in rows])
    assert [row.key for row in waiting("tag")] == [rows[1].key]
    assert not waiting("count")
    answer = world.get("north", "/v1/indicators/armed-violence-incidents/series", **MONTH)
    assert answer["points"][0]["value"] == 2
