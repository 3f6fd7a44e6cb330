"""The pack: the folder from which a network's vocabulary is read, once per process."""

from functools import cache
from pathlib import Path
from typing import Any

from services.kernel import yaml_files
from services.kernel.config import settings
from services.vocabulary import languages as languages_file
from services.vocabulary import likelihood as likelihood_file
from services.vocabulary import places as places_file
from services.vocabulary import themes as themes_file
from services.vocabulary.codes import Catalogue
from services.vocabulary.languages import Languages
from services.vocabulary.likelihood import Likelihood, Scales
from services.vocabulary.places import Places
from services.vocabulary.themes import Themes

PACKAGED = Path(__file__).parent / "pack"


def folder() -> Path:
    """The pack in force: EWN_PACK, or the day-one pack shipped with the service.

    Raises:
        FileNotFoundError: EWN_PACK is no folder. To fall back would run another region's network.
    """
    own = settings().pack
    if own is not None and not own.is_dir():
        raise FileNotFoundError(f"EWN_PACK: there is no folder {own}")
    return own or PACKAGED


def file(name: str) -> Path:
    """A file of the pack in force; one that the network's own pack leaves out comes from the day-one pack."""
    return _file(folder(), name)


def shipped(name: str) -> Path:
    """A file of the day-one pack, whatever the network's own says."""
    return PACKAGED / name


@cache
def _file(pack: Path, name: str) -> Path:
    own = pack / name
    return own if own.exists() else PACKAGED / name


def places() -> Places:
    """The network's places."""
    return _places(file("places.csv"))


def themes() -> Themes:
    """The network's themes."""
    return _themes(file("themes.yaml"))


def languages() -> Languages:
    """The network's languages."""
    return _languages(file("languages.yaml"))


def likelihood() -> Likelihood:
    """What the pack says of likelihood: scales, words of confidence, and words of no scale."""
    return _likelihood(file("likelihood.yaml"))


def likelihood_scales() -> Scales:
    """The scales of likelihood words, by code."""
    return _likelihood_scales(file("likelihood.yaml"))


def figure(code: str, language: str) -> str:
    """The name of a figure that a report may give; its code in words where the pack has none."""
    names = _figures(file("figures.yaml")).get(code, {})
    return names.get(language) or names.get("en") or code.replace("_", " ")


def organisations() -> list[dict[str, Any]]:
    """The organisations that a network may enrol, as the pack proposes them."""
    return [
        {
            "slug": one["slug"], "name_en": one["name"]["en"], "name_ru": one["name"]["ru"],
            "aliases": one.get("aliases", []), "kind": one["kind"], "countries": one.get("countries", []),
            "timezone": one.get("time_zone", "UTC"), "parent": one.get("parent"),
        }
        for one in _listed(file("organisations.yaml"))
    ]  # fmt: skip


def marking_of(slug: str) -> dict[str, str] | None:
    """The label and attribution that an organisation's own forms open with, as the pack proposes them."""
    found: dict[str, str] | None = _markings(file("organisations.yaml")).get(slug)
    return found


@cache
def _markings(path: Path) -> dict[str, dict[str, str]]:
    return {one["slug"]: one["marking"] for one in _listed(path) if "marking" in one}


def indicator_scales() -> dict[str, frozenset[str]]:
    """The scales of a form on which an answer may feed each indicator that counts reports: counts, and those for which
    the indicator says what an answer is worth."""
    return _scales(file("indicators.yaml"))


@cache
def _scales(path: Path) -> dict[str, frozenset[str]]:
    return {
        one["code"]: frozenset({"count", *one.get("answers", {})})
        for one in yaml_files.read(path)
        if one["source"] == "reports"
    }


@cache
def _listed(path: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml_files.read(path)
    return read


@cache
def _figures(path: Path) -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml_files.read(path)
    return read


@cache
def _places(path: Path) -> Places:
    return places_file.read(path)


@cache
def _themes(path: Path) -> Themes:
    return themes_file.read(path)


@cache
def _languages(path: Path) -> Languages:
    return languages_file.read(path)


@cache
def _likelihood(path: Path) -> Likelihood:
    return likelihood_file.read(path)


@cache
def _likelihood_scales(path: Path) -> Scales:
    return Catalogue("scale", _likelihood(path).scales)
