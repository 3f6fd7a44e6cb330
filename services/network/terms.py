"""Terms of a marking: what readers may do with what they may read. They give no sight (docs/adr/0011).

Permitted actions are those of the Information Exchange Policy 2.0 (FIRST), PAP the Permissible Actions Protocol,
handling the codes of Europol Regulation article 29.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from services.kernel.i18n import translator

Actions = Literal[
    "none",
    "contact-for-instruction",
    "internally-visible",
    "externally-visible-indirect",
    "externally-visible-direct",
]
Pap = Literal["RED", "AMBER", "GREEN", "CLEAR"]
Handling = Literal["H0", "H1", "H2", "H3"]
# Strictest first, but for handling.
ACTIONS: tuple[str, ...] = get_args(Actions)
PAP: tuple[str, ...] = get_args(Pap)
HANDLING: tuple[str, ...] = get_args(Handling)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an originator permits; None where nothing was said."""

    actions: str | None = None
    pap: str | None = None
    handling: str | None = None
    handling_note: str | None = None

    def stored(self) -> dict[str, Any]:
        """As a row keeps them: only what was said."""
        return {name: value for name in _NAMES if (value := getattr(self, name)) is not None}


_NAMES = tuple(one.name for one in fields(Terms))  # asked of every report: `asdict` takes ten times as long


def said(terms: Terms, language: str) -> list[str]:
    """Terms in words, one sentence each; nothing where nothing was said."""
    _ = translator(language).gettext
    actions = {
        "none": _("It may not be acted on."),
        "contact-for-instruction": _("Ask the originator before acting on it."),
        "internally-visible": _("Act on it only in ways that are seen inside your own organisation."),
        "externally-visible-indirect": _("Act on it in ways seen outside only if they do not point to it."),
        "externally-visible-direct": _("It may be acted on openly."),
    }
    pap = {
        "RED": _("PAP:RED: only passive acts that nobody can notice."),
        "AMBER": _("PAP:AMBER: look for more elsewhere, but do not touch what it is about."),
        "GREEN": _("PAP:GREEN: acts that are no attack are allowed."),
        "CLEAR": _("PAP:CLEAR: no limit to acts but the law."),
    }
    handling = {
        "H0": _("H0: to be used as the network's rules say."),
        "H1": _("H1: not to be used in court without permission."),
        "H2": _("H2: not to be passed on without permission."),
        "H3": _("H3: other restrictions."),
    }
    found = [
        words[key] for words, key in ((actions, terms.actions), (pap, terms.pap), (handling, terms.handling)) if key
    ]
    return [*found, *([_("Note: %(text)s") % {"text": terms.handling_note}] if terms.handling_note else [])]


def combined(terms: Iterable[Terms]) -> Terms:
    """The terms of a product made of several: the strictest of each, with all notes."""
    given = list(terms)
    actions = [ACTIONS.index(one.actions) for one in given if one.actions is not None]
    pap = [PAP.index(one.pap) for one in given if one.pap is not None]
    handling = [HANDLING.index(one.handling) for one in given if one.handling is not None]
    notes = dict.fromkeys(one.handling_note for one in given if one.handling_note)
    return Terms(
        actions=ACTIONS[min(actions)] if actions else None,
        pap=PAP[min(pap)] if pap else None,
        handling=HANDLING[max(handling)] if handling else None,
        handling_note="; ".join(notes) or None,
    )
