"""Routes of organisations: who belongs, and for administrators each step of a membership."""

from sqlmodel import Session, select

from services import vocabulary
from services.kernel.routing import Router
from services.network import changes, organisations
from services.network.callers import Administrator, CallerIn, Read, Write
from services.network.directory import directory
from services.network.knowing import known_to
from services.network.models import Organisation
from services.network.policy import Caller
from services.network.schemas import (
    EditOrganisation,
    NewOrganisation,
    NewParent,
    OrganisationDetail,
    OrganisationTemplate,
    OrganisationView,
    WithPast,
)

router = Router(prefix="/v1")


@router.get("/organisations")
def list_organisations(db: Read, caller: CallerIn) -> list[OrganisationView]:
    """The network's organisations, by slug: those that show their membership, and those near your own."""
    known = known_to(directory(db), caller)
    rows = db.exec(select(Organisation).order_by(Organisation.slug)).all()
    return [_view(row, caller) for row in rows if row.key in known]


@router.post("/organisations", status_code=201)
def enrol_organisation(body: NewOrganisation, caller: Administrator, db: Write) -> OrganisationView:
    """Enrol an organisation, as a member at once or as one that has applied."""
    return _view(organisations.enrol(db, body, by=caller), caller)


@router.get("/organisation-templates")
def list_organisation_templates(_caller: Administrator) -> list[OrganisationTemplate]:
    """The organisations that the pack proposes, for administrators; none is a member until it is enrolled."""
    return [OrganisationTemplate.model_validate(one) for one in vocabulary.organisations()]


@router.get("/organisations/{slug}")
def show_organisation(slug: str, db: Read, caller: CallerIn) -> OrganisationDetail:
    """All about an organisation: for administrators, and for its own people."""
    row = changes.organisation_of(db, slug) if "network:admin" in caller.scopes else None
    own = db.get(Organisation, caller.organisation_id)
    if row is None and own is not None and own.slug == slug:
        row = own
    if row is None:
        raise changes.unknown(slug)
    return _detail(db, row, caller)


@router.patch("/organisations/{slug}")
def edit_organisation(slug: str, body: EditOrganisation, caller: CallerIn, db: Write) -> OrganisationDetail:
    """Change what an organisation is. Its own focal points may change `hidden`, and nothing else."""
    return _detail(db, organisations.edit(db, slug, body, by=caller), caller)


@router.post("/organisations/{slug}/activation")
def activate_organisation(slug: str, body: WithPast, caller: Administrator, db: Write) -> OrganisationView:
    """Let in an organisation that has applied."""
    return _view(organisations.activate(db, slug, past=body.past, by=caller), caller)


@router.post("/organisations/{slug}/suspension")
def suspend_organisation(slug: str, caller: Administrator, db: Write) -> OrganisationView:
    """Suspend an organisation: it sees nothing from now on, and all that it had is kept."""
    return _view(organisations.suspend(db, slug, by=caller), caller)


@router.delete("/organisations/{slug}/suspension")
def resume_organisation(slug: str, past: bool, caller: Administrator, db: Write) -> OrganisationView:
    """Make a suspended organisation active again."""
    return _view(organisations.resume(db, slug, by=caller, past=past), caller)


@router.post("/organisations/{slug}/departure")
def depart_organisation(slug: str, caller: Administrator, db: Write) -> OrganisationView:
    """An organisation leaves: its groups, parent and children, keys, people and offices end for good."""
    return _view(organisations.depart(db, slug, by=caller), caller)


@router.post("/organisations/{slug}/application")
def apply_again(slug: str, caller: Administrator, db: Write) -> OrganisationView:
    """An organisation that has left applies again."""
    return _view(organisations.apply(db, slug, by=caller), caller)


@router.put("/organisations/{slug}/parent")
def link_organisation(slug: str, body: NewParent, caller: Administrator, db: Write) -> OrganisationDetail:
    """Put an organisation below a parent: what is AMBER for the parent is for it too."""
    return _detail(db, organisations.link(db, slug, body.parent, past=body.past, by=caller), caller)


@router.delete("/organisations/{slug}/parent")
def unlink_organisation(slug: str, caller: Administrator, db: Write) -> OrganisationDetail:
    """Take an organisation from below its parent: it loses what the parent gave it."""
    return _detail(db, organisations.unlink(db, slug, by=caller), caller)


def _view(row: Organisation, caller: Caller) -> OrganisationView:
    name = row.name_ru if caller.language == "ru" else row.name_en
    return OrganisationView(slug=row.slug, name=name, kind=row.kind, countries=row.countries, state=row.state)


def _detail(db: Session, row: Organisation, caller: Caller) -> OrganisationDetail:
    parties = directory(db).parties
    return OrganisationDetail(
        **_view(row, caller).model_dump(),
        **row.model_dump(include={"name_en", "name_ru", "timezone", "hidden", "reliability", "left_at"}),
        aliases=organisations.aliases_of(db, row),
        parent=parties[row.parent_id].slug if row.parent_id is not None else None,
        children=sorted(one.slug for one in parties.values() if one.parent_id == row.key),
    )
