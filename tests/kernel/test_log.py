"""Logs are JSON lines with the id of the request, and hold neither keys nor what reports say."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

SCRIPT = """
import logging, sys
from fastapi.testclient import TestClient
import workers.reactions
from services.kernel import db, log
from sqlalchemy import text
log.configure("api")
db.connect(sys.argv[1])
from services.main import create_app
from tests.world import World, report
with db.transaction() as session:
    if db.is_sqlite(session):
        session.execute(text(
            "create trigger no before insert on report when new.title like 'Doomed%' "
            "begin select raise(abort, 'refused'); end"))
    else:
        session.execute(text("alter table report add check (title not like 'Doomed%')"))
app = create_app()
with TestClient(app, raise_server_exceptions=False) as client:
    world = World(client)
    world.enrol("north")
    @app.get("/v1/fails")
    def fails():
        with db.reading() as session:
            session.execute(text("select * from nowhere where x = :x"), {"x": "WORDS-OF-A-REPORT"})
    doomed = report(title="Doomed", text="one line\\n\\nThe above exception\\nWORDS-OF-A-REPORT")
    assert world.post("north", doomed).status_code >= 500
    assert world.raw("north", "/v1/fails").status_code >= 500
    world.keys["south"] = "ewn_abc_SECRET-OF-A-KEY"
    assert world.raw("south", "/v1/reports").status_code == 401
    assert world.post("north", report(text="WORDS-OF-A-REPORT", tlp="SECRET-OF-A-KEY")).status_code == 422
    print(world.keys["north"])
"""


@pytest.fixture
def logged(database: str) -> tuple[str, str]:
    """A key, and all that was written to standard error by requests of many an outcome."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, database], cwd=Path(__file__).parents[2],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip(), done.stderr


@pytest.mark.one_kind
def test_each_line_is_json_with_the_requests_id_and_none_tells_a_secret(logged: tuple[str, str]) -> None:
    key, written = logged
    lines = [json.loads(line) for line in written.splitlines()]
    faults = [line for line in lines if line["level"] == "ERROR"]
    assert len(faults) >= 2
    assert {"at", "level", "logger", "message", "trace", "process"} <= set(faults[0])
    assert all(datetime.fromisoformat(line["at"]).utcoffset() == timedelta() for line in lines)
    assert all(line["trace"].startswith("T-") for line in faults)
    assert len({line["trace"] for line in faults}) == 2
    for secret in (key, key.split("_", 2)[2], "WORDS-OF-A-REPORT", "SECRET-OF-A-KEY"):
        assert secret not in written
