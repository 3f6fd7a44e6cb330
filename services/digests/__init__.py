"""Digests: editions frozen when due, and rendered for each reader from the one frozen edition."""

from services.digests.api import NewEdition, give, router
from services.digests.document import Document, as_json
from services.digests.erasing import Erasure, erase, plan_erasure
from services.digests.html import article, page, stylesheet
from services.digests.missing import DryRun, Missed, dry_run, missing
from services.digests.models import Block, Edition, Rendering
from services.digests.releasing import AlreadyReleased, EditionView, YourOwnDraft
from services.digests.schedule import Schedule, due_between, period, schedules
from services.digests.service import (
    NoSuchEdition,
    again,
    build,
    build_once,
    due,
    edition,
    editions,
    release,
    render,
    verify,
)
from services.digests.telling import steps

__all__ = [
    "AlreadyReleased",
    "Block",
    "Document",
    "DryRun",
    "Edition",
    "EditionView",
    "Erasure",
    "Missed",
    "NewEdition",
    "NoSuchEdition",
    "Rendering",
    "Schedule",
    "YourOwnDraft",
    "again",
    "article",
    "as_json",
    "build",
    "build_once",
    "dry_run",
    "due",
    "due_between",
    "edition",
    "editions",
    "erase",
    "give",
    "missing",
    "page",
    "period",
    "plan_erasure",
    "release",
    "render",
    "router",
    "schedules",
    "steps",
    "stylesheet",
    "verify",
]
