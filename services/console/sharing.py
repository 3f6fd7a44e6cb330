"""A marking in words: what each label means, and who would read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services import network
from services.kernel.i18n import translator


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


def readers(
    known: network.Directory,
    caller: network.Caller,
    *,
    tlp: str,
    organisations: Sequence[str],
    chosen: Sequence[str],
    persons: Sequence[str],
) -> list[str]:
    """Who would read something marked so, in words: one line for each recipient. Names nobody who is not named."""
    _ = translator(caller.language).gettext
    if tlp == "CLEAR":
        return [_("Everybody, also outside the network.")]
    if tlp == "GREEN":
        return [_("All active members of the network, and members that do not show it.")]
    if tlp == "RED":
        return [_("You, who submit it"), *persons]
    lines = []
    own = known.parties.get(caller.organisation_id or 0)
    if own is not None:
        lines.append(_("%(name)s (your own organisation)") % {"name": own.name(caller.language)})
    below = _(", with the bodies that belong to it") if tlp == "AMBER" else ""
    for slug in organisations:
        party = known.parties.get(network.organisation_named(known, caller, slug) or 0)
        if party is not None and party is not own:
            lines.append(party.name(caller.language) + below)
    for slug in chosen:
        lines += [_group(known, caller, slug)] if slug in known.groups else []
    return lines


def _group(known: network.Directory, caller: network.Caller, slug: str) -> str:
    """A group with its members, which only who is in it is told."""
    key = known.groups[slug]
    _slug, english, russian = known.group_names[key]
    name = russian if caller.language == "ru" else english
    if key not in known.memberships.get(caller.organisation_id or 0, {}):
        return name
    members = sorted(known.parties[one].name(caller.language) for one, held in known.memberships.items() if key in held)
    return f"{name}: {', '.join(members)}"
