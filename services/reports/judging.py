"""Shapes of what a sender says of a report's worth: a judgement with its likelihood, and the Europol 4x4 codes."""

from typing import Any, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from services import vocabulary
from services.kernel.text import Text
from services.network import Called, Closed

JUDGED = ("situation", "research")  # kinds of report that may hold a judgement
# Europol Regulation article 29, in the letters and digits of the Admiralty code; both are kept, for it loses meaning.
RELIABILITY = {"A": "A", "B": "B", "C": "D", "X": "F"}
# 1 says that the accuracy is not in doubt, which here only independent reports can: it is the best anybody may say.
CREDIBILITY = {1: 2, 2: 2, 3: 3, 4: 6}


class ChainStep(Closed):
    """One step of a chain: whom, or what, it was heard from there."""

    organisation: Called | None = Field(default=None, description="An organisation, by any name.")
    document: Text | None = Field(default=None, max_length=300, description="A document.")
    name: Text | None = Field(default=None, max_length=200, description="Another source, never a private person.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(bool(one) for one in (self.organisation, self.document, self.name)) != 1:
            raise ValueError("a step of a chain names one of organisation, document or name")
        return self


class Evaluation(Closed):
    """The Europol 4x4 codes of a report, as its sender got or gave them."""

    source: Literal["A", "B", "C", "X"] = Field(
        description="A: no doubt; B: mostly reliable; C: mostly not; X: unknown."
    )
    information: Literal[1, 2, 3, 4] = Field(
        description="1: not in doubt; 2: known to the source itself; 3: not known to it, corroborated; 4: neither."
    )

    @property
    def credibility(self) -> int:
        """The digit that it is read as here."""
        return CREDIBILITY[self.information]

    def stored(self) -> dict[str, Any]:
        """The codes as they were given, beside what they are read as."""
        read = {"reliability": RELIABILITY[self.source], "credibility": self.credibility}
        return {"scheme": "europol-4x4", **self.model_dump(), **read}


class Judgement(Closed):
    """What the sender holds to be how likely: one word of one scale; how sure it is stands apart, in no sentence."""

    statement: Text = Field(min_length=3, max_length=1000, description="What is judged, with the word in it.")
    scale: str = Field(description="phia or icd-203: see GET /v1/judgements/scales.")
    word: str = Field(description="The code of one word of that scale, such as highly-likely.")
    confidence: Literal["low", "moderate", "high"] = Field(description="Analytic confidence, apart from likelihood.")

    @field_validator("scale")
    @classmethod
    def _known_scale(cls, value: str) -> str:
        if value not in vocabulary.likelihood_scales():
            raise ValueError(f"is not a scale of the pack: {', '.join(vocabulary.likelihood_scales().codes())}")
        return value

    @model_validator(mode="after")
    def _word_of_its_scale(self) -> Self:
        scale = vocabulary.likelihood_scales()[self.scale]
        if scale.word(self.word) is None:
            raise ValueError(f"word is none of the scale: {', '.join(one.code for one in scale.words)}")
        return self

    def stored(self) -> dict[str, Any]:
        """The judgement with the interval that its word stands for now, in percent: a later pack changes no old one."""
        found = vocabulary.likelihood_scales()[self.scale].word(self.word)
        if found is None:
            raise ValueError("a judgement whose word was not checked")
        return {**self.model_dump(), "low": found.low, "high": found.high}


class FindingView(BaseModel):
    """What is to be looked at again, and what to do about it."""

    rule: str = Field(description="no-word, several-words, other-scale, unlisted-word or with-confidence.")
    start: int
    end: int
    advice: str
