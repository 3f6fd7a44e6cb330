"""The key that seals cursors and sessions is whole, one for all processes of a folder, and never empty."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from services.kernel import config
from services.kernel.config import EmptySecret, Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that holds no key yet."""
    monkeypatch.delenv("EWN_SECRET", raising=False)
    return tmp_path / "data"


def test_processes_that_start_together_get_one_whole_key(folder: Path) -> None:
    together = Barrier(16)

    def key(_number: int) -> bytes:
        together.wait()
        return config._kept_key.__wrapped__(folder)

    with ThreadPoolExecutor(16) as pool:
        (made,) = set(pool.map(key, range(16)))
    assert len(made) >= 64
    assert [path.name for path in folder.iterdir()] == ["secret"]
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600


def test_an_empty_key_file_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret").touch()
    with pytest.raises(EmptySecret, match="is empty"):
        Settings(data_dir=folder).secret_key()


def test_the_key_is_read_once(folder: Path) -> None:
    key = Settings(data_dir=folder).secret_key()
    (folder / "secret").unlink()
    assert Settings(data_dir=folder).secret_key() == key
