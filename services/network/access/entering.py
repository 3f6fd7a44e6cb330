"""What lies between a right password and a session: which step comes next, and who may go on without it."""

from typing import Literal

from sqlmodel import Session

from services.kernel.config import settings
from services.network.access import factors
from services.network.models import Member

Step = Literal["in", "code", "set-up"]


def next_step(session: Session, member: Member) -> Step:
    """After the password: the code for whoever has a second factor; else to set one up, where it is required."""
    if factors.has(session, member):
        return "code"
    return "set-up" if settings().second_factor == "required" else "in"
