"""One PostgreSQL database for many tests, made as new between them: a copy of the template takes most of a test."""

from typing import Any

import psycopg
from psycopg import Connection, sql
from sqlalchemy import Engine, Pool

from tests.servers import OperatorPostgres, Postgres, plain

USES = 200  # then a new one: what was deleted leaves its room behind
GROWN = 40_000_000  # bytes more than the template
LOOK = 8  # uses between two looks at that: each asks for the size of a thousand files

_LAID = """
create schema kept;
create table kept.sequences as select sequencename as name, last_value from pg_sequences where schemaname = 'public';
"""
_BEGUN_ANEW = """
select setval(format('public.%I', kept.name), coalesce(kept.last_value, 1), kept.last_value is not null)
from kept.sequences as kept join pg_sequences as now on now.schemaname = 'public' and now.sequencename = kept.name
where now.last_value is distinct from kept.last_value
"""
_SHAPE = """
select md5(string_agg(concat(c.relname, a.attname, a.atttypid, a.attnotnull), ',' order by c.relname, a.attnum)),
    (select count(*) from pg_trigger where not tgisinternal), (select count(*) from pg_constraint),
    (select count(*) from pg_proc where pronamespace = 'public'::regnamespace)
from pg_class as c join pg_attribute as a on a.attrelid = c.oid where c.relnamespace = 'public'::regnamespace
"""


class Kept:
    """A copy of a template, and connections to it: a server's process that knows the tables is slow to make.

    A test that changed its shape, or left it locked, costs the next one another copy.
    """

    def __init__(self, server: Postgres | OperatorPostgres, template: str) -> None:
        self._server = server
        self._template = template
        self._url = ""
        self._uses = 0
        self._link: Connection | None = None
        self._pool: Pool | None = None

    def url(self) -> str:
        """Where it is; nobody else uses it until `renew`."""
        if not self._url:
            self._url, self._uses = self._server.create_database(template=self._template), 0
            self._link = psycopg.connect(plain(self._url), autocommit=True)
            self._tables = [row[0] for row in self._rows("select tablename from pg_tables where schemaname = 'public'")]
            self._link.execute(_LAID)
            self._filled = [one for one in self._tables if self._rows(_named("select 1 from public.{} limit 1", one))]
            for one in self._filled:
                self._link.execute(_named("create table kept.{0} as table public.{0}", one))
            self._shape, self._size = self._rows(_SHAPE), self._grown()
        self._uses += 1
        return self._url

    def lend(self, engine: Engine) -> bool:
        """Give an engine the connections that the one before it had; whether there are any. It does not close them."""
        known = self._pool is not None
        if self._pool is not None:
            engine.pool = self._pool
        self._pool = engine.pool
        engine.dispose = lambda close=True: None  # type: ignore[method-assign]
        return known

    def renew(self) -> None:
        """Make it as it was, or give it up."""
        try:
            self._empty()
            as_new = self._uses < USES and self._rows(_SHAPE) == self._shape and not self._outgrown()
        except psycopg.Error:
            as_new = False
        if not as_new:
            self.close()

    def close(self) -> None:
        """Drop it."""
        if self._pool is not None:
            self._pool.dispose()
            self._pool = None
        if self._link is not None:
            self._link.close()
            self._link = None
        if self._url:
            self._server.drop_database(self._url)
        self._url = ""

    def _empty(self) -> None:
        assert self._link is not None
        others = "from pg_stat_activity where datname = current_database() and pid <> all(%s)"
        self._link.execute(f"select pg_terminate_backend(pid) {others}", [[self._link.info.backend_pid, *self._idle()]])
        with self._link.transaction():
            self._link.execute("set local lock_timeout = '2s'; set local session_replication_role = replica")
            self._link.execute(sql.SQL("; ").join(_named("delete from public.{}", one) for one in self._tables))
            for one in self._filled:
                self._link.execute(_named("insert into public.{0} select * from kept.{0}", one))
            self._link.execute(_BEGUN_ANEW)

    def _idle(self) -> list[int]:
        """The processes of the server behind the connections that are to be used again. One that a test still holds
        is not among them, and all of them go."""
        pool: Any = self._pool
        if pool is None or pool.checkedout():
            self._pool = None
            if pool is not None:
                pool.dispose()
            return []
        plain = [record.dbapi_connection for record in pool._pool.queue]
        return [one.info.backend_pid for one in plain if one is not None and not one.closed]

    def _outgrown(self) -> bool:
        return self._uses % LOOK == 0 and self._grown() >= self._size + GROWN

    def _grown(self) -> int:
        return int(self._rows("select pg_database_size(current_database())")[0][0])

    def _rows(self, statement: str | sql.Composed) -> list[tuple[object, ...]]:
        assert self._link is not None
        return self._link.execute(statement).fetchall()


def _named(text: str, table: object) -> sql.Composed:
    return sql.SQL(text).format(sql.Identifier(str(table)))
