"""What personal data looks like in the region: the rules of the pack, read once."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services import vocabulary
from services.kernel import yaml_files

FILE = "screening.yaml"
APPLIED = "2"  # goes up with every change to this slice that finds, covers or cleans anything else


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Phones(_Rule):
    """Words that announce a number which alone could be something else."""

    near: tuple[str, ...]


class Cards(_Rule):
    """First digits of payment cards."""

    begin: tuple[str, ...]


class Form(_Rule):
    """How passports of a country are numbered. `adjacent`: only directly behind the word that announces it."""

    country: str | None = None
    form: str
    adjacent: bool = False


class Passports(_Rule):
    """Passports and identity cards: known by a word near them and by their form."""

    near: tuple[str, ...]
    forms: tuple[Form, ...]


class Date(_Rule):
    """Where in a number a date of birth stands."""

    at: int = Field(ge=0)
    form: Literal["yymmdd", "ddmmyy", "ddmmyyyy"]


class Check(_Rule):
    """The last digit: the weighted sum of the others, modulo; the next weights where that is no digit."""

    modulus: int = Field(ge=2)
    weights: tuple[tuple[int, ...], ...]


class National(_Rule):
    """A country's number of a person. `announced`: nothing in it tells, so only behind a word."""

    country: str
    digits: int = Field(ge=6, le=20)
    begin: tuple[str, ...] = ()
    date: Date | None = None
    check: Check | None = None
    near: tuple[str, ...] = ()
    announced: bool = False


class Rules(_Rule):
    """All of it. `version` goes up with every change."""

    version: str
    phones: Phones
    cards: Cards
    passports: Passports
    national_numbers: tuple[National, ...]


def rules() -> Rules:
    """The rules of the pack in force."""
    return _read(vocabulary.file(FILE))


def version() -> str:
    """Of the rules of the pack and of what applies them: what was screened by another is screened again."""
    return f"{APPLIED}-{rules().version}"


def countries() -> tuple[str, ...]:
    """The countries whose telephone numbers are known without their code: those of the pack's places."""
    return _countries(vocabulary.places())


@cache
def _countries(places: vocabulary.Places) -> tuple[str, ...]:
    return tuple(place.code for place in places if place.level == vocabulary.COUNTRY)


@cache
def words(listed: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these beginnings of words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(_longest(listed)) + ")", re.IGNORECASE)


def _longest(listed: Iterable[str]) -> list[str]:
    return [re.escape(one) for one in sorted(listed, key=len, reverse=True)]


@cache
def _read(path: Path) -> Rules:
    return Rules.model_validate(yaml_files.read(path))
