"""Hostile files through HTTP: refused clearly or stored, none finds a fault, none costs more than it may."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from services.attachments import bounded
from services.attachments.opening.limits import MEMORY_BYTES
from services.kernel import db
from services.kernel.config import settings
from services.kernel.events import Quarantined
from tests.attachments import files
from tests.attachments.hostile import NAMES, Hostile, every
from tests.attachments.laid import attach, listed, stored
from tests.world import World

pytestmark = pytest.mark.one_kind
DEEP = os.environ.get("EWN_TEST_PROFILE") == "deep"
# With those of each sort more than four hundred in the long runs, of which each database takes half.
MUTATED = 240 if DEEP else 40
REFUSALS = {"kind-not-accepted", "file-unreadable", "unpacks-too-large", "file-too-large", "no-file", "bad-file-name"}
GROWTH = 80_000_000  # bytes that the process itself may gain over all of them


def resident() -> int:
    """The memory of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def roomy(north: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Room for all of them on one report."""
    monkeypatch.setenv("EWN_ATTACHMENTS_PER_REPORT", "10000")
    settings.cache_clear()
    return north


@pytest.fixture
def largest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in which each child that opens one says, as it ends, how much memory it had at most."""
    said = tmp_path / "largest"
    tell = (
        "import atexit\n"
        "def most():\n"
        "    status = open('/proc/self/status').read()\n"
        f"    open({str(said)!r}, 'a').write(status.partition('VmPeak:')[2].split()[0] + '\\n')\n"
        "atexit.register(most)\n"
    )
    monkeypatch.setattr(bounded, "_LAUNCH", tell + bounded._LAUNCH)
    return said


def test_hostile_files_are_refused_or_kept_and_find_no_fault(roomy: World, largest: Path) -> None:
    lite = db.engine().dialect.name == "sqlite"
    cases = every(MUTATED, seed=1 if lite else 2)[0 if lite else 1 :: 2]
    assert len(cases) > (200 if DEEP else 100)
    reference = roomy.submit("north")
    roomy.settle()
    before = resident()
    kept: set[str] = set()
    for one in cases:
        _sent(roomy, reference, one, kept)
    assert resident() - before < GROWTH, "memory follows the files"
    most = [int(one) * 1024 for one in largest.read_text().split()]
    assert len(most) > len(cases) / 2
    assert max(most) <= MEMORY_BYTES
    assert {path.name for path in stored()} == kept, "what was refused left something"
    roomy.settle()
    with db.reading() as session:
        assert session.exec(select(Quarantined)).all() == []
    states = [one["state"] for one in listed(roomy, "north", reference)]
    assert "waiting" not in states
    for one in listed(roomy, "south", reference):
        given = roomy.raw("south", f"/v1/reports/{reference}/attachments/{one['reference']}")
        assert given.status_code == (200 if one["state"] == "ready" else 403)
        assert not any(secret in given.content for secret in (files.AUTHOR.encode(), files.HIDDEN.encode())), one


def _sent(world: World, reference: str, one: Hostile, kept: set[str]) -> None:
    answer = attach(world, "north", reference, one.data, one.name)
    assert answer.status_code < 500, (one.name, answer.text)
    if answer.status_code < 300:
        assert not one.refused, one.name
        kept.add(hashlib.sha256(one.data).hexdigest())
        return
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["type"].rpartition("#")[2] in REFUSALS, (one.name, said)
    assert said["field"] == "file"
    assert one.name not in said["detail"] or not one.name.strip()


def test_a_name_is_what_may_be_shown_and_saved_or_is_refused(roomy: World) -> None:
    reference = roomy.submit("north")
    for number, (sent, known) in enumerate(NAMES):
        answer = _by_hand(roomy, reference, sent, b"Note %d." % number)
        if known is None:
            assert answer.json()["type"] == "/docs/problems#bad-file-name", (sent, answer.text)
            continue
        assert answer.status_code == 201, (sent, answer.text)
        assert answer.json()["name"] == known, sent
        told = roomy.raw("north", answer.headers["Location"]).headers["content-disposition"]
        assert told.isascii()
        assert not any(one in told for one in "\r\n/\\")
        assert told.count('"') == 2
    inside = settings().data_dir / "attachments"
    assert all(path.name.isalnum() and path.is_relative_to(inside) for path in stored())


def _by_hand(world: World, reference: str, name: bytes, data: bytes) -> Any:
    """A form as a program writes it that thinks nothing of names."""
    quoted = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    body = (
        b'--xx\r\nContent-Disposition: form-data; name="file"; filename="'
        + quoted
        + b'"\r\n\r\n'
        + data
        + b"\r\n--xx--\r\n"
    )
    headers = world.auth("north") | {"Content-Type": "multipart/form-data; boundary=xx"}
    return world.client.post(f"/v1/reports/{reference}/attachments", content=body, headers=headers)


FILE = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"'
FIELD = b'--xx\r\nContent-Disposition: form-data; name="%b"'
END = b"\r\n--xx--\r\n"
FORMS = (
    b"", b"--xx", b"--xx--", b"--xx--\r\n", b"no form at all", b"--xx\r\n\r\n\r\n--xx--", b"\r\n" * 1000,
    FIELD % b"file" + b"\r\n\r\nno file name" + END,
    FIELD % b"file" + b'; filename=""\r\n\r\n' + END,
    FIELD % b"other" + b'; filename="a.txt"\r\n\r\nwords' + END,
    FILE + b"\r\n\r\nwords that never end",
    FILE + b"\r\n\r\nwords\r\n--xx\r\n",
    FILE + b"\r\n\r\none\r\n" + FILE + b"\r\n\r\ntwo" + END,
    FILE + b'; filename="b.txt"\r\n\r\n\x00' + END,
    b"--xx\r\nX-Long: " + b"y" * 100_000 + b"\r\n\r\n" + END,
    b"--xx\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"\r\n" + END,
    b"".join(FIELD % b"f" + b"\r\n\r\nv\r\n" for _ in range(1000)) + END,
    FIELD % b"long" + b"\r\n\r\n" + b"v" * 100_000 + END,
    b"\xff" * 10_000, b"--xx\r\n" * 5_000,
)  # fmt: skip


def test_what_is_no_form_with_one_file_is_refused_and_leaves_nothing(roomy: World) -> None:
    reference = roomy.submit("north")
    path = f"/v1/reports/{reference}/attachments"
    kinds = (
        "multipart/form-data; boundary=xx", "multipart/form-data", "multipart/form-data; boundary=", "text/plain",
        "multipart/form-data; boundary=" + "x" * 300, "multipart/mixed; boundary=xx", "application/json", "",
    )  # fmt: skip
    for body in FORMS:
        for kind in kinds:
            headers = roomy.auth("north") | ({"Content-Type": kind} if kind else {})
            answer = roomy.client.post(path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (kind, body[:80], answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
    packed = roomy.auth("north") | {"Content-Type": kinds[0], "Content-Encoding": "gzip"}
    assert roomy.client.post(path, content=files.text(), headers=packed).status_code == 415
    assert stored() == []


def test_an_upload_that_breaks_off_leaves_nothing(roomy: World) -> None:
    reference = roomy.submit("north")
    path = f"/v1/reports/{reference}/attachments"
    head = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    said: list[dict[str, Any]] = []
    pieces = [head, b"words " * 10_000]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("192.0.2.7", 1),
        "server": ("testserver", 80),
        "headers": [(b"content-type", b"multipart/form-data; boundary=xx"), (b"host", b"testserver"),
                    (b"authorization", roomy.auth("north")["Authorization"].encode())],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": True}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(roomy.client.app(scope, receive, send))
    assert [one.get("status") for one in said if "status" in one] == [400]
    assert stored() == []
    assert list((settings().data_dir / "attachments" / "incoming").iterdir()) == []


def test_a_file_is_refused_while_it_comes_once_it_is_too_large(roomy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWN_ATTACHMENT_LIMIT", "100000")
    settings.cache_clear()
    reference = roomy.submit("north")
    sent = 0

    def pieces() -> Any:
        nonlocal sent
        yield b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        while sent < 1 << 30:
            sent += 1 << 16
            yield b"x" * (1 << 16)

    headers = roomy.auth("north") | {"Content-Type": "multipart/form-data; boundary=xx"}
    answer = roomy.client.post(f"/v1/reports/{reference}/attachments", content=pieces(), headers=headers)
    assert answer.json()["type"] == "/docs/problems#file-too-large"
    assert stored() == []


def test_a_child_that_opens_a_file_has_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither our environment nor our modules: a file that took it over would find no secret, and no way to any."""
    monkeypatch.setenv("EWN_SECRET", "a secret")
    bare, _, _ = bounded._LAUNCH.partition("runpy.run_module")
    told = (
        "from services.attachments.opening import acts, kinds, limits\nimport json, os\n"
        "ours = sorted(name for name in sys.modules if name.startswith('services'))\n"
        "print(json.dumps([sorted(os.environ), ours]))"
    )
    here = Path(bounded.__file__).parent
    command = [sys.executable, "-I", "-c", bare + told, str(here.parent), str(here)]
    done = subprocess.run(command, env={}, capture_output=True, check=True)
    environment, modules = json.loads(done.stdout)
    assert not [name for name in environment if name.startswith("EWN")]
    inside = [name for name in modules if name not in ("services", "services.attachments")]
    assert inside
    assert all(name.startswith("services.attachments.opening") for name in inside)


def test_a_child_that_takes_too_long_or_too_much_is_ended_and_the_file_refused(
    roomy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = roomy.submit("north")
    hungry = "import services.attachments.opening.limits as limits; limits.bound(); "
    for greed in (
        "bytes(4 << 30)",
        "exec('while True: pass')",
        "import os; os.abort()",
        "open('/proc/self/mem', 'wb')",
    ):
        monkeypatch.setattr(bounded, "_LAUNCH", bounded._LAUNCH.partition("runpy.run_module")[0] + hungry + greed)
        monkeypatch.setattr(bounded, "SECONDS", 3.0)
        answer = attach(roomy, "north", reference)
        assert answer.json()["type"] == "/docs/problems#unpacks-too-large", greed
    assert stored() == []
