"""Judgements looked over for whoever writes them: what the linter finds, with advice in the writer's language."""

from services import vocabulary
from services.kernel.errors import Invalid
from services.kernel.i18n import translator
from services.vocabulary import Scale
from services.weighing.linting import Finding, check, words
from services.weighing.schemas import (
    CheckedJudgement,
    FindingView,
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
    findings = check(given.text, given.scale, known)
    return CheckedJudgement(
        words=[
            SpottedView(start=one.start, end=one.end, scale=code, word=word.code, low=word.low, high=word.high)
            for one in words(given.text, known)
            for code, word in one.words
            if given.scale in (None, code)
        ],
        findings=[
            FindingView(rule=one.rule, start=one.start, end=one.end, advice=advice(one, given.scale, given.language))
            for one in findings
        ],
    )


def advice(finding: Finding, scale: str | None, language: str) -> str:
    """What to do about a finding."""
    _ = translator(language).gettext
    said = {
        "no-word": _("Say how likely it is, in one word of the scale: %(words)s."),
        "several-words": _("Keep one word of likelihood: make a judgement of each."),
        "other-scale": _("This word is of another scale: stay with one. Its words are: %(words)s."),
        "unlisted-word": _("This is of no scale and may be read as anything: say how likely instead: %(words)s."),
        "with-confidence": _("Say how sure you are in a sentence of its own: it is not how likely the thing is."),
    }
    return said[finding.rule] % {"words": _listed(scale, language)}


def _listed(scale: str | None, language: str) -> str:
    scales = vocabulary.likelihood_scales()
    chosen = scales[scale] if scale is not None else next(iter(scales))
    return ", ".join(word.name(language) for word in chosen.words)


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
