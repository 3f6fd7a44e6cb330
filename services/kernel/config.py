"""Every setting of the service in one place, read once from EWN_* and never changed while running."""

import json
import os
import secrets
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class EmptySecret(Exception):
    """The file that should hold the sealing key holds nothing: whatever is sealed with that, anybody can forge."""


class Settings(BaseSettings):
    """Settings of one process. Each has a default that works on one machine with nothing else running."""

    model_config = SettingsConfigDict(env_prefix="EWN_", frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(
        Path("var/data"),
        description="Folder for the embedded database and Valkey, the lock, logs and sealing key.",
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL of SQLite or PostgreSQL (psycopg). Empty: SQLite in the data folder."
    )
    redis_url: str = Field(
        "redis://127.0.0.1:6379/0", description="Redis or Valkey that wakes the workers; nothing in it need survive."
    )
    host: str = Field("127.0.0.1", description="Address the API listens on.")
    port: int = Field(8080, ge=0, le=65535, description="Port the API listens on.")
    metrics_port: int = Field(
        0, ge=0, le=65535, description="Port of the operators' metrics listener; 0 switches it off."
    )
    metrics_token: SecretStr = Field(SecretStr(""), description="Bearer token that the metrics listener demands.")
    public_url: str = Field("", description="Address users type, for links; empty: http://HOST:PORT.")
    pack: Path | None = Field(
        None, description="Folder with the network's vocabulary; empty: the day-one pack shipped."
    )
    network_name: str = Field("Early Warning Network", description="Name shown on pages and editions.")
    secret: SecretStr = Field(
        SecretStr(""),
        description="Key that seals cursors and second factors, the same on all machines; "
        "empty: made once, in the data folder.",
    )
    audit_key: Path | None = Field(
        None,
        description="File of the Ed25519 key that signs the audit; empty: audit-key in the data folder, made once.",
    )
    receipt_key: Path | None = Field(
        None,
        description="File of the Ed25519 key that signs receipts, the same on all machines; empty: receipt-key in the "
        "data folder, made once.",
    )
    clock: str = Field(
        "system", description="system; an ISO 8601 instant to freeze time at; or +SECONDS/-SECONDS to shift it."
    )
    outbound_allow: list[str] = Field(
        default_factory=list, description="Hosts that outbound calls may go to, as a JSON list; empty: none."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    secure_cookies: bool = Field(False, description="Send the sign-in cookie over https only; true behind a proxy.")
    relay_lease_seconds: float = Field(10.0, gt=0, description="How long a worker may take before work is sent again.")
    relay_poll_seconds: float = Field(0.2, gt=0, description="How often the relay looks when nothing wakes it.")
    reaction_tries: int = Field(4, ge=1, description="Failed tries of one event before it is quarantined.")
    outbox_limit: int = Field(200_000, ge=1, description="Waiting work above which the intake answers 503.")
    body_limit: int = Field(262_144, ge=1, description="Largest body in bytes of a single request.")
    line_limit: int = Field(262_144, ge=1, description="Largest line in bytes of a bulk upload.")
    sheet_limit: int = Field(5_000_000, ge=1, description="Largest CSV or XLSX file in bytes.")
    bulk_limit: int = Field(1_000_000, ge=1, description="Most lines of one bulk upload.")
    attachments: str = Field(
        "",
        description="Where attached files lie: a folder that all machines share, or an address that fsspec knows; "
        "empty: attachments in the data folder.",
    )
    attachment_limit: int = Field(20_000_000, ge=1, description="Largest attached file in bytes.")
    attachments_per_report: int = Field(10, ge=1, description="Most files attached to one report.")
    attachment_quota: int = Field(
        2_000_000_000, ge=1, description="Bytes that all attached files of one organisation may have together."
    )
    scanner: str = Field(
        "",
        description="Command of a malware scanner, to which a file's path is added: it ends with 0 for clean, 1 for a "
        "finding, else for a failure (clamdscan --fdpass --no-summary); empty: none is asked.",
    )
    bulk_bytes: int = Field(1 << 33, ge=1, description="Most bytes of one bulk upload, unpacked.")
    idempotency_hours: int = Field(72, ge=1, description="How long an answer is kept for its Idempotency-Key.")
    session_hours: int = Field(12, ge=1, description="How long a sign-in lasts; two hours without use end it earlier.")
    second_factor: Literal["required", "optional"] = Field(
        "required",
        description="required: whoever has no second factor sets it up at the next sign-in, before anything else; "
        "optional: for demos and tests, where a password alone may sign in.",
    )
    rate_per_minute: int = Field(
        1_200, ge=1, description="Requests a minute of one key, or of one person in browsers. More is answered 429."
    )
    quota_per_day: int = Field(
        200_000, ge=1, description="Requests in 24 hours of one key or person; a bulk upload is one."
    )
    inquiries_open: int = Field(
        100, ge=1, description="Requests for information that one organisation may have open; more is answered 409."
    )
    inquiries_per_day: int = Field(
        50,
        ge=1,
        description="Requests for information that one organisation may ask within 24 hours, withdrawn ones "
        "too; more is answered 429.",
    )
    connection_limit: int = Field(
        500,
        ge=1,
        description="Connections at once of one API process; more are answered 503, so that memory is bounded.",
    )
    trusted_proxies: list[str] = Field(
        default_factory=list,
        description="Networks, as a JSON list of CIDR, whose X-Forwarded-For is believed; empty: nobody's.",
    )

    solo: bool = Field(
        False,
        description="For a secretariat of one: roles may meet in one person, who may release a draft of "
        "its own; the first person of an empty network gets all roles that this needs.",
    )

    # None of these repeats what was given: an address may hold a password.
    @field_validator("clock")
    @classmethod
    def _a_clock(cls, value: str) -> str:
        try:
            if value != "system" and value[:1] not in {"+", "-"}:
                datetime.fromisoformat(value).astimezone(UTC)
            elif value != "system":
                datetime.now(UTC) + timedelta(seconds=float(value))
        except (ValueError, OverflowError):
            raise ValueError(
                "write system, an instant such as 2026-11-01T12:00:00Z, or a shift in seconds such as +86400"
            ) from None
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        try:
            return [str(ip_network(one)) for one in value]
        except ValueError:
            raise ValueError('write networks, such as ["10.0.0.0/8", "::1/128"]') from None

    @field_validator("log_level")
    @classmethod
    def _a_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("write DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        if value:
            from sqlalchemy.engine import make_url
            from sqlalchemy.exc import ArgumentError

            try:
                kind = make_url(value).drivername
            except (ArgumentError, ValueError):
                kind = ""
            if kind not in {"sqlite", "postgresql+psycopg"}:
                raise ValueError("write sqlite:////path/ewn.db or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
        return value

    @field_validator("redis_url")
    @classmethod
    def _a_broker(cls, value: str) -> str:
        try:
            where = urlsplit(value)
            good = where.path if where.scheme == "unix" else where.hostname and where.port != 0
        except ValueError:
            good = None
        if value and not (good and value.startswith(("redis://", "rediss://", "unix://"))):
            raise ValueError("write redis://HOST:PORT/0, rediss://HOST:PORT/0 or unix:///path/of/socket")
        return value

    @property
    def url(self) -> str:
        """The address to print in links."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'ewn.db'}"

    @property
    def attached(self) -> str:
        """Where attached files lie."""
        return self.attachments or str(self.data_dir.resolve() / "attachments")

    @property
    def idempotency_kept(self) -> timedelta:
        """How long an answer is kept for its Idempotency-Key."""
        return timedelta(hours=self.idempotency_hours)

    def secret_key(self) -> bytes:
        """The sealing key: from EWN_SECRET, or made once in the data folder with mode 0600."""
        given = self.secret.get_secret_value()
        if given:
            return given.encode()
        return _kept_key(self.data_dir)


def written_as(value: object) -> str:
    """A setting's value as the text of its variable."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return json.dumps(value) if isinstance(value, list | dict | bool) else str(value)


@lru_cache(maxsize=4)
def _kept_key(folder: Path) -> bytes:
    """The key of a data folder, made where there is none: whole or not at all, and by one process alone."""
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made, name = tempfile.mkstemp(prefix="secret-", dir=folder)  # its mode is 0600
        with os.fdopen(made, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its key is the one
            os.link(name, path)
        Path(name).unlink()
    key = path.read_bytes()
    if not key:
        raise EmptySecret(f"{path} is empty: put the key back, or remove the file and all sign-ins end.")
    return key


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; `settings.cache_clear()` belongs to tests and start-up only."""
    return Settings()
