"""The words that stand in a sheet's cells beside codes, in both languages of the screens; reading takes any of them."""

from functools import lru_cache

from services.kernel.i18n import LANGUAGES, translator

STATES, TRENDS, YES_NO = ("no_change", "not_observable"), ("up", "same", "down"), ("yes", "no")


@lru_cache(maxsize=4)
def words(language: str) -> dict[str, str]:
    """What each code that all forms share is called in a language."""
    _ = translator(language).gettext
    return {
        "no_change": _("no change"),
        "not_observable": _("not observable"),
        "up": _("rising"),
        "same": _("the same"),
        "down": _("falling"),
        "yes": _("yes"),
        "no": _("no"),
    }


@lru_cache(maxsize=4)
def labels(language: str) -> dict[str, tuple[str, str]]:
    """Name and guidance of the columns that are no field of a form: whose row it is, and who may see it."""
    _ = translator(language).gettext
    return {
        "own_reference": (
            _("Your own reference"),
            _("Different in every row and file: a row that is sent again under it has no second effect."),
        ),
        "status": (_("Status"), _("actual, exercise or test; left empty: actual.")),
        "tlp": (_("Label"), _("TLP: CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")),
        "attribution": (
            _("Attribution"),
            _("named: readers learn that it is yours; withheld: the secretariat alone; chatham: nobody."),
        ),
        "organisations": (_("Organisations"), _("Of AMBER: who may read it, with semicolons between.")),
        "groups": (_("Groups"), _("Of AMBER: groups that may read it, with semicolons between.")),
        "persons": (_("Persons"), _("Of RED: sign-in names, with semicolons between.")),
        "personal": (
            _("Personal data"),
            _("needed: your organisation goes on reading it; mask: it reads it masked too. Others never read it."),
        ),
        "source_kind": (_("Source: kind"), _("own or relayed; left empty: own.")),
        "source_organisation": (_("Source: organisation"), _("Of relayed: the organisation it was heard from.")),
        "source_document": (_("Source: document"), _("Of relayed: the document it was read in.")),
        "source_name": (_("Source: other"), _("Of relayed: another source, never a private person.")),
        "source.chain": (
            _("Source: chain"),
            _(
                "Instead of organisation, document and other: from whom it was heard, from whom that one had it, and "
                "so on. Such as organisation=south; document=A letter; name=A driver."
            ),
        ),
        "replay.as_of": (_("Received on (UTC)"), _("Of replays only.")),
        "trend": (_("trend"), _("rising, the same or falling; may be left empty.")),
        "evidence": (_("evidence"), _("What the answer rests on; may be left empty.")),
        "several": ("", _("With semicolons between.")),
        "pairs": ("", _("Such as killed=2; injured=5.")),
        "column": (_("Column"), ""),
        "about": (_("What it is"), ""),
        "needed": (_("Required"), ""),
        "allowed": (_("Allowed"), ""),
        "explanations": (_("Explanations"), ""),
        "states": ("", _("Or: no change, not observable.")),
        "number": (_("A number"), ""),
        "day": (_("A day, such as 2026-10-31"), ""),
        "moment": (_("A day, or a moment of it in UTC, such as 2026-10-31 09:00"), ""),
        "judgement.statement": (_("What you judge"), _("In one sentence, with the word of likelihood in it.")),
        "judgement.word": (_("Likelihood"), _("One word of one scale.")),
        "judgement.confidence": (
            _("Analytic confidence"),
            _("low, moderate or high: how sure you are, apart from it."),
        ),
        "evaluation.source": (
            _("Europol code of the source"),
            _("A: no doubt; B: mostly reliable; C: mostly not; X: cannot be assessed."),
        ),
        "evaluation.information": (
            _("Europol code of the information"),
            _("1: not in doubt; 2: known to the source itself; 3: not known to it, borne out; 4: neither."),
        ),
        "marking.actions": (_("Permitted actions"), ""),
        "marking.pap": ("PAP", ""),
        "marking.handling": (_("Handling code"), ""),
        "marking.handling_note": (_("Note to the handling code"), _("H3 needs one.")),
        "marking.embargo_until": (
            _("Embargo until (UTC)"),
            _("Until then only your organisation sees it; of TLP:RED, only you."),
        ),
        "marking.review_at": (_("Review on (UTC)"), _("When the marking is to be looked at again.")),
        "marking.review_to": (
            _("At the review it becomes"),
            _("By itself, with the organisations and groups of this row where the label takes them."),
        ),
        "tear_line.text": (
            _("Tear-line"),
            _(
                "A short text for those who may not read the report. "
                "Name no source, and nothing that leads to the report."
            ),
        ),
        "tear_line.tlp": (_("Tear-line: label"), _("Of a tear-line: CLEAR, GREEN, AMBER or AMBER+STRICT.")),
        "tear_line.attribution": (_("Tear-line: attribution"), _("Of a tear-line: named, withheld or chatham.")),
        "tear_line.organisations": (
            _("Tear-line: organisations"),
            _("Of AMBER: who may read it, with semicolons between."),
        ),
        "tear_line.groups": (_("Tear-line: groups"), _("Of AMBER: groups that may read it, with semicolons between.")),
    }


@lru_cache(maxsize=1)
def codes() -> dict[str, str]:
    """The code of every word and of every code, whatever the language; folded."""
    return {word.casefold(): code for language in LANGUAGES for code, word in words(language).items()} | {
        code: code for code in words(LANGUAGES[0])
    }
