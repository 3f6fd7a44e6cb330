"""The servers that the other tests stand on are real, private and really end."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from tests import servers

pytest_plugins: list[str] = []


@pytest.fixture(scope="module")
def own_postgres():
    with servers.Postgres(durable=True) as server:
        yield server


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_each_database_is_empty_and_its_own(own_postgres):
    first, second = own_postgres.create_database(), own_postgres.create_database()
    rows(first, "create table seen (name text)")
    rows(first, "insert into seen values ('Қ Ө Ҷ Ү')")
    assert rows(first, "select name from seen") == [("Қ Ө Ҷ Ү",)]
    assert rows(second, "select to_regclass('seen')") == [(None,)]


def test_a_database_can_be_copied_from_a_template(own_postgres):
    source = own_postgres.create_database()
    rows(source, "create table laid (n int)")
    copy = own_postgres.create_database(template=source.rsplit("/", 1)[1])
    assert rows(copy, "select to_regclass('laid')::text") == [("laid",)]


def test_what_was_committed_survives_kill_minus_9(own_postgres):
    url = own_postgres.create_database()
    rows(url, "create table kept (n int)")
    rows(url, "insert into kept values (7)")
    own_postgres.kill()
    own_postgres.start()
    assert rows(url, "select n from kept") == [(7,)]


def test_it_does_not_run_as_root_and_leaves_its_folder_closed(own_postgres):
    owner = Path(f"/proc/{own_postgres.pid}").stat().st_uid if Path("/proc").exists() else os.getuid()
    assert owner != 0
    assert stat.S_IMODE(own_postgres.data.stat().st_mode) == 0o700


def test_nothing_is_left_of_a_closed_server():
    with servers.Valkey() as server:
        assert server.client().set("a", 1)
        pid, folder = server.pid, server.folder
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(("persistent", "left"), [(False, None), (True, b"1")])
def test_a_killed_valkey_comes_back_with_what_it_promised(persistent, left):
    with servers.Valkey(persistent=persistent) as server:
        server.client().set("a", 1)
        server.kill()
        server.start()
        assert server.client().get("a") == left


def children():
    """The processes that this one has made and that still run."""
    return {
        int(pid)
        for task in Path("/proc/self/task").glob("*/children")
        for pid in task.read_text(encoding="ascii").split()
    }


def test_a_server_that_starts_too_slowly_is_not_left_running(monkeypatch):
    before = children()
    monkeypatch.setattr(servers, "PATIENCE", -1.0)  # no server answers before it was started
    with pytest.raises(servers.ServerFailed), servers.Postgres():
        pass
    assert children() == before


def test_binaries_below_a_private_folder_are_copied_to_where_nobody_can_read(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert not servers._reachable(private)
    folder = servers._reachable_folder("ewn-test-")
    try:
        assert servers._reachable(folder)
    finally:
        folder.rmdir()
