"""What is kept beside the code is true: locks, the settings' example, links between documents."""

import re
import runpy

import pytest

from tests.architecture.tree import ROOT, short

LOCKS = sorted(ROOT.glob("requirements*.lock"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])


def entries(lock):
    joined = lock.read_text(encoding="ascii").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_address_and_every_entry_has_a_hash(lock):
    assert "://" not in lock.read_text(encoding="ascii")
    assert entries(lock)
    for entry in entries(lock):
        assert re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_the_development_lock_holds_the_runtime_lock():
    runtime, development = (
        {entry.split()[0] for entry in entries(ROOT / name)} for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime <= development


def test_the_example_of_settings_is_up_to_date():
    script = runpy.run_path(str(ROOT / "deploy" / "env_example.py"))
    text = script["TARGET"].read_text(encoding="utf-8")
    assert text == script["written"](), "run: .venv/bin/python deploy/env_example.py"


def test_every_setting_says_what_it_is_for():
    from services.kernel.config import Settings

    assert [name for name, about in Settings.model_fields.items() if not about.description] == []


def anchors(page):
    titles = re.findall(r"^#+\s+(.+?)\s*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_no_link_between_documents_is_dead(page):
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            dead.append(target)
    assert not dead


def test_every_target_of_the_makefile_is_explained():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert targets == explained
