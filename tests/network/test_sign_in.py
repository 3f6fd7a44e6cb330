"""Signing in: nobody learns who is there, no count fails open, no code works twice, and no secret is kept or logged."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from pwdlib import PasswordHash
from sqlalchemy import text
from sqlmodel import select

from services import network
from services.kernel import clock, db
from services.kernel.config import settings
from services.kernel.errors import Unauthenticated
from services.network import Member
from services.network.access import factors, tickets, tries
from services.network.models import Factor, FailedTries, SignIn
from tests.network.test_access import everything_stored
from tests.world import SOMEWHERE, World

PASSWORD = "a long password"
WRONG = "another long password"


@pytest.fixture
def ada(world: World) -> Member:
    """Somebody who can sign in."""
    world.enrol("north")
    world.member("ada", "north", "focal_point")
    return member("ada")


@pytest.fixture
def as_in_service(world: World) -> Member:
    """The same, whose password is as much work to compare as in service."""
    world.enrol("north")
    world.member("ada", "north", "focal_point", cheap=False)
    return member("ada")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The work of every password that is compared: the parameters of its hash."""
    done: list[str] = []
    real = PasswordHash.verify

    def verify(self: PasswordHash, password: Any, hashed: Any) -> bool:
        done.append(hashed.rsplit("$", 2)[0])
        return real(self, password, hashed)

    monkeypatch.setattr(PasswordHash, "verify", verify)
    return done


def member(login: str) -> Member:
    with db.reading() as session:
        return network.member_of(session, login)


def ask(world: World, login: str, password: str) -> Any:
    """The first step as a browser takes it."""
    world.client.cookies.clear()
    form = {"login": login, "password": password}
    return world.client.post("/sign-in", data=form, headers={"Accept": "text/html"}, follow_redirects=False)


def factor_of(one: Member) -> tuple[pyotp.TOTP, list[str]]:
    """A second factor, set up with a code of half a minute ago, so that the present one is not used yet."""
    offer = factors.offer(one)
    totp = pyotp.TOTP(offer.secret)
    with db.transaction() as session:
        codes = factors.set_up(session, one, offer.sealed, totp.at(clock.machine(), counter_offset=-1), anew=True)
    return totp, codes


def outcomes(act: Callable[[], object], times: int) -> list[bool]:
    """The same done by so many at once: who was let in."""
    ready, said = threading.Barrier(times), list[bool]()

    def run() -> None:
        ready.wait(30)
        try:
            act()
            said.append(True)
        except Unauthenticated:
            said.append(False)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(said) == times
    return said


@pytest.mark.one_kind
def test_unknown_wrong_waiting_and_not_yet_joined_are_one_answer_for_the_same_work(
    world: World, as_in_service: Member, hashes: list[str]
) -> None:
    world.member("ben", "north", "focal_point", cheap=False)
    with db.transaction() as session:
        new = network.NewMember(login="new", name="New", organisation="north", roles=["analyst"])
        network.invitations.invite(session, new, by=None)
    for _ in range(5):
        ask(world, "ada", WRONG)
    hashes.clear()
    tried = {"nobody": PASSWORD, "ben": WRONG, "ada": PASSWORD, "new": ""}
    answers = {login: ask(world, login, password) for login, password in tried.items()}
    assert len(hashes) == len(tried)
    assert len(set(hashes)) == 1
    assert {one.status_code for one in answers.values()} == {401}
    assert len({one.text.replace(f'value="{login}"', "") for login, one in answers.items()}) == 1
    headers = [{k: v for k, v in one.headers.items() if k != "content-length"} for one in answers.values()]
    assert all(one == headers[0] for one in headers)
    with db.reading() as session:
        assert session.exec(select(SignIn)).all() == []


@pytest.mark.one_kind
def test_a_name_that_waited_gets_in_again(world: World, ada: Member) -> None:
    for _ in range(5):
        ask(world, "ada", WRONG)
    assert ask(world, "ada", PASSWORD).status_code == 401
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert network.by_password("ada", PASSWORD)[1].login == "ada"
    assert ask(world, "ada", PASSWORD).status_code == 303  # and its count begins anew


def test_a_new_link_ends_the_wait(world: World, ada: Member) -> None:
    for _ in range(5):
        ask(world, "ada", WRONG)
    hashed = network.hash_password(WRONG)
    with db.transaction() as session:
        link = network.invitations.reset(session, "ada", by=None).link
        network.invitations.accept(session, link.rpartition("/")[2], password_hash=hashed)
    assert ask(world, "ada", WRONG).status_code == 303


def test_of_many_tries_at_once_no_more_than_five_are_judged(ada: Member) -> None:
    judged: list[bool] = []

    def attempt() -> None:
        judged.append(not tries.begin(tries.by_name("ada"), "192.0.2.1").waits)

    outcomes(attempt, 16)
    assert sum(judged) == 5


def test_where_a_try_cannot_be_written_down_nobody_gets_in(world: World, ada: Member) -> None:
    with db.engine().begin() as connection:
        connection.execute(text("ALTER TABLE failed_tries RENAME TO out_of_reach"))
    answer = ask(world, "ada", PASSWORD)
    assert answer.status_code >= 500
    assert "set-cookie" not in answer.headers
    with pytest.raises(Exception, match="failed_tries"):
        factors.by_code(ada, "123456")
    with db.reading() as session:
        assert session.exec(select(SignIn)).all() == []
    with db.engine().begin() as connection:
        connection.execute(text("ALTER TABLE out_of_reach RENAME TO failed_tries"))
    assert ask(world, "ada", PASSWORD).status_code == 303


def test_an_address_with_fifty_failures_waits_whatever_names_it_tries(world: World, ada: Member) -> None:
    for number in range(50):
        tries.wrong(tries.begin(tries.by_name(f"nobody{number}"), SOMEWHERE[0]))
    answer = ask(world, "ada", PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "901"
    assert network.by_password("ada", PASSWORD, address="192.0.2.1")
    with clock.at(clock.now() + timedelta(minutes=15)):
        assert network.by_password("ada", PASSWORD, address=SOMEWHERE[0])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_an_ipv6_network_is_one_address(configured: Any, one: str, other: str, same: bool) -> None:
    assert (tries._by_address(one) == tries._by_address(other)) is same


def test_a_code_works_once_whoever_gives_it_first(ada: Member) -> None:
    totp, _ = factor_of(ada)
    code = totp.at(clock.machine())
    assert sum(outcomes(lambda: factors.by_code(ada, code), 4)) == 1
    with pytest.raises(Unauthenticated):
        factors.by_code(ada, code)


def test_a_recovery_code_works_once_whoever_gives_it_first(ada: Member) -> None:
    _, codes = factor_of(ada)
    assert sum(outcomes(lambda: factors.by_code(ada, codes[3].lower()), 4)) == 1
    with pytest.raises(Unauthenticated):
        factors.by_code(ada, codes[3])
    factors.by_code(ada, codes[4].replace("-", " "))
    with db.reading() as session:
        assert factors.left(session, ada) == 8


@pytest.mark.one_kind
def test_new_recovery_codes_end_those_of_before(ada: Member) -> None:
    _, codes = factor_of(ada)
    with db.transaction() as session:
        assert len(set(factors.recovery_codes(session, ada))) == 10
    with pytest.raises(Unauthenticated):
        factors.by_code(ada, codes[0])


@pytest.mark.one_kind
def test_a_code_is_right_for_its_half_minute_and_one_on_each_side(ada: Member) -> None:
    secret, at = pyotp.random_base32(), clock.now()
    totp = pyotp.TOTP(secret)
    counters = [factors.counter_of(secret, totp.at(at, counter_offset=off), at, 0) for off in (-2, -1, 0, 1, 2)]
    now = int(at.timestamp()) // 30
    assert counters == [None, now - 1, now, now + 1, None]
    assert factors.counter_of(secret, totp.at(at), at, now) is None
    assert [factors.counter_of(secret, wrong, at, 0) for wrong in ("", "é" * 6, "12345", "0000000")] == [None] * 4


def test_codes_are_throttled_by_person_like_passwords_by_name(ada: Member) -> None:
    totp, codes = factor_of(ada)
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            factors.by_code(ada, "000000")
    for right in (totp.at(clock.machine()), codes[0]):
        with pytest.raises(Unauthenticated):
            factors.by_code(ada, right)
    assert network.by_password("ada", PASSWORD)  # a right password does not help
    with pytest.raises(Unauthenticated):
        factors.by_code(ada, codes[0])
    with clock.at(clock.now() + timedelta(minutes=1)):
        factors.by_code(ada, codes[0])


@pytest.mark.one_kind
def test_a_ticket_opens_one_thing_for_one_person_for_five_minutes(world: World, ada: Member) -> None:
    world.member("ben", "north", "focal_point")
    ticket = tickets.make("code", ada)
    with db.reading() as session:
        assert tickets.holder(session, "code", ticket).login == "ada"
        for use, broken in (
            ("set-up", ticket),
            ("offer", ticket),
            ("code", ticket[:-4] + "AAAA"),
            ("code", ""),
            ("code", "é"),
        ):
            with pytest.raises(Unauthenticated):
                tickets.holder(session, use, broken)
        assert tickets.read("code", ticket, member("ben")) is None
        with clock.at(clock.now() + timedelta(minutes=5)), pytest.raises(Unauthenticated):
            tickets.holder(session, "code", ticket)
    hashed = network.hash_password(WRONG)
    with db.transaction() as session:
        session.add(network.member_of(session, "ada"))
        network.member_of(session, "ada").password_hash = hashed
    with db.reading() as session, pytest.raises(Unauthenticated):
        tickets.holder(session, "code", ticket)


@pytest.mark.one_kind
def test_a_ticket_opens_nothing_else(world: World, ada: Member) -> None:
    factor_of(ada)
    answer = ask(world, "ada", PASSWORD)
    assert answer.headers["location"] == "/sign-in/code"
    assert network.COOKIE not in world.client.cookies
    ticket = world.client.cookies["ewn_step"]
    for name in ("ewn_step", network.COOKIE):
        assert world.client.get("/v1/me", headers={"Cookie": f"{name}={ticket}"}).status_code == 401
    setting_up = world.client.get("/sign-in/set-up", headers={"Accept": "text/html"}, follow_redirects=False)
    assert setting_up.headers["location"].startswith("/sign-in?")


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a network of one's own is by default."""
    monkeypatch.delenv("EWN_SECOND_FACTOR")
    settings.cache_clear()
    assert settings().second_factor == "required"
    yield
    settings.cache_clear()


def test_a_password_alone_opens_no_session_where_the_factor_is_required(
    world: World, ada: Member, required: None
) -> None:
    assert ask(world, "ada", PASSWORD).headers["location"] == "/sign-in/set-up"
    assert network.COOKIE not in world.client.cookies
    with db.transaction() as session:
        token = network.sign_in(session, network.sessions.caller_for(ada))  # one of before the setting
    with db.reading() as session, pytest.raises(Unauthenticated):
        network.by_session(session, token)


@pytest.mark.one_kind
def test_an_old_offer_does_not_replace_a_factor_that_is_there(ada: Member) -> None:
    offer = factors.offer(ada)
    factor_of(ada)
    code = pyotp.TOTP(offer.secret).at(clock.machine())
    with db.transaction() as session, pytest.raises(Unauthenticated):
        factors.set_up(session, ada, offer.sealed, code, anew=False)


@pytest.mark.one_kind
def test_a_copy_of_the_database_alone_signs_nobody_in(
    ada: Member, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    totp, codes = factor_of(ada)
    monkeypatch.setenv("EWN_SECRET", "another secret")
    settings.cache_clear()
    for code in (totp.at(clock.machine()), codes[0]):
        with pytest.raises(Unauthenticated):
            factors.by_code(ada, code)
    assert "cannot be read" in caplog.text


def test_no_secret_is_in_the_database_or_the_logs(world: World, ada: Member, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    totp, codes = factor_of(ada)
    ask(world, "ada", WRONG)
    ask(world, "ada", PASSWORD)
    code = totp.at(clock.machine())
    world.client.post("/sign-in/code", data={"code": "no such code"})
    entered = world.client.post("/sign-in/code", data={"code": code}, follow_redirects=False)
    assert entered.status_code == 303
    token, handed = world.client.cookies[network.COOKIE], entered.request.headers["cookie"]
    world.client.cookies.clear()
    with db.transaction() as session:
        link = network.invitations.reset(session, "ada", by=None).link
    invited = link.rpartition("/")[2]
    form = {"password": "chosen by ada", "again": "chosen by ada"}
    assert world.client.post(f"/invitation/{invited}", data=form, follow_redirects=False).status_code == 303
    kept = everything_stored()
    assert "ada" in kept
    secrets = [totp.secret, *codes, *(one.replace("-", "") for one in codes), token, invited, PASSWORD, WRONG]
    secrets += ["chosen by ada", "no such code", handed.partition("ewn_step=")[2].partition(";")[0]]
    assert not [one for one in secrets if one in kept]
    # The test's own client logs the addresses that it asks for; the service logs none.
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert not [one for one in [*secrets, code] for record in ours if one in repr(record.__dict__)]


def test_names_that_were_tried_are_kept_as_keyed_hashes_and_not_for_ever(world: World, ada: Member) -> None:
    for login in ("ada", "no-such-person"):
        ask(world, login, WRONG)
    assert "no-such-person" not in everything_stored()
    with db.transaction() as session:
        network.forget_sign_ins(session, at=clock.now() + timedelta(days=91))
        assert session.exec(select(FailedTries)).all() == []


def test_the_sealed_secret_of_one_is_none_for_another(world: World, ada: Member) -> None:
    totp, _ = factor_of(ada)
    world.member("ben", "north", "focal_point")
    ben = member("ben")
    with db.transaction() as session:
        row = session.exec(select(Factor)).one()
        session.add(Factor(member_id=ben.key, sealed=row.sealed, counter=0, made_at=row.made_at))
    with pytest.raises(Unauthenticated):
        factors.by_code(ben, totp.at(clock.machine()))
