"""Routes of the caller itself: who am I, my profile, my password, my sessions."""

from fastapi import Request

from services.kernel.routing import Router
from services.network import profile
from services.network.access import factors, sessions
from services.network.callers import COOKIE, CallerIn, Read, Write, address_of
from services.network.directory import directory
from services.network.models import Member
from services.network.schemas import ChangedPassword, EditProfile, SessionView, WhoAmI

router = Router(prefix="/v1")


@router.get("/me")
def who_am_i(db: Read, caller: CallerIn) -> WhoAmI:
    """The caller as the service knows it."""
    known = directory(db)
    member = db.get(Member, caller.member_id) if caller.member_id is not None else None
    return WhoAmI(
        organisation=known.parties[caller.organisation_id or 0].slug,
        member=member.login if member else None,
        scopes=sorted(caller.scopes),
        language=caller.language,
        timezone=member.timezone if member else "UTC",
        second_factor=member is not None and factors.has(db, member),
    )


@router.patch("/me", status_code=204)
def edit_me(body: EditProfile, caller: CallerIn, db: Write) -> None:
    """Change your language or time zone."""
    profile.edit(db, body, by=caller)


@router.put("/me/password", status_code=204)
def change_my_password(body: ChangedPassword, caller: CallerIn, request: Request) -> None:
    """Choose another password. All your other sessions end."""
    token = request.cookies.get(COOKIE, "")
    profile.change_password(caller, body.current, body.password, token=token, address=address_of(request))


@router.get("/me/sessions")
def list_my_sessions(caller: CallerIn, db: Read, request: Request) -> list[SessionView]:
    """Your sessions, the last used first."""
    here = sessions.current(db, request.cookies.get(COOKIE, ""))
    return [
        SessionView(
            this=here is not None and row.reference == here.reference,
            **row.model_dump(include={"reference", "browser", "begun_at", "used_at", "expires_at"}),
        )
        for row in sessions.sessions(db, caller)
    ]


@router.delete("/me/sessions", status_code=204)
def end_my_other_sessions(caller: CallerIn, db: Write, request: Request) -> None:
    """End all your sessions but the one that this request came with."""
    sessions.end_others(db, caller, request.cookies.get(COOKIE, ""))


@router.delete("/me/sessions/{reference}", status_code=204)
def end_my_session(reference: str, caller: CallerIn, db: Write) -> None:
    """End one of your sessions, at once."""
    sessions.end(db, caller, reference)
