"""Empties tables between the examples of one test: a fresh database for each would take longer than the example."""

from sqlalchemy import text
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
        if not db.is_sqlite(session):
            session.execute(text("SET LOCAL session_replication_role = replica"))  # nobody is asked who refers to what
            session.execute(_BEGUN_ANEW, {"names": [one.name for one in tables]})
        for one in reversed(tables):
            session.execute(text(f'DELETE FROM "{one.name}"'))
        if network_too:
            network.prepare(session)


# Not TRUNCATE ... RESTART IDENTITY: it makes hundreds of files anew, which takes half a second of the processor.
_BEGUN_ANEW = text("""
select setval(seqrelid::regclass, 1, false)
from pg_sequence join pg_depend on objid = seqrelid join pg_class as held on held.oid = refobjid
where held.relname = any(:names) and pg_sequence_last_value(seqrelid) is not null
""")
