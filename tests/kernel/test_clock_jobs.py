"""The clock's prompt jobs are not held up by long ones, and none by a clock that is set back."""

import threading
from datetime import datetime, timedelta

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
