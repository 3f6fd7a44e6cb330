"""The database's structure, brought up to date by Alembic, and the few rows that the service cannot do without."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel

from services import (
    assignments,
    definitions,
    dialogue,
    digests,
    forms,
    indicators,
    network,
    reports,
    sanctions,
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
    definitions,
    dialogue,
    digests,
    events,
    forms,
    indicators,
    jobs,
    network,
    reports,
    sanctions,
    sealing,
    sequencer,
    tagging,
    weighing,
)  # their tables are ours to make


def config() -> Config:
    """Alembic's configuration for the bound database."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    return made


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
