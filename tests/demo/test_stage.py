"""The demo's stage is set again where a run was killed while it was being set."""

from pathlib import Path

from services import network
from services.kernel import db
from workers.demo.stage import Kept, Stage


def laid(folder: Path) -> Kept:
    """What a stage remembers; nothing is called."""
    stage = Stage("http://127.0.0.1:9", folder)
    stage.close()
    return stage.kept


def test_a_run_killed_before_its_key_was_kept_can_be_run_again(database: str, configured: Path) -> None:
    first = laid(configured)
    (configured / "demo.json").write_text(first.model_copy(update={"admin": ""}).model_dump_json())
    again = laid(configured)
    assert again.password == first.password
    assert again.admin != first.admin
    with db.reading() as session:
        assert network.by_key(session, again.admin)
        assert network.administrators(session) == 1
    assert laid(configured) == again
