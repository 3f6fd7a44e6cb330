"""Shapes that callers send and see about the network."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from services.network.terms import Actions, Handling, Pap, Terms

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
OrganisationKind = Literal["state", "un", "regional", "civil_society", "expert", "panel", "donor", "secretariat"]
Role = Literal["focal_point", "analyst", "editor", "approver", "administrator", "auditor", "integrator"]
Language = Literal["en", "ru"]


def _white(value: object) -> object:
    """TLP 1's WHITE is read as CLEAR, and never emitted."""
    text = value.removeprefix("TLP:") if isinstance(value, str) else value
    return "CLEAR" if text == "WHITE" else text


def _in_our_time(value: datetime) -> datetime:
    """An instant that stays one in every time zone."""
    if not 1900 <= value.year < 9999:
        raise ValueError("lies outside the years 1900 to 9998")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
TlpLabel = Annotated[Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"], BeforeValidator(_white)]


class Closed(BaseModel):
    """A body that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _no_nul(cls, value: object) -> object:
        """No database of ours keeps U+0000, and no text needs it."""
        # Asked of every field of every report: the plain cases first.
        if isinstance(value, str):
            held = "\0" in value
        else:
            held = isinstance(value, list) and any(isinstance(one, str) and "\0" in one for one in value)
        if held:
            raise ValueError("holds the character U+0000: remove it")
        return value


def _once_each(value: list[str]) -> list[str]:
    """Recipients are a set: their order and repetition mean nothing."""
    return sorted(set(value))


Names = Annotated[list[Slug], AfterValidator(_once_each)]
Logins = Annotated[list[str], AfterValidator(_once_each)]


class SightIn(Closed):
    """Who may see it. There is no default: whoever shares says with whom."""

    tlp: TlpLabel = Field(description="TLP 2.0 label; WHITE is read as CLEAR.")
    attribution: Literal["named", "withheld", "chatham"] = Field(
        description="Who learns who the originator is: every reader; only a secretariat among the recipients; nobody."
    )
    organisations: Names = Field(default_factory=list, max_length=200, description="AMBER, AMBER+STRICT only.")
    groups: Names = Field(default_factory=list, max_length=50, description="AMBER, AMBER+STRICT only.")
    persons: Logins = Field(default_factory=list, max_length=200, description="Sign-in names; RED only.")


class MarkingIn(SightIn):
    """Who may see it, what readers may do with it, and from when."""

    actions: Actions | None = Field(default=None, description="Permitted actions (IEP 2.0).")
    pap: Annotated[Pap, BeforeValidator(_white)] | None = Field(
        default=None, description="Permissible Actions Protocol."
    )
    handling: Handling | None = Field(default=None, description="Europol handling code; H3 needs a note.")
    handling_note: str | None = Field(default=None, min_length=3, max_length=300)
    embargo_until: Instant | None = Field(
        default=None, description="Until then the originator alone sees it; of RED, the submitting person."
    )
    review_at: Instant | None = Field(default=None, description="When the marking is to be looked at again.")
    review_to: SightIn | None = Field(
        default=None, description="What it becomes then by itself; without it you are asked."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.handling == "H3" and not self.handling_note:
            raise ValueError("handling H3 says its restriction in handling_note")
        if self.handling_note and self.handling is None:
            raise ValueError("handling_note belongs to a handling code")
        if self.handling == "H2" and self.tlp == "CLEAR":
            raise ValueError("H2 (not without permission) contradicts TLP:CLEAR")
        if self.review_to is not None and self.review_at is None:
            raise ValueError("review_to needs review_at")
        if self.embargo_until and self.review_at and self.review_at <= self.embargo_until:
            raise ValueError("review_at lies after embargo_until")
        return self

    @property
    def terms(self) -> Terms:
        """What readers may do with it."""
        return Terms(self.actions, self.pap, self.handling, self.handling_note)


class TermsView(BaseModel):
    """What readers may do with what they read; null where the originator said nothing."""

    actions: str | None = None
    pap: str | None = None
    handling: str | None = None
    handling_note: str | None = None


class SightView(BaseModel):
    """Who may see something, by name."""

    tlp: str
    attribution: str
    organisations: list[str]
    groups: list[str]
    persons: list[str]


class MarkingView(SightView):
    """A marking as its owner sees it. Under embargo: as it will be when that ends."""

    embargo_until: datetime | None = None
    review_at: datetime | None = None
    review_to: SightView | None = None


class NewOrganisation(Closed):
    """An organisation to enrol."""

    slug: Slug
    name_en: str = Field(min_length=2, max_length=200)
    name_ru: str = Field(min_length=2, max_length=200)
    kind: OrganisationKind
    countries: list[str] = Field(default_factory=list, max_length=60)
    timezone: str = "UTC"
    parent: Slug | None = None
    past: bool = Field(default=True, description="Whether it sees what was shared with the network before it joined.")
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"


class OrganisationView(BaseModel):
    """An organisation as members see it."""

    slug: str
    name: str
    kind: str
    countries: list[str]
    state: str


class NewMember(Closed):
    """A person to invite."""

    login: str = Field(pattern=r"^[a-z0-9][a-z0-9._@-]{1,100}$")
    name: str = Field(min_length=2, max_length=200)
    organisation: Slug
    roles: list[Role] = Field(min_length=1)
    password: str = Field(min_length=12, max_length=200, repr=False)
    language: Language = "en"
    timezone: str = "UTC"


class MemberView(BaseModel):
    """A member as an administrator sees it."""

    login: str
    name: str
    organisation: str
    roles: list[str]
    language: str
    active: bool


class NewKey(Closed):
    """A key to issue."""

    name: str = Field(min_length=2, max_length=100)
    organisation: Slug
    scopes: list[str] = Field(min_length=1, max_length=20)
    expires_at: Instant | None = None


class KeyView(BaseModel):
    """A key without its secret."""

    prefix: str
    name: str
    organisation: str
    scopes: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyIssued(KeyView):
    """A key with its secret: shown this once."""

    key: str


class NewGroup(Closed):
    """A sharing group to make."""

    slug: Slug
    name_en: str = Field(min_length=2, max_length=200)
    name_ru: str = Field(min_length=2, max_length=200)
    members: list[Slug] = Field(default_factory=list, max_length=500)


class GroupView(BaseModel):
    """A sharing group; its members are named to its members."""

    slug: str
    name: str
    members: list[str] | None


class Join(Closed):
    """How an organisation joins a group."""

    past: bool = Field(description="Whether it sees what was shared with the group before it joined.")


class WhoAmI(BaseModel):
    """The caller as the service knows it."""

    organisation: str
    member: str | None
    scopes: list[str]
    language: str
