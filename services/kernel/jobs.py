"""Work by the clock: each period of each job is done once, however many clocks run, however late."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Field, Session, SQLModel

from services.kernel import clock, db
from services.kernel.model import Utc, table


class JobRun(SQLModel, table=True):
    """That a job was done for a period, written in the transaction that holds its effect."""

    __tablename__ = "job_run"
    job: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


def once(session: Session, job: str, period: str) -> bool:
    """Take a period of a job; False if it is taken. Undone if this transaction is."""
    row = {"job": job, "period": period, "at": clock.now()}
    return bool(db.insert_new(session, table(JobRun), [row], returning=("job",)))


def done(session: Session, job: str) -> set[str]:
    """The periods of a job that are taken."""
    runs = table(JobRun)
    return set(session.execute(select(runs.c.period).where(runs.c.job == job)).scalars())
