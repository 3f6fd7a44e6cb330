"""Empties tables between the examples of one test: a fresh database for each would take longer than the example."""

from collections.abc import Iterable

from sqlalchemy import Table, text
from sqlmodel import SQLModel

from services import network
from services.kernel import db
from services.kernel.gathering import gathered

BELONGING = {
    "organisation", "organisation_name", "member", "office", "sign_in", "api_key", "sharing_group", "group_member",
    "stay", "network_state",
}  # fmt: skip


def empty(*, network_too: bool = False) -> None:
    """Empty what partners told and all that was made of it, keys starting over; with `network_too` the network too."""
    tables = [one for one in SQLModel.metadata.sorted_tables if network_too or one.name not in BELONGING]
    gathered.settle()  # or what waits would be written into what comes after
    with db.transaction() as session:
        for statement in _statements(tables, lite=db.is_sqlite(session)):
            session.execute(text(statement))
        if network_too:
            network.prepare(session)


def _statements(tables: list[Table], *, lite: bool) -> Iterable[str]:
    if lite:
        return [f'DELETE FROM "{one.name}"' for one in reversed(tables)]
    return [f"TRUNCATE {', '.join(one.name for one in tables)} RESTART IDENTITY"]
