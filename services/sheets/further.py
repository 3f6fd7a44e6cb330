"""The optional columns at the end of a sheet: a chain of sources, the sender's judgement, terms and dates of the
marking, the tear-line.

Each is named by its place in a report's body. With a point in it no question of a form can have its name: the forms
that are in use read as before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services import network, vocabulary
from services.forms import Form
from services.kernel.i18n import LANGUAGES
from services.reports import JUDGED

TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
ATTRIBUTIONS = ("named", "withheld", "chatham")
WORD = "judgement.word"
REVIEWED = "marking.review_to"
CHAIN = "source.chain"
AS_OF = "replay.as_of"  # of replays alone: read where it is there, and offered in no template
MOMENTS = ("marking.embargo_until", "marking.review_at", AS_OF)
MANY = ("tear_line.organisations", "tear_line.groups")
LISTED: dict[str, tuple[str, ...]] = {
    "judgement.confidence": ("low", "moderate", "high"),
    "evaluation.source": ("A", "B", "C", "X"),
    "evaluation.information": ("1", "2", "3", "4"),
    "marking.actions": network.ACTIONS,
    "marking.pap": network.PAP,
    "marking.handling": network.HANDLING,
    REVIEWED: TLP[:-1],
    "tear_line.tlp": TLP[:-1],
    "tear_line.attribution": ATTRIBUTIONS,
}
_JUDGEMENT = ("judgement.statement", WORD, "judgement.confidence")
_EVALUATION = ("evaluation.source", "evaluation.information")
_DATES = ("marking.embargo_until", "marking.review_at", REVIEWED)
_MARKING = ("marking.actions", "marking.pap", "marking.handling", "marking.handling_note", *_DATES)
_LINE = ("tear_line.text", "tear_line.tlp", "tear_line.attribution", *MANY)
# Rules of a whole, each told at the column that settles it.
_SETTLED = {
    "judgement": WORD,
    "judgement.scale": WORD,
    "evaluation": "evaluation.information",
    "tear_line": "tear_line.text",
    "tear_line.marking": "tear_line.tlp",
}
_TICKED = ("AMBER", "AMBER+STRICT")


def codes(form: Form) -> Sequence[str]:
    """The columns of a form, in order; a judgement and a grade only where its page asks for them."""
    chain = (CHAIN,) if form.need("source") != "absent" else ()
    judgement = _JUDGEMENT if form.kind in JUDGED else ()
    evaluation = _EVALUATION if form.need("credibility") != "absent" else ()
    return (*chain, *judgement, *evaluation, *_MARKING, *_LINE)


def scale(code: str) -> str:
    """The scale on which a column is read."""
    if code == "evaluation.information":
        return "credibility"
    if code in (WORD, CHAIN):
        return "likelihood" if code == WORD else "chain"
    return "moment" if code in MOMENTS else "several" if code in MANY else "choice" if code in LISTED else "text"


def choices(code: str, language: str) -> tuple[str, ...]:
    """What a column's drop-down offers."""
    return tuple(_likelihoods(language)) if code == WORD else LISTED.get(code, ())


def explained(code: str, language: str) -> str:
    """What the choices of terms mean, in the words that readers see; nothing for another column."""
    part, _, name = code.partition(".")
    if part != "marking" or name not in ("actions", "pap", "handling"):
        return ""
    told = {one: network.terms_said(network.Terms(**{name: one}), language)[0] for one in LISTED[code]}
    return " ".join(text if text.startswith(one) else f"{one}: {text}" for one, text in told.items())


def likelihood(text: str) -> str | None:
    """The scale:word that a cell says in any language of the screens; None where it is none of them, or says no scale:
    one word may stand for two intervals."""
    said = text.casefold()
    for language in LANGUAGES:
        for offered, code in _likelihoods(language).items():
            if said in (offered.casefold(), code):
                return code
    return None


def _likelihoods(language: str) -> dict[str, str]:
    return {
        f"{word.name(language)} ({one.code})": f"{one.code}:{word.code}"
        for one in vocabulary.likelihood_scales()
        for word in one.words
    }


def assembled(read: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The parts of a report's body that these columns hold; of a marking and a tear-line only what was given."""
    made: dict[str, dict[str, Any]] = {}
    for code in (*_JUDGEMENT, *_EVALUATION, *_MARKING, *_LINE):
        if code in read:
            part, _, name = code.partition(".")
            made.setdefault(part, {})[name] = read[code]
    if WORD in read:
        made["judgement"]["scale"], _, made["judgement"]["word"] = read[WORD].partition(":")
    if REVIEWED in read:
        made["marking"]["review_to"] = _reviewed(read)
    if "tear_line" in made:
        told = {name: value for name, value in made["tear_line"].items() if name != "text"}
        made["tear_line"] = {name: value for name, value in made["tear_line"].items() if name == "text"}
        made["tear_line"]["marking"] = told
    return made


def _reviewed(read: Mapping[str, Any]) -> dict[str, Any]:
    """The marking at the review: its label, with those of the row's recipients that the label takes."""
    kept = ("organisations", "groups") if read[REVIEWED] in _TICKED else ()
    sight = {name: read[name] for name in ("attribution", *kept) if name in read}
    return {"tlp": read[REVIEWED], **sight}


def column_of(parts: Sequence[str]) -> str:
    """The column in which a fault of one of these fields stands."""
    if parts[:2] == ["tear_line", "marking"] and len(parts) > 2:
        return f"tear_line.{parts[2]}"
    return _SETTLED.get(".".join(parts[:2]), ".".join(parts[:2]))
