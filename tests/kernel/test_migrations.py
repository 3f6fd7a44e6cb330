"""The migrations make exactly the tables that the models describe, on both databases."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from services import migrations
from services.kernel import db


def test_the_migrations_make_what_the_models_say(database: str) -> None:
    with db.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": migrations.ours})
        assert compare_metadata(context, migrations.metadata) == []


def test_migrating_down_and_up_again_leaves_the_same_tables(database: str) -> None:
    before = set(inspect(db.engine()).get_table_names())
    with db.engine().connect() as connection:
        config = migrations.config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert set(inspect(db.engine()).get_table_names()) == {"alembic_version"}
    migrations.upgrade()
    assert set(inspect(db.engine()).get_table_names()) == before
