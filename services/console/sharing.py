"""A marking in words: what each label means, and who would read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services import network
from services.kernel.dates import Dates
from services.kernel.i18n import translator
from services.reports import ChangeView, ReadersView, SeenView, TraceView


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be ticked, with its name and a word of explanation."""

    value: str
    name: str
    note: str = ""


def labels(language: str) -> list[Choice]:
    """The labels of TLP 2.0, strictest first, with what each means in this network."""
    _ = translator(language).gettext
    return [
        Choice(
            "RED", "TLP:RED", _("Only the persons you name below, and you. Not your organisation, not the secretariat.")
        ),
        Choice(
            "AMBER+STRICT",
            "TLP:AMBER+STRICT",
            _("Only the organisations and groups you tick below, and your own. They may not pass it on."),
        ),
        Choice(
            "AMBER",
            "TLP:AMBER",
            _("The organisations and groups you tick below with the bodies that belong to them, and your own."),
        ),
        Choice(
            "GREEN",
            "TLP:GREEN",
            _("All active members of the network, also those that do not show it. Not the public."),
        ),
        Choice("CLEAR", "TLP:CLEAR", _("Everybody, also outside the network.")),
    ]


def bodies(known: network.Directory, caller: network.Caller) -> tuple[list[Choice], list[Choice]]:
    """The organisations that can be ticked: the secretariat first, then all others that the caller knows of."""
    told = network.known_to(known, caller) - {caller.organisation_id}
    active = [one for one in known.parties.values() if one.active and one.id in told]
    active.sort(key=lambda one: one.name(caller.language).casefold())
    rows = [(one.kind == "secretariat", Choice(one.slug, one.name(caller.language))) for one in active]
    return [row for first, row in rows if first], [row for first, row in rows if not first]


def groups(known: network.Directory, caller: network.Caller) -> list[Choice]:
    """The sharing groups that the caller's organisation is in, with how many organisations each holds."""
    ngettext = translator(caller.language).ngettext
    own = known.memberships.get(caller.organisation_id or 0, {})
    found = []
    for key in own:
        slug, english, russian = known.group_names[key]
        size = sum(1 for held in known.memberships.values() if key in held)
        note = ngettext("%(n)d organisation", "%(n)d organisations", size) % {"n": size}
        found.append(Choice(slug, russian if caller.language == "ru" else english, note))
    return sorted(found, key=lambda one: one.name.casefold())


def choices(known: network.Directory, caller: network.Caller) -> dict[str, object]:
    """All that a form of a marking offers."""
    first, others = bodies(known, caller)
    return {
        "labels": labels(caller.language),
        "first": first,
        "others": others,
        "groups": groups(known, caller),
        "terms": terms(caller.language),
    }


def terms(language: str) -> dict[str, list[Choice]]:
    """What can be chosen of terms, strictest first, in the words that readers see."""
    codes = {"actions": network.ACTIONS, "pap": network.PAP, "handling": network.HANDLING}
    return {
        name: [Choice(one, network.terms_said(network.Terms(**{name: one}), language)[0]) for one in values]
        for name, values in codes.items()
    }


@dataclass(frozen=True, slots=True)
class Panel:
    """Who would see a report, in words."""

    lead: str
    lines: list[str]
    notes: list[str]
    warning: str
    changes: list[tuple[str, str]]
    """What each other label, with the same recipients, would change."""
    then: list[tuple[datetime, "Panel"]]
    """Who would see it from a date on."""


def panel(known: network.Directory, language: str, told: ReadersView) -> Panel:
    """Exactly who sees it, as far as the visitor may know them, at once and by each date; what another label would
    change."""
    later = [(one.at, _panel(known, language, one.readers)) for one in told.then]
    return replace(_panel(known, language, told), then=later)


def _panel(known: network.Directory, language: str, told: SeenView) -> Panel:
    _ = translator(language).gettext
    leads = {
        "CLEAR": _("Everybody, also outside the network."),
        "GREEN": _("All active members of the network, and members that do not show it."),
        "RED": _("These persons only:"),
    }
    lines = [f"{one.name} ({', '.join(_why(known, language, by) for by in one.by)})" for one in told.organisations]
    notes = [_traced(language, one) for one in told.trace] or [_("Nothing tells anybody else that it is there.")]
    if told.unlisted and told.tlp not in leads:
        notes.insert(0, _("Also members that do not show their membership, if it reaches any."))
    return Panel(
        lead=leads.get(told.tlp, _("Whoever acts for these organisations:")),
        lines=told.persons if told.tlp == "RED" else lines,
        notes=notes,
        warning=_(
            "No analyst can see this, of the secretariat or of your own organisation: nobody there will work on it."
        )
        if told.unworked
        else "",
        changes=[(f"TLP:{one.tlp}", _changed(known, language, one)) for one in told.changes],
        then=[],
    )


def _traced(language: str, trace: TraceView) -> str:
    """Who may know that what is expected came, and nothing more of it."""
    _ = translator(language).gettext
    who = ", ".join(trace.organisations) or _("your own organisation alone")
    if trace.tlp in ("CLEAR", "GREEN"):
        who = _("everybody") if trace.everybody else _("all active members of the network")
    said = {"form": trace.form_name, "who": who, "reference": trace.assignment}
    if trace.start is None or trace.end is None:
        return _("If it is the report that is expected of you (%(form)s), these learn that it came: %(who)s.") % said
    said["period"] = Dates(language).span(trace.start, trace.end)
    told = _("It is expected of you (%(form)s, %(period)s). These learn that it came, and whether in time: %(who)s.")
    return told % said


def _why(known: network.Directory, language: str, by: str) -> str:
    """One reason of the service, in words."""
    _ = translator(language).gettext
    kind, _colon, slug = by.partition(":")
    if kind == "parent":
        return _("belongs to %(name)s") % {"name": known.parties[known.slugs[slug]].name(language)}
    if slug:
        _slug, english, russian = known.group_names[known.groups[slug]]
        return _("in the group %(name)s") % {"name": russian if language == "ru" else english}
    words = {"own": _("your own organisation"), "name": _("named"), "group": _("in a group")}
    return words.get(kind, _("a member"))


def _changed(known: network.Directory, language: str, change: ChangeView) -> str:
    _ = translator(language).gettext
    parts = []
    if change.everybody:
        parts.append(_("everybody would see it"))
    if change.gains:
        parts.append(_("would see it too: %(names)s") % {"names": _named(known, language, change.gains)})
    if change.loses:
        parts.append(_("would not see it: %(names)s") % {"names": _named(known, language, change.loses)})
    return "; ".join(parts) or _("nobody else would see it, and nobody less")


def _named(known: network.Directory, language: str, names: Sequence[str]) -> str:
    return ", ".join(known.parties[known.slugs[one]].name(language) if one in known.slugs else one for one in names)
