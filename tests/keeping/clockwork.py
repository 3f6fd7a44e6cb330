"""The clock of retention, turned by hand."""

from datetime import UTC, date, datetime, time

from services.kernel import clock
from tests.persons import signed_in
from tests.world import World
from workers import schedule

NOTICED, GONE = date(2027, 1, 15), date(2027, 2, 20)  # of an event in October 2026 under a rule of three months


def turn(world: World, day: date) -> None:
    """What the clock does about retention on a day, and all that reacts to it; then the washing of each minute."""
    at = datetime.combine(day, time(12), UTC)
    jobs = {job.name: job for job in schedule.JOBS}
    with clock.at(at):
        schedule.do(jobs["retention"], at)
        world.settle()
        schedule.do(jobs["wash"], at)


def keeper(login: str = "olga", role: str = "administrator") -> dict[str, str]:
    """A person who keeps the network, or audits it."""
    return signed_in(login, "office", role)


def made_rule(world: World, headers: dict[str, str], **said: object) -> str:
    """Make a rule; its reference."""
    answer = world.client.post("/v1/retention/rules", json={"months": 3} | said, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])
