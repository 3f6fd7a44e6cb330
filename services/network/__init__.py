"""Who belongs to the network, who may do and see what: the one policy that every exit asks."""

from services.network.access import ROLES, SCOPES, administrators, by_key, by_session, issue, sign_in, sign_out
from services.network.api import router
from services.network.callers import COOKIE, CallerIn, Read, Write, caller_of, known_caller, same_site
from services.network.directory import Directory, Party, directory
from services.network.marking import Audience, Claim, Kind, Marking, Reach, Tlp, reach, sees, strictest
from services.network.models import AudienceReach, AudienceRow, Group, Member, Organisation
from services.network.policy import (
    Caller,
    ScopeMissing,
    attributed,
    audiences,
    claims,
    provenance_shown,
    stamp,
    visible,
)
from services.network.schemas import (
    Closed,
    MarkingIn,
    MarkingView,
    NewGroup,
    NewKey,
    NewMember,
    NewOrganisation,
    Slug,
)
from services.network.service import began, enrol, form_group, invite, join, leave, prepare, resume, suspend

__all__ = [
    "COOKIE", "ROLES", "SCOPES", "Audience", "AudienceReach", "AudienceRow", "Caller", "CallerIn", "Claim", "Closed",
    "Directory", "Group", "Kind", "Marking", "MarkingIn", "MarkingView", "Member", "NewGroup", "NewKey", "NewMember",
    "NewOrganisation", "Organisation", "Party", "Reach", "Read", "ScopeMissing", "Slug", "Tlp", "Write", "administrators",
    "attributed", "audiences", "began", "by_key", "by_session", "caller_of", "claims", "directory", "enrol", "form_group",
    "invite", "issue", "join", "known_caller", "leave", "prepare", "provenance_shown", "reach", "resume", "router", "same_site", "sees",
    "sign_in", "sign_out", "stamp", "strictest", "suspend", "visible",
]  # fmt: skip
