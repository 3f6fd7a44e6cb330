"""What is to be looked at again in a judgement, with advice in the writer's language; whoever sends it decides."""

from itertools import islice

from services import vocabulary
from services.kernel.i18n import translator
from services.reports.judging import FindingView, Judgement
from services.reports.linting import Finding, check

MOST = 10  # of one text: of a file of checks each line bears them, and whoever mends ten looks again


def advised(text: str, scale: str | None, language: str) -> list[FindingView]:
    """What the linter says of a text, in its order, `MOST` at most; `scale`: the code of the one that is meant, if
    known."""
    return [
        FindingView(rule=one.rule, start=one.start, end=one.end, advice=_advice(one, scale, language))
        for one in islice(check(text, scale, vocabulary.likelihood()), MOST)
    ]


def of_judgement(judgement: Judgement | None, language: str) -> list[FindingView]:
    """The same of a judgement that is sent, by places in its statement; nothing where there is none."""
    return advised(judgement.statement, judgement.scale, language) if judgement is not None else []


def _advice(finding: Finding, scale: str | None, language: str) -> str:
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
