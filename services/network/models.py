"""Tables of who belongs, how they sign in, and which audiences their markings have made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class Organisation(Record, table=True):
    """A party of the network. `since` is the generation from which it may see what the whole network may.

    `hidden`: only those near it know of its membership. `left_at`: when it last left; nothing brings back what it was
    told before.
    """

    slug: str = Field(unique=True)
    name_en: str
    name_ru: str
    kind: str
    countries: list[str] = Field(default_factory=list, sa_type=JSON)
    timezone: str = "UTC"
    parent_id: int | None = Field(default=None, foreign_key="organisation.id")
    parent_since: int = 0
    since: int = 0
    state: str = Field(default="active", description="applied, active, suspended or left")
    reliability: str = Field(default="F", description="Source reliability A-F; F: cannot be judged")
    hidden: bool = False
    left_at: datetime | None = Field(default=None, sa_type=Utc)


class ReliabilityChange(Record, table=True):
    """A decision on an organisation's reliability; rows are only added. `proposed`: what the service proposed then."""

    __tablename__ = "reliability_change"
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    before: str
    after: str
    why: str = ""
    proposed: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    decided_by: int | None = Field(default=None, foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    key_id: int | None = Field(default=None, foreign_key="api_key.id")
    at: datetime = Field(sa_type=Utc)


class OrganisationName(SQLModel, table=True):
    """What an organisation may be called: slug, names and aliases, folded; no two organisations share one."""

    __tablename__ = "organisation_name"
    folded: str = Field(primary_key=True)
    text: str
    alias: bool = False
    organisation_id: int = Field(foreign_key="organisation.id", index=True)


class Member(Record, table=True):
    """A person who acts for an organisation. Who is no longer active never is again: a return is a new invitation."""

    login: str = Field(unique=True)
    name: str
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    password_hash: str = ""
    language: str = "en"
    timezone: str = "UTC"
    active: bool = True
    erased_at: datetime | None = Field(default=None, sa_type=Utc, description="From then on nothing tells who it was.")

    @property
    def viewer(self) -> str:
        """What stands for the person where its name must not: in audit entries, which nothing can take back."""
        return f"m{self.key}"


class Hold(Record, table=True):
    """A legal hold on a report, a person or an organisation: while it stands, nothing of that is emptied or erased."""

    __tablename__ = "legal_hold"
    reference: str = Field(unique=True)
    what: str = Field(description="report, person or organisation")
    subject_id: int = Field(sa_type=BigKey, description="The key of what is held.")
    named: str = Field(default="", description="The reference of a report.")
    reason: str
    set_by: int | None = Field(default=None, foreign_key="member.id")
    set_at: datetime = Field(sa_type=Utc)
    lifted_by: int | None = Field(default=None, foreign_key="member.id")
    lifted_at: datetime | None = Field(default=None, sa_type=Utc)


class Office(Record, table=True):
    """An office that a person holds, from a day to a last day. It tells who a person is; it gives no sight."""

    reference: str = Field(unique=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    title_en: str
    title_ru: str
    held_from: date
    held_until: date | None = None


class SignIn(Record, table=True):
    """A browser's session; only the hash of its token is kept. `reference` names it to its person.

    `factor`: whether the second factor was shown. `failed`: wrong tries between the sign-in before and this one.
    """

    __tablename__ = "sign_in"
    reference: str = Field(unique=True)
    token_hash: str = Field(unique=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    begun_at: datetime = Field(sa_type=Utc)
    used_at: datetime = Field(sa_type=Utc, description="to five minutes")
    expires_at: datetime = Field(sa_type=Utc)
    browser: str = ""
    factor: bool = False
    failed: int = 0


class FailedTries(SQLModel, table=True):
    """Failed tries of one name, person or address, under a keyed hash: whether there is such a person is not seen."""

    __tablename__ = "failed_tries"
    key: str = Field(primary_key=True)
    recent: list[str] = Field(default_factory=list, sa_type=JSON)
    waits: int = 0
    until: datetime | None = Field(default=None, sa_type=Utc)
    untold: int = Field(default=0, description="since the last sign-in")
    last_at: datetime = Field(sa_type=Utc, index=True)


class Factor(SQLModel, table=True):
    """A person's second factor: the secret sealed with the service's key, and the counter of the last code used."""

    member_id: int = Field(foreign_key="member.id", primary_key=True)
    sealed: str
    counter: int = Field(sa_type=BigInteger)
    made_at: datetime = Field(sa_type=Utc)


class RecoveryCode(Record, table=True):
    """A code that stands in for the second factor once; a keyed hash, deleted when it is used."""

    __tablename__ = "recovery_code"
    member_id: int = Field(foreign_key="member.id", index=True)
    code_hash: str = Field(unique=True)


class Invitation(Record, table=True):
    """A link with which one person chooses a password, once; of its token only the hash is kept.

    `resets_factor`: with it the second factor goes too. `made_by`: the person who made it; None: the server's own.
    """

    reference: str = Field(unique=True)
    token_hash: str = Field(unique=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    resets_factor: bool = False
    made_by: int | None = Field(default=None, foreign_key="member.id")
    made_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    used_at: datetime | None = Field(default=None, sa_type=Utc)


class ApiKey(Record, table=True):
    """A machine's key: 256 random bits, shown once, kept as SHA-256.

    `kind`: live or test. `networks`: CIDR that it may come from; empty: any. `used_at`: the last hour of use.
    `replaces_id`: the key that it was made from by rotation.
    """

    __tablename__ = "api_key"
    name: str
    prefix: str = Field(unique=True)
    secret_hash: str
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    kind: str = "live"
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    networks: list[str] = Field(default_factory=list, sa_type=JSON)
    made_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)
    used_at: datetime | None = Field(default=None, sa_type=Utc)
    replaces_id: int | None = Field(default=None, foreign_key="api_key.id")


class Group(Record, table=True):
    """A sharing group. `changed` is the generation of its last join without the past, or leave.

    `past`: whether newcomers see what was shared with it before. `rule`: {"kinds": [...], "countries": [...]}, which
    keeps those in who match; empty, it matches nobody.
    """

    __tablename__ = "sharing_group"
    slug: str = Field(unique=True)
    name_en: str
    name_ru: str
    changed: int = 0
    owner_id: int | None = Field(default=None, foreign_key="organisation.id")
    past: bool = False
    rule: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)


class GroupMember(SQLModel, table=True):
    """An organisation in a group, seeing what was marked from generation `since` on; by rule, by hand, or both."""

    __tablename__ = "group_member"
    group_id: int = Field(foreign_key="sharing_group.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    since: int = 0
    by_rule: bool = False


class Stay(Record, table=True):
    """A membership by hand, from a day to a last day in the organisation's own time zone; over ones are kept."""

    group_id: int = Field(foreign_key="sharing_group.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    begins_on: date
    ends_on: date | None = None
    begun: bool = False
    ended: bool = Field(default=False, index=True)


class NetworkState(SQLModel, table=True):
    """One row: the network's generation counter, its last changes, and the version of everything above."""

    __tablename__ = "network_state"
    id: int = Field(default=1, primary_key=True)
    generation: int = 0
    network_changed: int = 0
    links_changed: int = 0
    version: int = Field(default=0, sa_type=BigInteger)
    began_at: datetime = Field(sa_type=Utc)


class AudienceRow(Record, table=True):
    """Equal markings in the same generation are one row."""

    __tablename__ = "audience"
    digest: str = Field(unique=True)
    tlp: str
    originator_id: int = Field(foreign_key="organisation.id")
    attribution: str
    generation: int
    marking: dict[str, list[int]] = Field(default_factory=dict, sa_type=JSON)


class AudienceReach(SQLModel, table=True):
    """The compiled reach of an audience; the policy's SQL form joins these with a viewer's claims.

    `generation` is the audience's own, which never changes either: with it the index alone answers who sees what.
    """

    __tablename__ = "audience_reach"
    __table_args__ = (Index("audience_reach_by_target", "kind", "target", "generation", "inherited", "audience_id"),)
    audience_id: int = Field(foreign_key="audience.id", primary_key=True)
    kind: str = Field(primary_key=True)
    target: int = Field(primary_key=True)
    inherited: bool
    generation: int
