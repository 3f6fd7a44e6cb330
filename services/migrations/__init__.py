"""The database's structure, brought up to date by Alembic, and the few rows that the service cannot do without."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel

from services import (
    assignments,
    definitions,
    desk,
    dialogue,
    digests,
    exchange,
    forms,
    indicators,
    network,
    reports,
    sanctions,
    search,
    tagging,
    weighing,
)
from services.kernel import audit, checkpoints, daykeys, db, events, jobs, sealing, sequencer

FOLDER = Path(__file__).parent
SLICES = (
    assignments,
    audit,
    checkpoints,
    daykeys,
    desk,
    definitions,
    dialogue,
    digests,
    events,
    exchange,
    forms,
    indicators,
    jobs,
    network,
    reports,
    sanctions,
    sealing,
    search,
    sequencer,
    tagging,
    weighing,
)  # their tables are ours to make


def config() -> Config:
    """Alembic's configuration for the bound database."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    return made


def ours(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether a table or index is described by the models: not what is laid beside one for one kind of database."""
    return kind not in ("table", "index") or name not in tagging.BESIDE


def upgrade() -> None:
    """Bring the database up to date; safe to run again, and while the service runs."""
    with db.engine().connect() as connection:
        db.patient(connection)
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, "head")
        connection.commit()
    prepare()


def prepare() -> None:
    """Make the rows that must be there: the network's state, the heads of the sequences, the forms of the pack."""
    with db.transaction() as session:
        network.prepare(session)
        sequencer.prepare(session)
        forms.prepare(session)


metadata = SQLModel.metadata
