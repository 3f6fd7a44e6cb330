"""Many rows at once: whatever a text holds comes back as it was, and keys are found however many there are."""

from datetime import date

from sqlalchemy import JSON, BigInteger, Column, Date, Float, Integer, MetaData, String, Table, create_engine, select

from services.kernel import bulk, db

KEPT = Table(
    "kept", MetaData(),
    Column("number", Integer, primary_key=True), Column("words", String), Column("at", Date),
    Column("held", JSON), Column("large", BigInteger), Column("share", Float),
)  # fmt: skip
WORDS = [
    'say "so"',
    "back\\slash",
    "a,b",
    "{}",
    "",
    "NULL",
    "null",
    "%s ? :x",
    "line\nand tab\t",
    "слово 词",
    "' or 1=1 --",
]


def lay() -> None:
    with db.transaction() as session:
        KEPT.create(session.connection())


def test_what_rows_hold_comes_back_as_it_was(database: str) -> None:
    lay()
    rows = [(n, words, date(2026, 1, 1 + n), [[n, words]], 2**60 + n, n / 8) for n, words in enumerate(WORDS)]
    with db.transaction() as session:
        assert bulk.insert(session, KEPT, rows) == len(rows)
        assert bulk.insert(session, KEPT, []) == 0
    with db.reading() as session:
        assert [tuple(row) for row in session.execute(select(KEPT).order_by(KEPT.c.number)).all()] == rows


def test_a_row_may_give_some_columns_and_no_value(database: str) -> None:
    lay()
    with db.transaction() as session:
        bulk.insert(session, KEPT, [(1, "one", None), (2, None, 7)], columns=("number", "words", "large"))
    with db.reading() as session:
        found = session.execute(select(KEPT.c.words, KEPT.c.large, KEPT.c.at).order_by(KEPT.c.number)).all()
    assert [tuple(row) for row in found] == [("one", None, None), (None, 7, None)]


def test_rows_that_a_clause_leaves_as_they_are_do_not_count_as_written(database: str) -> None:
    lay()
    clause = "ON CONFLICT (number) DO UPDATE SET large = excluded.large WHERE kept.large = excluded.large - 1"
    with db.transaction() as session:
        bulk.insert(session, KEPT, [(1, 5), (2, 5)], columns=("number", "large"))
        assert bulk.insert(session, KEPT, [(1, 6), (2, 7), (3, 1)], columns=("number", "large"), then=clause) == 2
        assert bulk.insert(session, KEPT, [(2, 7)], columns=("number", "large"), then=clause) == 0
    with db.reading() as session:
        found = session.execute(select(KEPT.c.number, KEPT.c.large).order_by(KEPT.c.number)).all()
    assert [tuple(row) for row in found] == [(1, 6), (2, 5), (3, 1)]


def test_more_rows_than_one_statement_takes_are_all_written_and_counted(database: str) -> None:
    lay()
    with db.transaction() as session:
        assert bulk.insert(session, KEPT, [(n, n) for n in range(1_003)], columns=("number", "large")) == 1_003
        more = [(n, 0) for n in range(900, 1_600)]
        assert bulk.insert(session, KEPT, more, columns=("number", "large"), then="ON CONFLICT DO NOTHING") == 597
    with db.reading() as session:
        found = session.execute(select(KEPT.c.number, KEPT.c.large).order_by(KEPT.c.number)).all()
    assert [tuple(row) for row in found] == [(n, n if n < 1_003 else 0) for n in range(1_600)]


def test_rows_are_found_by_none_one_and_many_keys(database: str) -> None:
    lay()
    with db.transaction() as session:
        bulk.insert(session, KEPT, [(n,) for n in range(3000)], columns=("number",))
    statement = select(KEPT.c.number).where(bulk.among(KEPT.c.number))
    with db.reading() as session:
        for keys in ([], [7], {2999, 5, 4000}, range(3000)):
            found = session.execute(statement, {"keys": keys}).scalars()
            assert sorted(found) == [key for key in sorted(keys) if key < 3000]


def test_rows_are_found_by_texts_as_by_numbers(database: str) -> None:
    lay()
    with db.transaction() as session:
        bulk.insert(session, KEPT, list(enumerate(WORDS)), columns=("number", "words"))
    statement = select(KEPT.c.words).where(bulk.among(KEPT.c.words)).order_by(KEPT.c.number)
    with db.reading() as session:
        for keys in ([], ["слово"], WORDS[:1], [*WORDS, "other"]):
            found = session.execute(statement, {"keys": keys}).scalars()
            assert list(found) == [words for words in WORDS if words in keys]


def test_sqlite_finds_rows_among_keys_by_their_index() -> None:
    statement = select(KEPT.c.words).where(KEPT.c.large > 0, bulk.among(KEPT.c.number))
    with create_engine("sqlite://").connect() as connection:
        KEPT.create(connection)
        asked = statement.compile(connection, compile_kwargs={"render_postcompile": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (0, "[]")).all()
    assert "SEARCH kept USING INTEGER PRIMARY KEY (rowid=?)" in plan[0].detail
