"""The second factor: codes by the clock (TOTP, RFC 6238) and recovery codes, each of which works once (ADR 0014)."""

import io
import logging
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from sqlalchemy import CursorResult, delete, update
from sqlmodel import Session, col, func, select

from services.kernel import audit, clock, db, ids, seals
from services.kernel.config import settings
from services.kernel.errors import Unauthenticated
from services.kernel.model import table
from services.network.access import tickets, tries
from services.network.access.sessions import caller_for
from services.network.models import Factor, Member, RecoveryCode

logger = logging.getLogger(__name__)
STEP_SECONDS = 30
DRIFT = 1  # steps that a clock may be off, both ways
RECOVERY_CODES = 10
FACTOR, CODE = table(Factor), table(RecoveryCode)


@dataclass(frozen=True, slots=True)
class Offer:
    """A second factor that is not set up yet: what an authenticator app takes, and the same sealed to come back."""

    secret: str
    address: str
    """otpauth://..., as apps read it from a QR code."""
    sealed: str

    def qr(self) -> str:
        """The address as a QR code: an SVG without a style of its own."""
        drawn = io.BytesIO()
        segno.make_qr(self.address, error="m").save(
            drawn, kind="svg", border=4, light="#fff", omitsize=True, xmldecl=False, svgns=False, nl=False
        )
        return drawn.getvalue().decode()


def counter_of(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The counter for which a code is right at this instant, later than the last one used; None: it is not right."""
    now = int(at.timestamp()) // STEP_SECONDS
    one = pyotp.HOTP(secret)
    right = [now + off for off in range(-DRIFT, DRIFT + 1) if one.verify(code, now + off)]
    return next((counter for counter in right if counter > after), None)


def plain(code: str) -> str:
    """A code as it was typed, without the spaces and hyphens that make it readable."""
    return "".join(one for one in code.upper() if one.isalnum())[:40]


def has(session: Session, member: Member) -> bool:
    """Whether the person has a second factor."""
    return session.get(Factor, member.key) is not None


def left(session: Session, member: Member) -> int:
    """How many recovery codes are left."""
    statement = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.member_id == member.key)
    return int(session.exec(statement).one())


def offer(member: Member, sealed: str = "") -> Offer:
    """A new secret for a person, or the one offered before. Nothing is stored before a code proves that it arrived."""
    secret = tickets.read("offer", sealed, member) or pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(name=member.login, issuer_name=settings().network_name)
    return Offer(secret, address, tickets.make("offer", member, secret))


def set_up(session: Session, member: Member, sealed: str, code: str, *, anew: bool) -> list[str]:
    """Take an offered second factor, given a code of it; the recovery codes, shown this once. `anew`: in the place of
    the one there is, for whoever has just given the password inside a session.

    Raises:
        Unauthenticated: the code is not right, the offer is over, or there is a second factor already.
    """
    secret = tickets.read("offer", sealed, member)
    counter = counter_of(secret, plain(code), clock.machine(), 0) if secret else None
    if secret is None or counter is None:
        raise Unauthenticated("The code is not right.")
    if anew:
        session.execute(delete(Factor).where(col(Factor.member_id) == member.key))
    row = {"member_id": member.key, "sealed": seals.seal(_use(member), secret), "counter": counter}
    if not db.insert_new(session, FACTOR, [row | {"made_at": clock.now()}], returning=("member_id",)):
        raise Unauthenticated("The second factor has been set up meanwhile.")
    audit.record(session, caller_for(member), "member.factor_set", audit.person(member.key))
    return recovery_codes(session, member)


def recovery_codes(session: Session, member: Member) -> list[str]:
    """Ten new recovery codes; those there were work no more."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.member_id) == member.key))
    codes = [ids.reference("").removeprefix("-") for _ in range(RECOVERY_CODES)]
    rows = [{"member_id": member.key, "code_hash": _hash(member, plain(one))} for one in codes]
    db.insert_all(session, CODE, rows)
    audit.record(session, caller_for(member), "member.recovery_codes_made", audit.person(member.key))
    return codes


def remove(session: Session, member_id: int) -> None:
    """Take a person's second factor away, with its recovery codes."""
    session.execute(delete(Factor).where(col(Factor.member_id) == member_id))
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.member_id) == member_id))


def by_code(member: Member, code: str, *, address: str = "") -> None:
    """Check a code of the second factor, or a recovery code; either is used up by it. Never inside a transaction.

    Raises:
        Unauthenticated: the same words for a wrong code, a used one, and a person who has to wait.
        TooManyTries: too many tries from this address failed.
    """
    one = tries.begin(tries.by_person(member.key), address)
    given = plain(code)
    with db.transaction() as session:
        used = not one.waits and (_code_used(session, member, given) or _recovery_code_used(session, member, given))
    if not used:
        tries.wrong(one)
        raise Unauthenticated("The code is not right.")
    tries.right(one)


def _code_used(session: Session, member: Member, code: str) -> bool:
    row = session.get(Factor, member.key)
    if row is None:
        return False
    secret = seals.unseal(_use(member), row.sealed)
    if secret is None:
        logger.error("a second factor cannot be read: EWN_SECRET, or the key in the data folder, is another one")
        return False
    counter = counter_of(secret, code, clock.machine(), row.counter)
    if counter is None:
        return False
    # Two that give the same code at once: one moves the counter, the other finds it moved.
    moved = update(FACTOR).where(FACTOR.c.member_id == member.key, FACTOR.c.counter < counter).values(counter=counter)
    return _one(session.execute(moved))


def _recovery_code_used(session: Session, member: Member, code: str) -> bool:
    mine = delete(CODE).where(CODE.c.member_id == member.key, CODE.c.code_hash == _hash(member, code))
    if not _one(session.execute(mine)):
        return False
    audit.record(session, caller_for(member), "member.recovery_code_used", audit.person(member.key))
    return True


def _one(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1


def _hash(member: Member, code: str) -> str:
    """Keyed: 60 bits alone could be searched for by whoever has a copy of the database."""
    return seals.sign("recovery code", [member.key, code])


def _use(member: Member) -> str:
    return f"factor {member.key}"
