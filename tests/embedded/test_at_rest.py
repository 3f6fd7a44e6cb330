"""The doctor says whether the disk is encrypted: yes, no, or that it cannot tell; and who may read the keys."""

import os
from pathlib import Path

import pytest

from services.kernel.config import Settings
from workers import at_rest


class Machine:
    """A system's own lists of mounts and devices, laid out in a folder."""

    def __init__(self, folder: Path) -> None:
        self.proc, self.system = folder / "proc", folder / "sys"
        self.data = folder / "data dir"
        self.data.mkdir()
        self.proc.mkdir()
        (self.system / "block").mkdir(parents=True)

    def mounts(self, *rows: tuple[str, Path, str]) -> None:
        lines = [f"{device} {str(point).replace(' ', chr(92) + '040')} {kind} rw 0 0" for device, point, kind in rows]
        (self.proc / "mounts").write_text("\n".join(lines), encoding="utf-8")

    def device(self, name: str, *, uuid: str = "", called: str = "", below: tuple[str, ...] = ()) -> None:
        folder = self.system / "block" / name
        (folder / "dm").mkdir(parents=True)
        (folder / "slaves").mkdir()
        if name.startswith("dm-"):
            (folder / "dm" / "uuid").write_text(f"{uuid}\n", encoding="utf-8")
            (folder / "dm" / "name").write_text(f"{called}\n", encoding="utf-8")
        for one in below:
            (folder / "slaves" / one).mkdir()

    def answer(self) -> str:
        return at_rest.encrypted(self.data, proc=self.proc, system=self.system)[0]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.device("sda1")
    made.device("sdb1")
    made.device("dm-0", uuid="CRYPT-LUKS2-1234", called="luks", below=("sda1",))
    made.device("dm-1", uuid="LVM-5678", called="group-data", below=("dm-0",))
    made.device("dm-2", uuid="LVM-9999", called="group-both", below=("dm-0", "sdb1"))
    return made


@pytest.mark.parametrize(
    ("device", "kind", "answer"),
    [
        ("/dev/mapper/luks", "ext4", "yes"),
        ("/dev/mapper/group-data", "ext4", "yes"),
        ("/dev/dm-1", "ext4", "yes"),
        ("/dev/sda1", "ext4", "no"),
        ("/dev/mapper/group-both", "ext4", "no"),
        ("/dev/sdz9", "ext4", "cannot tell"),
        ("/dev/mapper/elsewhere", "ext4", "cannot tell"),
        ("overlay", "overlay", "cannot tell"),
        ("server:/share", "nfs4", "cannot tell"),
        ("tmpfs", "tmpfs", "cannot tell"),
    ],
)
def test_what_the_device_under_the_folder_is_decides(machine: Machine, device: str, kind: str, answer: str) -> None:
    other = "/dev/sda1" if answer == "yes" else "/dev/mapper/luks"
    machine.mounts((other, Path("/"), "ext4"), (device, machine.data, kind))
    assert machine.answer() == answer


def test_where_the_mounts_cannot_be_read_it_cannot_tell(machine: Machine) -> None:
    assert machine.answer() == "cannot tell"


def test_the_finding_says_it_in_plain_words_and_fails_nothing(machine: Machine) -> None:
    machine.mounts(("/dev/sda1", Path("/"), "ext4"))
    settings = Settings(data_dir=machine.data)
    (finding,) = at_rest.at_rest(settings, proc=machine.proc, system=machine.system)
    assert (finding.state, "on an encrypted device: no" in finding.what, bool(finding.mend)) == ("doubtful", True, True)


@pytest.mark.parametrize(
    ("folder", "file", "states"),
    [(0o700, 0o600, ["well", "well"]), (0o700, 0o640, ["well", "broken"]), (0o755, 0o600, ["doubtful", "well"])],
)
def test_a_key_that_others_may_read_is_broken(tmp_path: Path, folder: int, file: int, states: list[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret").write_bytes(b"key")
    (data / "secret").chmod(file)
    data.chmod(folder)
    assert [one.state for one in at_rest.keys(Settings(data_dir=data))] == states


def test_a_key_of_another_user_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_bytes(b"key")
    another = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: another)
    assert {one.state for one in at_rest.keys(Settings(data_dir=tmp_path))} == {"broken"}
