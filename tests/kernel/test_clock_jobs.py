"""The clock's prompt jobs are not held up by long ones, and none by a clock that is set back."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from services.kernel import clock, config
from workers import schedule


def test_a_long_job_holds_up_no_prompt_one(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done, stop = threading.Event(), threading.Event(), threading.Event()
    waited: list[bool] = []

    def long(_session: Session, _at: datetime, _since: datetime) -> None:
        begun.set()
        waited.append(done.wait(60))
        stop.set()

    def prompt(_session: Session, _at: datetime, _since: datetime) -> None:
        if begun.is_set():
            done.set()

    def loop(job: schedule.Job) -> None:
        job.run(None, clock.now(), clock.now())  # the loops, not SQLite and its one writer, are looked at

    second = timedelta(seconds=0)
    jobs = (schedule.Job("long", second, long), schedule.Job("prompt", second, prompt, prompt=True))
    monkeypatch.setattr(schedule, "JOBS", jobs)
    monkeypatch.setattr(schedule, "_run", loop)
    monkeypatch.setattr(schedule, "_Beat", lambda: lambda: None)
    schedule.run(stop)
    assert waited == [True]


def test_a_clock_set_back_stops_no_job(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, began = threading.Event(), clock.now()
    runs: list[datetime] = []

    def back(_session: Session, at: datetime, _since: datetime) -> None:
        runs.append(at)
        monkeypatch.setenv("EWN_CLOCK", (began - len(runs) * timedelta(hours=1)).isoformat())
        config.settings.cache_clear()
        if len(runs) == 3:
            stop.set()

    threading.Timer(60, stop.set).start()
    schedule._loop(stop, [schedule.Job("back", timedelta(milliseconds=1), back)])
    assert len(runs) == 3


@pytest.mark.one_kind
def test_each_day_is_replayed_once_in_order_and_a_replay_that_broke_off_goes_on(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = datetime(2021, 1, 1, 12, tzinfo=UTC)
    told: list[int] = []
    breaks = [130]

    def daily(_session: Session, at: datetime, _since: datetime) -> None:
        day = (at - first).days
        if day in breaks:
            breaks.remove(day)
            raise KeyboardInterrupt
        told.append(day)

    ends: list[int] = []
    jobs = (
        schedule.Job("daily", timedelta(0), daily, daily=True),
        schedule.Job("other", timedelta(0), lambda _session, at, _since: ends.append((at - first).days)),
    )
    monkeypatch.setattr(schedule, "JOBS", jobs)
    with pytest.raises(KeyboardInterrupt):
        schedule.replay(first, first + timedelta(days=249))
    assert told == list(range(130))
    assert ends == []
    assert schedule.replay(first, first + timedelta(days=249)) == 150
    assert told == [*range(130), *range(100, 250), 249]
    assert ends == [249]
    assert schedule.replay(first, first + timedelta(days=251)) == 2
    assert told[-3:] == [250, 251, 251]
