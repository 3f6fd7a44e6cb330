"""What screening found and did, in words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from services.kernel.i18n import translator
from services.reports import FoundView


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of personal data: what kind it is, where it stands, and its words."""

    kind: str
    field: str
    words: str


def kinds_in(fields: Mapping[str, str], found: Iterable[FoundView], language: str) -> list[Finding]:
    """What was found in these fields, with the words, for whoever may read them."""
    _ = translator(language).gettext
    kinds = {
        "email": _("E-mail address"),
        "iban": _("Account number (IBAN)"),
        "card": _("Payment card"),
        "national_number": _("National number of a person"),
        "passport": _("Passport or identity card"),
        "phone": _("Telephone number"),
    }
    places = {
        "title": _("Title"),
        "text": _("Text"),
        "source.document": _("Document"),
        "source.name": _("Other source"),
        "tear_line.text": _("Tear-line"),
        "marking.terms.handling_note": _("Note to the handling code"),
        "translation.title": _("Title in another language"),
        "translation.summary": _("What it says in brief, in another language"),
    }
    places |= {"source": _("Source"), "answers": _("Answers"), "judgement": _("Judgement")}
    return [
        Finding(kinds[one.kind], _place(one.field, places), fields[one.field][one.start : one.end]) for one in found
    ]


def _place(field: str, places: Mapping[str, str]) -> str:
    """The name of a field, or of what it is part of."""
    return places.get(field) or places.get(field.partition(".")[0], field)


def done(cleaned: Collection[str], language: str) -> list[str]:
    """What was done to make a text readable, one phrase each."""
    _ = translator(language).gettext
    steps = {
        "encoding": _("characters read in a wrong encoding were put right"),
        "markup": _("markup and footnote marks were taken out"),
        "marks": _("invisible marks were taken out"),
        "scripts": _("letters of another script inside words were replaced by their look-alikes"),
        "addresses": _("disguised addresses were written out"),
        "symbols": _("symbols of documents were put right"),
        "cut": _("what was left of markup where the text is cut was taken out"),
    }
    return [steps[one] for one in cleaned]
