"""The command explains itself, makes the first administrator, and hands quarantined work on again."""

import os
import pty
import re
import subprocess
import sys
import time
from select import select as wait_for

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from services import network
from services.kernel import clock, db
from services.kernel.audit import AuditEntry
from services.kernel.config import settings
from services.kernel.events import Outbox, Quarantined
from tests import command
from tests.architecture.tree import ROOT
from tests.command import ewn
from workers import quarantine
from workers.cli import app

COMMANDS = [
    "serve", "api", "worker", "relay", "clock", "migrate", "demo", "doctor", "create-admin", "roles", "recover",
    "quarantine list", "quarantine retry",
]  # fmt: skip
PHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    """A data folder with an empty, migrated database."""
    data = tmp_path_factory.mktemp("data")
    run = ewn("migrate", "--data", data)
    assert run.returncode == 0, run.stderr
    return data


@pytest.fixture
def bound(laid):
    """This process on that database."""
    db.connect(f"sqlite:///{laid / 'ewn.db'}")
    yield laid
    db.disconnect()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(command):
    run = CliRunner().invoke(app, [*command.split(), "--help"], prog_name="ewn")
    assert run.exit_code == 0
    sentence = run.stdout.split("\n\n")[1].strip()
    assert re.match(r"[A-Z].{20,}", sentence, re.DOTALL)


def test_help_is_quick_because_nothing_heavy_is_imported():
    script = "import sys, workers.cli; print([m for m in sys.modules if m.split('.')[0] in {heavy}])"
    heavy = {"celery", "sqlalchemy", "sqlmodel", "fastapi", "typst", "vl_convert", "pycld2", "uvicorn"}
    command = [sys.executable, "-c", script.replace("{heavy}", repr(heavy))]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["doctor", "api", "worker", "migrate", "serve", "create-admin", "quarantine list"])
def test_a_setting_that_cannot_be_used_is_told_by_its_name(command):
    run = ewn(*command.split(), EWN_PORT="abc")
    assert run.returncode == 2
    assert "EWN_PORT" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EWN_DATABASE_URL", "nonsense"),
        ("EWN_DATABASE_URL", "postgresql://ewn:geheim@host/ewn"),
        ("EWN_DATABASE_URL", "postgresql+psycopg://ewn:geheim@host:abc/ewn"),
        ("EWN_REDIS_URL", "nonsense"),
        ("EWN_REDIS_URL", "redis://:geheim@host:abc/0"),
        ("EWN_CLOCK", "yesterday"),
        ("EWN_CLOCK", "+nan"),
        ("EWN_LOG_LEVEL", "LOUD"),
        ("EWN_OUTBOUND_ALLOW", "partner.example"),
    ],
)
def test_nonsense_in_a_setting_is_told_in_plain_words_and_without_a_password(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    run = CliRunner().invoke(app, ["doctor"])
    assert run.exit_code == 2
    assert name in run.stderr
    assert "geheim" not in run.output


@pytest.mark.parametrize(
    "command", [["create-admin"], ["recover", "max"], ["quarantine", "list"], ["quarantine", "retry"]]
)
def test_a_folder_that_nobody_has_served_yet_is_told(command, tmp_path):
    run = ewn(*command, "--data", tmp_path / "new")
    assert run.returncode == 2
    assert "ewn serve" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["demo", "--once"]], ids=lambda words: words[0])
def test_a_data_folder_below_a_file_is_told(command, tmp_path):
    (tmp_path / "file").touch()
    run = ewn(*command, "--data", tmp_path / "file" / "data")
    assert run.returncode == 2
    assert "cannot be used" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_empty_key_is_refused_before_anything_is_sealed_with_it(tmp_path):
    (tmp_path / "secret").touch()
    run = ewn("api", EWN_DATA_DIR=tmp_path, EWN_PORT="0")
    assert run.returncode == 2
    assert "is empty" in run.stderr


def test_what_an_administrator_may_be_called_is_told_in_words(laid):
    run = ewn("create-admin", "--login", "Der Erste", "--data", laid, EWN_ADMIN_PASSWORD=PHRASE)
    assert run.returncode == 1
    assert "a to z" in run.stderr
    assert "^" not in run.stderr


def test_migrating_twice_changes_nothing(laid):
    assert ewn("migrate", "--data", laid).returncode == 0


def test_without_a_terminal_it_says_how_to_make_an_administrator(laid):
    run = ewn("create-admin", "--if-none", "--data", laid)
    assert run.returncode == 0
    assert "ewn create-admin" in run.stdout
    assert "EWN_SOLO" not in run.stdout
    assert (
        "EWN_SOLO=true .venv/bin/ewn create-admin"
        in ewn("create-admin", "--if-none", "--data", laid, EWN_SOLO="true").stdout
    )


def test_a_short_password_is_refused_and_not_repeated(bound):
    run = ewn("create-admin", "--login", "first", "--data", bound, EWN_ADMIN_PASSWORD="kurz-geheim")
    assert run.returncode == 1
    assert "password" in run.stderr
    assert "kurz-geheim" not in run.stdout + run.stderr
    with db.reading() as session:
        assert network.administrators(session) == 0


def test_the_wizard_asks_on_a_terminal_and_tells_what_has_to_be_known(bound):
    said = talk(
        ["create-admin", "--if-none", "--data", str(bound)],
        [
            ("Sign-in name", "keeper"),
            ("Full name", "The Keeper"),
            ("characters): ", PHRASE),
            ("confirmation: ", PHRASE),
        ],
    )
    assert "30 organisations" in said
    assert "root on this machine can read everything" in said
    assert "begin again with EWN_SOLO=true" in said
    assert "keeper can sign in now, as administrator of secretariat." in said
    assert PHRASE not in said
    caller = network.by_password("keeper", PHRASE)[0]
    with db.transaction() as session:
        assert network.administrators(session) == 1
        assert network.sign_in(session, caller)
    assert talk(["create-admin", "--if-none", "--data", str(bound)], []) == ""


def test_further_roles_meet_an_administrators_in_solo_mode_only(bound):
    command = ["create-admin", "--login", "one", "--data", bound, "--role", "analyst", "--role", "approver"]
    run = ewn(*command, EWN_ADMIN_PASSWORD=PHRASE)
    assert (run.returncode, "may not meet" in run.stderr, "EWN_SOLO=true" in run.stderr) == (1, True, True)
    run = ewn(*command[:-1], "king", EWN_ADMIN_PASSWORD=PHRASE)
    assert (run.returncode, "The roles are" in run.stderr) == (1, True)
    run = ewn(*command, EWN_ADMIN_PASSWORD=PHRASE, EWN_SOLO="true")
    assert run.stdout.startswith("one can sign in now, as administrator, analyst, approver of secretariat.")
    with db.reading() as session:
        (row,) = session.exec(select(network.Member).where(network.Member.login == "one")).all()
    assert row.roles == ["administrator", "analyst", "approver"]


def test_the_first_person_of_a_network_in_solo_mode_may_all_and_the_second_administers(tmp_path):
    assert ewn("migrate", "--data", tmp_path).returncode == 0
    for login, held in (("sole", network.ALONE), ("second", ("administrator",))):
        command = ["create-admin", "--login", login, "--data", tmp_path]
        run = ewn(*command, EWN_ADMIN_PASSWORD=PHRASE, EWN_SOLO="true")
        assert f"{login} can sign in now, as {', '.join(held)} of secretariat." in run.stdout, run.stderr
    db.connect(f"sqlite:///{tmp_path / 'ewn.db'}")
    assert network.by_password("sole", PHRASE)[0].scopes == network.SCOPES
    db.disconnect()


def test_the_wizard_tells_in_solo_mode_what_the_first_person_becomes(tmp_path):
    assert ewn("migrate", "--data", tmp_path).returncode == 0
    answers = [
        ("Sign-in name", "sole"),
        ("Full name", "The Sole"),
        ("characters): ", PHRASE),
        ("confirmation: ", PHRASE),
    ]
    said = talk(["create-admin", "--if-none", "--data", str(tmp_path)], answers, EWN_SOLO="true")
    assert f"works alone ({', '.join(network.ALONE)})" in said
    assert "begin again" not in said


def test_whoever_administers_alone_is_given_further_roles_on_the_server(bound):
    made = ewn("create-admin", "--login", "lone", "--data", bound, EWN_ADMIN_PASSWORD=PHRASE)
    assert made.returncode == 0, made.stderr
    command = ["roles", "lone", "administrator", "analyst", "--data", bound]
    run = ewn(*command)
    assert (run.returncode, "EWN_SOLO=true" in run.stderr) == (1, True)
    for wrong in (["roles", "lone", "king"], ["roles", "nobody-here", "analyst"]):
        run = ewn(*wrong, "--data", bound)
        assert (run.returncode, bool(run.stderr.strip()), "Traceback" in run.stderr) == (1, True, False)
    run = ewn(*command, EWN_SOLO="true")
    assert run.stdout.startswith("lone is administrator, analyst now.")
    with db.reading() as session:
        assert network.member_of(session, "lone").roles == ["administrator", "analyst"]
        found = session.exec(select(AuditEntry).where(AuditEntry.action == "member.roles_changed")).all()
    assert [one.detail for one in found] == [{"before": ["administrator"], "after": ["administrator", "analyst"]}]


def test_an_administrator_who_lost_everything_is_helped_on_the_server(bound):
    hashed = network.hash_password(PHRASE)
    with db.transaction() as session:
        office = network.NewOrganisation(slug="office", name_en="Office", name_ru="Бюро", kind="secretariat")
        network.enrol(session, office, by=None)
        for login, role in (("sole", "administrator"), ("reader", "analyst")):
            new = network.NewMember(login=login, name=login.title(), organisation="office", roles=[role])
            network.add_member(session, new, password_hash=hashed, by=None)
    for login in ("nobody", "reader"):
        run = ewn("recover", login, "--data", bound)
        assert run.returncode == 1
        assert "Traceback" not in run.stderr
        assert login in run.stderr
    run = ewn("recover", "sole", "--data", bound, EWN_PUBLIC_URL="https://ewn.example")
    assert run.returncode == 0, run.stderr
    assert network.by_password("sole", PHRASE)  # until the link is used nothing changes
    (token,) = re.findall(r"https://ewn\.example/invitation/(\S+)", run.stdout)
    chosen = network.hash_password("another phrase of mine")
    with db.transaction() as session:
        assert network.invitations.accept(session, token, password_hash=chosen).login == "sole"
        actions = [one.action for one in session.exec(select(AuditEntry)).all()]
    assert {"member.reset", "member.password_chosen"} <= set(actions)
    assert network.by_password("sole", "another phrase of mine")


def test_quarantined_work_is_listed_and_tried_again(bound):
    with db.transaction() as session:
        for event in (1, 2):
            session.add(
                Quarantined(
                    event_id=event,
                    reaction="tag",
                    subject_id=7,
                    at=clock.now(),
                    tries=4,
                    error="ValueError at services.tagging.service:12",
                )
            )
    first, _ = quarantine.entries()
    listed = ewn("quarantine", "list", "--data", bound)
    assert "ValueError at services.tagging.service:12" in listed.stdout
    assert "2 quarantined" in listed.stdout
    assert ewn("quarantine", "--data", bound, "list").stdout == listed.stdout
    assert ewn("quarantine", "retry", first.id, "--data", bound).stdout.startswith("1 ")
    with db.reading() as session:
        (row,) = session.exec(select(Outbox)).all()
        assert (row.event_id, row.reaction, row.tries) == (1, "tag", 0)
    assert len(quarantine.entries()) == 1
    assert quarantine.retry() == 1
    assert quarantine.entries() == []


def talk(words, answers, patience=30, **environment):
    """Run ewn on a terminal of its own, answering each question when it comes; what was said."""
    ours, theirs = pty.openpty()
    child = command.start(words, environment, [theirs] * 3)
    os.close(theirs)
    said, seen, waiting = "", 0, list(answers)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if not wait_for([ours], [], [], 0.1)[0]:
            continue  # it thinks; when it ends, so does what we read
        try:
            said += os.read(ours, 4096).decode()
        except OSError:  # the other end has closed
            break
        if waiting and waiting[0][0] in said[seen:]:
            seen = len(said)
            os.write(ours, (waiting.pop(0)[1] + "\n").encode())
    os.close(ours)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    assert not waiting, said
    return said.strip()
