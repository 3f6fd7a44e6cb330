"""Tear-lines of an edition: frozen beside its reports, told by the stricter of then and now, never beside it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network, reports
from services.digests.content import Part
from services.digests.document import Line, Lines, Section
from services.digests.wording import Wording
from services.kernel.model import table
from services.network import AudienceRow, Caller


def readable(
    session: Session, caller: Caller, frozen: Sequence[Mapping[str, Any]], visible: Collection[int], language: str
) -> list[tuple[int, str | None, str]]:
    """Of these tear-lines those that the caller is told: report, originator's name or none, label.

    Its audience when frozen and now are both the caller's, the report's audience now is not, and its words still stand.
    """
    then = {one["id"]: one for one in frozen if one["audience"] in visible}
    now = reports.standing(session, then.keys())
    kept = {
        key: (then[key]["audience"], one.audience_id)
        for key, one in now.items()
        if one.audience_id in visible and one.report_audience_id not in visible and one.text == then[key]["text"]
    }
    if not kept:
        return []
    wanted = {audience for pair in kept.values() for audience in pair}
    rows = session.execute(select(AudienceRow).where(table(AudienceRow).c.id.in_(wanted))).scalars()
    audiences = {row.key: row for row in rows}
    shown = network.shown_to(session, caller, audiences.values())
    parties = network.directory(session).parties
    return [
        (
            key,
            parties[then[key]["organisation"]].name(language) if all(shown[one].originator for one in pair) else None,
            str(network.strictest(audiences[one].tlp for one in pair)),
        )
        for key, pair in sorted(kept.items())
    ]


def in_brief(part: Part, wording: Wording, level: int, prefix: str = "") -> list[Section]:
    """The section of tear-lines; none where there are none."""
    if not part.lines:
        return []
    _ = wording._
    lines = tuple(
        Line(
            one.text, one.day, wording.day(one.day), one.originator, one.originator or _("originator withheld"), one.tlp
        )
        for one in part.lines
    )
    key = "in-brief" if level == 2 else f"{part.status}-in-brief"
    title = prefix + _("In brief, from reports that you may not read")
    return [Section(key, title, level, part.status, (Lines(lines),))]
