"""Shapes that callers send and see about the network."""

from datetime import date, datetime
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from services.kernel.text import Text

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
OrganisationKind = Literal["state", "un", "regional", "civil_society", "expert", "panel", "donor", "secretariat"]
Role = Literal["focal_point", "analyst", "editor", "approver", "administrator", "auditor", "integrator"]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(get_args(Role)))]
Language = Literal["en", "ru"]
Letter = Literal["A", "B", "C", "D", "E", "F"]
Called = Annotated[Text, Field(min_length=2, max_length=200)]
CountryCode = Annotated[str, Field(max_length=20)]


def _in_our_time(value: datetime) -> datetime:
    """An instant that stays one in every time zone."""
    if not 1900 <= value.year < 9999:
        raise ValueError("lies outside the years 1900 to 9998")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]


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


class NewOrganisation(Closed):
    """An organisation to enrol."""

    slug: Slug
    name_en: Called
    name_ru: Called
    aliases: list[Called] = Field(
        default_factory=list, max_length=30, description="Further names and usual misspellings."
    )
    kind: OrganisationKind
    countries: list[CountryCode] = Field(default_factory=list, max_length=60)
    timezone: str = "UTC"
    parent: Slug | None = None
    state: Literal["active", "applied"] = Field(default="active", description="applied: a member once it is activated.")
    past: bool = Field(
        default=True, description="Whether it sees what was shared with the network before. Who applied: said then."
    )
    hidden: bool = Field(default=False, description="Whether only those near it are told of its membership.")
    reliability: Letter = "F"


class EditOrganisation(Closed):
    """What to change of an organisation; what is left out stays."""

    name_en: Called = ""
    name_ru: Called = ""
    aliases: list[Called] = Field(default=[], max_length=30)
    kind: OrganisationKind = "state"
    countries: list[CountryCode] = Field(default=[], max_length=60)
    timezone: str = "UTC"
    hidden: bool = False
    reliability: Letter = "F"
    why: Text = Field(default="", max_length=500, description="Of another reliability: why, for its history.")


class WithPast(Closed):
    """With or without what was shared before."""

    past: bool = Field(description="Whether it sees what was shared before it joined.")


class NewParent(WithPast):
    """The organisation that another belongs to."""

    parent: Slug


class OrganisationView(BaseModel):
    """An organisation as members see it."""

    slug: str
    name: str
    kind: str
    countries: list[str]
    state: str


class OrganisationDetail(OrganisationView):
    """An organisation as an administrator, or its own people, see it."""

    name_en: str
    name_ru: str
    aliases: list[str]
    timezone: str
    parent: str | None
    children: list[str]
    hidden: bool
    reliability: str
    left_at: datetime | None


class OrganisationTemplate(BaseModel):
    """An organisation that the pack proposes; none is a member until it is enrolled."""

    slug: str
    name_en: str
    name_ru: str
    aliases: list[str]
    kind: str
    countries: list[str]
    timezone: str
    parent: str | None


class NewMember(Closed):
    """A person to invite."""

    login: str = Field(pattern=r"^[a-z0-9][a-z0-9._@-]{1,100}$")
    name: str = Field(min_length=2, max_length=200)
    organisation: Slug
    roles: Roles
    language: Language = "en"
    timezone: str = "UTC"


class NewPassword(BaseModel):
    """A password that a person chooses, letter for letter as typed."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[Text, Field(min_length=12, max_length=200, repr=False)]


class ChangedPassword(NewPassword):
    """Another password, and the one until now."""

    current: str = Field(max_length=500, repr=False)


class EditProfile(Closed):
    """What a person may change of itself; what is left out stays."""

    language: Language = "en"
    timezone: str = Field(default="UTC", max_length=60)


class ResetIn(Closed):
    """How a person is helped to sign in again."""

    second_factor: bool = Field(
        default=False,
        description="Whether the second factor goes too, with the recovery codes; administrators only. "
        "The person and the focal points of its organisation are told.",
    )


class InvitationView(BaseModel):
    """An invitation that was made and not used yet."""

    reference: str
    login: str
    organisation: str
    resets_second_factor: bool
    expires_at: datetime


class InvitationLink(InvitationView):
    """An invitation with its link: in this answer and nowhere else. Give it to that person alone."""

    link: str


class SessionView(BaseModel):
    """One of your sessions."""

    reference: str
    browser: str = Field(description="As the browser calls itself; empty where that is not known.")
    begun_at: datetime
    used_at: datetime = Field(description="To five minutes.")
    expires_at: datetime
    this: bool = Field(description="Whether this request came with it.")


class NewRoles(Closed):
    """The roles of a person from now on, in place of those held before."""

    roles: Roles


class MemberView(BaseModel):
    """A member as an administrator, or a focal point of the same organisation, sees it. `joined`: whether a password
    has been chosen."""

    login: str
    name: str
    organisation: str
    roles: list[str]
    language: str
    active: bool
    joined: bool
    offices: list["OfficeView"] = Field(default_factory=list)


class MemberInvited(MemberView):
    """A new member with the invitation that was made for it."""

    invitation: InvitationLink


class NewOffice(Closed):
    """An office that a person holds, from a day to a last day."""

    title_en: Called
    title_ru: Called
    held_from: date
    held_until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.held_until is not None and self.held_until < self.held_from:
            raise ValueError("held_until lies before held_from")
        return self


class OfficeView(BaseModel):
    """An office, and when it is held; `reference` names it for ending it."""

    reference: str
    title_en: str
    title_ru: str
    held_from: date
    held_until: date | None


class Rule(Closed):
    """Keeps those active organisations in a group that have any of the kinds and any of the countries.

    What is empty asks nothing; where both are empty the rule matches nobody. Who hides its membership is not matched.
    """

    kinds: list[OrganisationKind] = Field(default_factory=list, max_length=10)
    countries: list[CountryCode] = Field(default_factory=list, max_length=60)


class NewGroup(Closed):
    """A sharing group to make."""

    slug: Slug
    name_en: Called
    name_ru: Called
    members: list[Slug] = Field(default_factory=list, max_length=500)
    owner: Slug | None = Field(default=None, description="Its focal points may do with the group what you may.")
    past: bool = Field(default=False, description="Whether newcomers see what was shared with the group before.")
    rule: Rule = Field(default_factory=Rule)


class EditGroup(Closed):
    """What to change of a group; what is left out stays."""

    name_en: Called = ""
    name_ru: Called = ""
    owner: Slug | None = None
    past: bool = False
    rule: Rule = Field(default_factory=Rule)


class GroupView(BaseModel):
    """A sharing group; its members are named to its members."""

    slug: str
    name: str
    members: list[str] | None


class StayView(BaseModel):
    """An organisation in a group, or soon in it: by rule, or by hand from a day to a last day in its own time zone."""

    organisation: str
    name: str
    by_rule: bool
    begins_on: date | None
    ends_on: date | None
    begun: bool


class GroupDetail(BaseModel):
    """A sharing group as whoever may change it sees it."""

    slug: str
    name_en: str
    name_ru: str
    owner: str | None
    past: bool
    rule: Rule
    stays: list[StayView]


class RuleEffect(BaseModel):
    """Who would join and who would leave a group under a rule."""

    joining: list[str]
    leaving: list[str]


class NewStay(Closed):
    """When a stay begins and ends, as days in the organisation's own time zone; now and without an end if left out."""

    begins_on: date | None = None
    ends_on: date | None = Field(default=None, description="The last day.")


class WhoAmI(BaseModel):
    """The caller as the service knows it."""

    organisation: str
    member: str | None
    scopes: list[str]
    language: str
    timezone: str = Field(description="Of the person; UTC for a key.")
    second_factor: bool = Field(description="Whether the person has a second factor.")
