"""Shapes that callers send and see about the network."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

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


class MarkingIn(Closed):
    """Who may see it. There is no default: whoever shares says with whom."""

    tlp: TlpLabel = Field(description="TLP 2.0 label; WHITE is read as CLEAR.")
    attribution: Literal["named", "withheld"] = Field(description="Whether readers learn who the originator is.")
    organisations: list[Slug] = Field(default_factory=list, max_length=200, description="AMBER, AMBER+STRICT only.")
    groups: list[Slug] = Field(default_factory=list, max_length=50, description="AMBER, AMBER+STRICT only.")
    persons: list[str] = Field(default_factory=list, max_length=200, description="Sign-in names; RED only.")


class MarkingView(BaseModel):
    """A marking as readers see it; recipients are shown to the originator only."""

    tlp: str
    attribution: str
    organisations: list[str]
    groups: list[str]
    persons: list[str]


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
