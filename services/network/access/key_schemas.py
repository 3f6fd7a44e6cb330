"""Shapes that callers send and see about machines' keys."""

from datetime import datetime
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from services.network.schemas import Closed, Instant, Slug


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("is not a network such as 192.0.2.0/24 or 2001:db8::/32") from None


Network = Annotated[str, Field(max_length=50), AfterValidator(_network)]


class NewKey(Closed):
    """A key to issue. Without `expires_at` it lives as long as a key may: 400 days."""

    name: str = Field(min_length=2, max_length=100)
    organisation: Slug
    scopes: list[str] = Field(min_length=1, max_length=40)
    kind: Literal["live", "test"] = Field(
        default="live", description="A test key hands in `status: test` only, and reads nothing else."
    )
    networks: list[Network] = Field(
        default_factory=list, max_length=50, description="Where it may come from, as CIDR; empty: from anywhere."
    )
    expires_at: Instant | None = None


class Rotation(Closed):
    """How to replace a key by a successor."""

    overlap_hours: int = Field(default=24, ge=0, le=720, description="How long the old key works beside the new one.")


class KeyView(BaseModel):
    """A key without its secret. `used_at`: the hour of its last use, known within a few minutes."""

    prefix: str
    name: str
    organisation: str
    kind: str
    scopes: list[str]
    networks: list[str]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    replaces: str | None


class KeyIssued(KeyView):
    """A key with its secret: shown this once."""

    key: str
