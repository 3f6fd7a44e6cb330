"""Tables of who belongs, how they sign in, and which audiences their markings have made."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from services.kernel.model import Record, Utc


class Organisation(Record, table=True):
    """A party of the network. `since` is the generation from which it may see what the whole network may."""

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


class Member(Record, table=True):
    """A person who acts for an organisation."""

    uid: str = Field(unique=True)
    login: str = Field(unique=True)
    name: str
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    password_hash: str = ""
    language: str = "en"
    timezone: str = "UTC"
    active: bool = True


class SignIn(Record, table=True):
    """A browser's session; only the hash of its token is kept."""

    __tablename__ = "sign_in"
    token_hash: str = Field(unique=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    expires_at: datetime = Field(sa_type=Utc)


class ApiKey(Record, table=True):
    """A machine's key: 256 random bits, shown once, kept as SHA-256."""

    __tablename__ = "api_key"
    name: str
    prefix: str = Field(unique=True)
    secret_hash: str
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    made_at: datetime = Field(sa_type=Utc)
    expires_at: datetime | None = Field(default=None, sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)


class Group(Record, table=True):
    """A sharing group. `changed` is the generation of its last join without the past, or leave."""

    __tablename__ = "sharing_group"
    slug: str = Field(unique=True)
    name_en: str
    name_ru: str
    changed: int = 0


class GroupMember(SQLModel, table=True):
    """An organisation in a group, seeing what was marked from generation `since` on."""

    __tablename__ = "group_member"
    group_id: int = Field(foreign_key="sharing_group.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    since: int = 0


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
    """The compiled reach of an audience; the policy's SQL form joins these with a viewer's claims."""

    __tablename__ = "audience_reach"
    __table_args__ = (Index("audience_reach_by_target", "kind", "target", "audience_id"),)
    audience_id: int = Field(foreign_key="audience.id", primary_key=True)
    kind: str = Field(primary_key=True)
    target: int = Field(primary_key=True)
    inherited: bool
