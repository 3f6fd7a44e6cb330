"""Judgements looked over for whoever writes them, and the scales that they are written in."""

from services import reports, vocabulary
from services.kernel.errors import Invalid
from services.vocabulary import Scale
from services.weighing.schemas import (
    CheckedJudgement,
    JudgementText,
    ScaleView,
    SpottedView,
    WordView,
)


def look_over(given: JudgementText) -> CheckedJudgement:
    """What is to be said of a judgement; nothing is stored and nothing refused.

    Raises:
        Invalid: the scale is none of the pack.
    """
    scales = vocabulary.likelihood_scales()
    if given.scale is not None and given.scale not in scales:
        raise Invalid(f"The scales of the pack are {', '.join(scales.codes())}.", field="scale")
    known = vocabulary.likelihood()
    return CheckedJudgement(
        words=[
            SpottedView(start=one.start, end=one.end, scale=code, word=word.code, low=word.low, high=word.high)
            for one in reports.likelihood_words(given.text, known)
            for code, word in one.words
            if given.scale in (None, code)
        ],
        findings=reports.advised(given.text, given.scale, given.language),
    )


def scales_of(language: str) -> list[ScaleView]:
    """The scales of the pack with their words, from the least likely to the most."""
    return [_scale(one, language) for one in vocabulary.likelihood_scales()]


def _scale(one: Scale, language: str) -> ScaleView:
    return ScaleView(
        code=one.code,
        name=one.name(language),
        words=[
            WordView(code=word.code, names={code: forms[0] for code, forms in word.said.items()}, low=word.low,
                     high=word.high, below=word.below)
            for word in one.words
        ],
    )  # fmt: skip
