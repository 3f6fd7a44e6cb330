"""Who was expected to report, in an edition: frozen with it, and told by the assignments' markings."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from services import assignments
from services.assignments import Tally
from services.digests.content import Part, Reporting, said
from services.digests.document import Cell, Section, Table, Text
from services.digests.wording import Wording
from services.network import Caller

EXPECTED = "expected"  # the kind of its block


def known(
    session: Session, caller: Caller, frozen: Mapping[str, Any], visible: Collection[int]
) -> list[tuple[int, int, int, int]]:
    """Of what was expected what the caller may know of: assignment, audience when frozen and now, organisation."""
    rows = {(one["assignment"], one["audience"], one["organisation"]) for one in frozen.get("rows", ())}
    return assignments.told(session, caller, rows, visible)


def counted(frozen: Mapping[str, Any], names: Mapping[int, str], status: str) -> tuple[Reporting, ...]:
    """Who reported, by organisation and form. `names`: of the organisation of each assignment that may be known."""
    groups: dict[tuple[str, str], list[assignments.State]] = defaultdict(list)
    for one in frozen.get("rows", ()):
        if one["assignment"] in names and one["status"] == status:
            groups[names[one["assignment"]], one["form"]].append(one["state"])
    return tuple(
        Reporting(name, frozen["forms"][form], assignments.tally(states))
        for (name, form), states in sorted(groups.items())
    )


def reporting(part: Part, wording: Wording, level: int, prefix: str = "") -> list[Section]:
    """The section of who was expected to report; none where this reader may know of none."""
    if not part.reporting:
        return []
    _ = wording._
    whole = _summed([one.tally for one in part.reporting])
    rows = [
        _row(f"{one.organisation}: {said(one.form, wording.language)}", one.tally, wording) for one in part.reporting
    ]
    if len(rows) > 1:
        rows.append(_row(_("All together"), whole, wording))
    told = _("Completeness %(completeness)s; timeliness %(timeliness)s of those expected.") % {
        "completeness": _rate(whole.received, whole.expected, whole.completeness, wording),
        "timeliness": _rate(whole.on_time, whole.expected, whole.timeliness, wording),
    }
    table = Table(
        _("Completeness and timeliness, as far as this reader may know what was expected"),
        (_("Organisation and form"), _("Received, of those expected"), _("On time, of those expected")),
        (False, True, True),
        tuple(rows),
        _(
            "By the cut-off, among what this reader may know to be expected. Periods whose deadline had not passed are "
            "left out."
        ),
    )
    key = "reporting" if level == 2 else f"{part.status}-reporting"
    title = prefix + _("Who was expected to report")
    return [Section(key, title, level, part.status, (Text(told), table))]


def _summed(tallies: Sequence[Tally]) -> Tally:
    return Tally(*(sum(getattr(one, name) for one in tallies) for name in ("expected", "received", "on_time")))


def _row(label: str, counted: Tally, wording: Wording) -> tuple[Cell, ...]:
    return (
        Cell(label),
        Cell(_rate(counted.received, counted.expected, counted.completeness, wording), counted.received),
        Cell(_rate(counted.on_time, counted.expected, counted.timeliness, wording), counted.on_time),
    )


def _rate(part: int, whole: int, share: float | None, wording: Wording) -> str:
    percent = assignments.percent(share)
    if percent is None:
        return wording._("none expected")
    return f"{wording.number(part)}/{wording.number(whole)} ({wording.number(percent)} %)"
