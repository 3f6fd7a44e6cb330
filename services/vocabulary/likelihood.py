"""Scales of likelihood words: each word with the interval that it stands for, and the words that belong to none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.kernel import yaml_files
from services.vocabulary.codes import Catalogue

Said = Mapping[str, tuple[str, ...]]
"""By language the ways in which something is said, each form of a word written out."""


class LikelihoodWord(BaseModel):
    """One word of a scale. `low` and `high` are percent; with `below` the upper one itself is not meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z-]+$")
    low: float = Field(ge=0, le=100)
    high: float = Field(ge=0, le=100)
    below: bool = False
    said: Said

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"{self.code}: the interval is empty")
        return self

    def name(self, language: str) -> str:
        """How it is said first in the language; in English where there is none."""
        return (self.said.get(language) or self.said["en"])[0]


class Scale(BaseModel):
    """One scale, its words from the least likely to the most."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str = Field(pattern=r"^[a-z0-9-]+$")
    names: Mapping[str, str] = Field(alias="name")
    words: tuple[LikelihoodWord, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for lower, higher in zip(self.words, self.words[1:], strict=False):
            if higher.low < lower.high:
                raise ValueError(f"{self.code}: {higher.code} overlaps {lower.code}")
        return self

    def name(self, language: str) -> str:
        """The display name in the language; English where there is none."""
        return self.names.get(language) or self.names["en"]

    def word(self, code: str) -> LikelihoodWord | None:
        """The word of this code; None where the scale has none."""
        return next((one for one in self.words if one.code == code), None)

    def nearest(self, percent: float) -> LikelihoodWord:
        """The word for a number; one in a gap is moved to the nearer word, from the middle of it to the lower."""
        return min(self.words, key=lambda one: max(one.low - percent, percent - one.high, 0.0))


class Likelihood(BaseModel):
    """All that the pack says of likelihood: scales, words of confidence, and words that are of no scale."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scales: tuple[Scale, ...]
    confidence: Mapping[str, Said]
    unlisted: Said


Scales = Catalogue[Scale]


def read(path: Path) -> Likelihood:
    """The pack's `likelihood.yaml`."""
    return Likelihood.model_validate(yaml_files.read(path))
