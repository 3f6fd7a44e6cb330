"""Definitions: a network's own versions of what makes a text speak of a theme, and the tagging of its past by them."""

from services.definitions.api import retagging, router
from services.definitions.as_yaml import DefinitionNotValid, failures, packed
from services.definitions.as_yaml import read as from_yaml
from services.definitions.as_yaml import write as to_yaml
from services.definitions.comparing import Change, compare
from services.definitions.definition import OwnDefinition
from services.definitions.events import PastRetagged, ReportOutdated
from services.definitions.models import DefinitionRun, DefinitionVersion
from services.definitions.reading import changes, get, listed, makes, versions
from services.definitions.running import CHUNK, Progress, hand_on, open_run, progress, retag_once
from services.definitions.schemas import DefinitionLine, DefinitionView, RetaggingView, VersionView, digest
from services.definitions.wording import Wording, generation, tried, wording
from services.definitions.writing import (
    InForceAlready,
    NoSuchDefinition,
    RewrittenMeanwhile,
    draft,
    drafted,
    drop_draft,
    find,
    may_review,
    may_write,
    publish,
    review,
    roll_back,
    try_out,
    wanted,
    written,
)

__all__ = [
    "CHUNK",
    "Change",
    "DefinitionLine",
    "DefinitionNotValid",
    "DefinitionRun",
    "DefinitionVersion",
    "DefinitionView",
    "InForceAlready",
    "NoSuchDefinition",
    "OwnDefinition",
    "PastRetagged",
    "Progress",
    "ReportOutdated",
    "RetaggingView",
    "RewrittenMeanwhile",
    "VersionView",
    "Wording",
    "changes",
    "compare",
    "digest",
    "draft",
    "drafted",
    "drop_draft",
    "failures",
    "find",
    "from_yaml",
    "generation",
    "get",
    "hand_on",
    "listed",
    "makes",
    "may_review",
    "may_write",
    "open_run",
    "packed",
    "progress",
    "publish",
    "retag_once",
    "retagging",
    "review",
    "roll_back",
    "router",
    "to_yaml",
    "tried",
    "try_out",
    "versions",
    "wanted",
    "wording",
    "written",
]
