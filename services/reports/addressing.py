"""Finds the organisations, groups and persons that a report and its marking name; refuses what is not known."""

from collections.abc import Callable
from typing import Any

from services import network
from services.kernel import clock, seals
from services.kernel.errors import Invalid
from services.network import Attribution, Caller, Directory, Marking, MarkingIn, Sight, SightIn, Tlp
from services.reports.dates import Dated, dates_of
from services.reports.provenance import ROUND, origin
from services.reports.schemas import EditReport


def resolve(
    known: Directory, marking: SightIn, caller: Caller, *, submitter: int | None = None, at: str = "marking"
) -> Marking:
    """A marking with its recipients found; refuses those that its label cannot have.

    `submitter`: the person who handed the report in, who stays among the readers of RED whoever marks it so; without
    one, whoever marks it. `at`: where the marking stands, for refusals.
    """
    tlp = Tlp(marking.tlp)
    named = {"organisations": marking.organisations, "groups": marking.groups, "persons": marking.persons}
    allowed = {
        Tlp.AMBER: {"organisations", "groups"},
        Tlp.STRICT: {"organisations", "groups"},
        Tlp.RED: {"persons"},
    }.get(tlp, set())
    for what, given in named.items():
        if given and what not in allowed:
            raise Invalid(f"TLP:{tlp} takes no {what}: leave them out, or choose another label.", field=f"{at}.{what}")
    persons = _found(marking.persons, lambda one: network.person_named(known, caller, one), f"{at}.persons")
    sender = submitter if submitter is not None else caller.member_id
    if tlp is Tlp.RED and sender is not None:
        persons.add(sender)
    if tlp is Tlp.RED and not persons:
        raise Invalid("RED reaches named persons only, and a key is none: name at least one.", field=f"{at}.persons")
    bodies = _found(
        marking.organisations, lambda one: network.organisation_named(known, caller, one), f"{at}.organisations"
    )
    return Marking(
        tlp=tlp,
        originator=caller.organisation_id or 0,
        organisations=frozenset(bodies),
        groups=frozenset(_found(marking.groups, known.groups.get, f"{at}.groups")),
        persons=frozenset(persons),
        attribution=Attribution(marking.attribution),
    )


def planned(
    known: Directory, marking: MarkingIn, caller: Caller, *, submitter: int | None = None
) -> tuple[Marking, tuple[Dated, ...]]:
    """The marking to stamp now, and what it becomes by date; refuses dates that are past or too far."""
    whole = resolve(known, marking, caller, submitter=submitter)
    later = None
    if marking.review_to is not None:
        later = resolve(known, marking.review_to, caller, submitter=submitter, at="marking.review_to")
    return dates_of(marking, whole, later, now=clock.now(), submitter=submitter or caller.member_id)


class Plans:
    """What `planned` gives, worked out once for all of a batch that one caller has marked alike."""

    def __init__(self, known: Directory) -> None:
        self._known = known
        self._made: dict[tuple[Caller, str], tuple[Marking, tuple[Dated, ...]]] = {}

    def of(self, marking: MarkingIn, caller: Caller) -> tuple[Marking, tuple[Dated, ...]]:
        """The marking to stamp now, and what it becomes by date; refuses as `planned` does."""
        alike = (caller, marking.model_dump_json())
        made = self._made.get(alike)
        if made is None:
            made = self._made[alike] = planned(self._known, marking, caller)
        return made


def line_planned(
    known: Directory, report: EditReport, caller: Caller, *, submitter: int | None = None
) -> Marking | None:
    """The marking of the tear-line that comes with a report, held against the report's marking as given."""
    if report.tear_line is None:
        return None
    whole = resolve(known, report.marking, caller, submitter=submitter)
    seen, given = network.would_see(known, whole), report.tear_line.marking
    return tear_line_marking(known, given, seen, whole.tlp, caller, at="tear_line.marking")


def tear_line_marking(
    known: Directory, given: SightIn, report: Sight, label: Tlp, caller: Caller, *, at: str
) -> Marking:
    """The marking of a tear-line. `report`, `label`: who sees the report that it is of, and its label.

    Raises:
        Invalid: it is RED, or reaches nobody that the report does not reach. Whom the caller may not know of has no
            part in that: nobody learns from a refusal who is here.
    """
    marking = resolve(known, given, caller, at=at)
    if marking.tlp is Tlp.RED:
        raise Invalid("A tear-line is not RED: it is for those who may not read the report.", field=at)
    labels = tuple(Tlp)
    wider = marking.tlp in (Tlp.CLEAR, Tlp.GREEN) and labels.index(marking.tlp) < labels.index(label)
    own_groups = known.memberships.get(caller.organisation_id or 0, {})
    wider = wider or any(one not in own_groups for one in marking.groups)  # who is in those is not to be learned
    gained, _ = network.changed(known, report, network.would_see(known, marking))
    may_know = network.known_to(known, caller)
    if not wider and not any(what == "organisation" and key in may_know for what, key in gained):
        raise Invalid("It reaches nobody whom the report does not reach: mark it wider, or leave it out.", field=at)
    return marking


def _found(given: list[str], find: Callable[[str], int | None], field: str) -> set[int]:
    found = {one: find(one) for one in given}
    for one, key in found.items():
        if key is None:
            raise Invalid(f"{one[:80]} is not known here.", field=field)
    return {key for key in found.values() if key is not None}


def provenance_of(known: Directory, report: Any, caller: Caller) -> tuple[str, list[str]]:
    """The origin key of a report by this originator, and the keys of all whom it was heard from, the nearest first;
    refuses a source organisation that is not known.

    Documents and names stand in them sealed: editions keep these keys, and must not keep the words of what is recalled.
    """
    source, originator = report.source, caller.organisation_id or 0
    if source.kind == "own":
        return origin("own", originator=originator, organisation=None, document=None, name=None), []
    steps = [(f"source.chain.{n}.", one) for n, one in enumerate(source.chain)] or [("source.", source)]
    keys = [_step(known, caller, one, f"{at}organisation") for at, one in steps]
    path = [f"organisation:{originator}" if key == f"{ROUND}:{originator}" else key for key in keys]
    return keys[-1], path


def _step(known: Directory, caller: Caller, step: Any, field: str) -> str:
    heard = None
    if step.organisation is not None:
        heard = network.organisation_named(known, caller, step.organisation, forgiving=True)
        if heard is None:
            raise Invalid(f"{step.organisation[:80]} is not known here.", field=field)
    originator = caller.organisation_id or 0
    key = origin("relayed", originator=originator, organisation=heard, document=step.document, name=step.name)
    what, _, said = key.partition(":")
    return f"{what}:{seals.sign('origin', said)[:32]}" if what in ("document", "name") else key
