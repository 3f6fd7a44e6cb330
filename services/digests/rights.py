"""A reader's rights over an edition, fixed as one value: with the blocks, all that a rendering is made of."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlmodel import Session

from services import indicators, network, reports
from services.digests import reporting
from services.digests.lines import readable as readable_lines
from services.digests.viewing import Facts, Reader
from services.indicators import Told
from services.kernel.config import settings
from services.kernel.model import table
from services.network import AudienceRow, Caller, Terms

Arrived: TypeAlias = Callable[[Collection[int]], Mapping[int, int]]
# What was begun before a freeze may have been committed after it: more is looked at, for each is compared anyway.
SLACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rights:
    """Plain values only, so that it can be kept and read again. Lists are in order of their keys."""

    language: str
    network: str
    """The network's name."""
    audiences: list[int]
    """Those of the edition's audiences that the reader sees."""
    withheld: list[int]
    """Those of all audiences named here that withhold attribution from the reader."""
    labels: list[tuple[int, str]]
    """The label of each audience named here."""
    readable: list[tuple[int, int, int]]
    """The edition's reports that the reader may still read: report, audience when frozen, audience now."""
    terms: list[tuple[int, dict[str, str]]]
    """What may be done with each of them now, as far as anything was said."""
    names: list[tuple[int, str]]
    """The organisations of those, by their names now."""
    moved: list[tuple[int, int | None, int | None]]
    """Reports told to the reader when frozen, and withdrawn or marked otherwise since: report, audience now or none if
    the reader has lost it, its row among those received or none."""
    told: list[tuple[int, int, str, list[list[Any]]]]
    """The lost ones that were counted, and what the reader was told with them in one incident: report, audience, status
    and contributions as they were frozen."""
    links: list[tuple[int, int]]
    """The links between those."""
    lines: list[tuple[int, str | None, str]] = field(default_factory=list)
    """The tear-lines that the reader is told, by their reports: originator's name or none, label."""
    expected: list[tuple[int, str]] = field(default_factory=list)
    """The assignments of the edition that the reader may know of, each with the name of its organisation."""
    draft: bool = False
    """Whether nobody has released the edition yet."""
    sourced: list[int] = field(default_factory=list)
    """Those of all audiences named here that tell the reader from whom the originator has it; of rights that were kept
    before this was asked, none."""


def resolve(session: Session, caller: Caller, facts: Facts, arrived: Arrived, language: str, *, draft: bool) -> Rights:
    """The caller's rights over an edition now: of each report the stricter of its marking when frozen and now.

    `arrived`: finds the rows in which an edition counted reports as received, by their keys.
    """
    seen = network.visible(session, caller)
    visible = frozenset(seen)
    known = network.directory(session)
    readable = _readable(session, facts.reports, visible)
    moved, told, links, narrowed = _moved(session, seen, facts, arrived)
    held = facts.told_by(visible)
    expected = reporting.known(session, caller, facts.expected, visible)
    wanted = held | narrowed | {one for _, *both in readable for one in both}
    wanted |= {one for _, then, now, _ in expected for one in (then, now)}
    rows = session.execute(select(AudienceRow).where(table(AudienceRow).c.id.in_(wanted))).scalars()
    audiences = {row.key: row for row in sorted(rows, key=lambda row: row.key)}
    shown = network.shown_to(session, caller, audiences.values())
    keys = {key for key, *_ in readable}
    organisations = sorted({one["organisation"] for one in facts.reports if one["id"] in keys})
    return Rights(
        language=language,
        network=settings().network_name,
        audiences=sorted(held),
        withheld=[key for key, one in shown.items() if not one.originator],
        labels=[(key, str(one.tlp)) for key, one in audiences.items()],
        readable=readable,
        terms=sorted(reports.terms_now(session, keys).items()),
        names=[(key, known.parties[key].name(language)) for key in organisations],
        moved=moved,
        told=[(one.report_id, one.audience_id, one.status, indicators.plain(one)) for _, one in sorted(told.items())],
        links=links,
        lines=readable_lines(session, caller, facts.lines, visible, language),
        expected=[(key, known.parties[organisation].name(language)) for key, _, _, organisation in expected],
        draft=draft,
        sourced=[key for key, one in shown.items() if one.names],
    )


def _readable(
    session: Session, frozen: Sequence[Mapping[str, Any]], visible: Collection[int]
) -> list[tuple[int, int, int]]:
    then = {one["id"]: one["audience"] for one in frozen if one["audience"] in visible}
    now = reports.told_now(session, then)
    return [(key, then[key], now[key]) for key in sorted(now) if now[key] in visible]


def _moved(
    session: Session, seen: Sequence[int], facts: Facts, arrived: Arrived
) -> tuple[list[tuple[int, int | None, int | None]], dict[int, Told], list[tuple[int, int]], set[int]]:
    """What was taken back from this reader or marked otherwise since the freeze, what must be counted again, and the
    audiences now of what the reader sees still."""
    mark = facts.counts.mark
    found = reports.taken_back(session, seen, after=facts.frozen_at - SLACK) | indicators.moved(session, mark, seen)
    if not found:
        return [], {}, [], set()
    now = {key: one for key, one in reports.told_now(session, found).items() if one in seen}
    rows = {key: row for key, row in arrived(found).items() if facts.received[row][0] in seen}
    told, links = indicators.as_of(session, mark, found - now.keys(), seen, cut_off=facts.cut_off)
    told = indicators.as_frozen(facts.counts, told)
    moved = [
        (key, now.get(key), rows.get(key))
        for key in sorted(found)
        if (key in rows and now.get(key) != facts.received[rows[key]][0]) or (key in told and key not in now)
    ]
    return moved, told, links, set(now.values())


def reader(rights: Rights) -> Reader:
    """What the rights say, as viewing asks for it."""
    withheld, labels, names = frozenset(rights.withheld), dict(rights.labels), dict(rights.names)
    both = {key: {then, now} for key, then, now in rights.readable}

    def name_of(report: Mapping[str, Any]) -> str | None:
        return None if both[report["id"]] & withheld else names[report["organisation"]]

    return Reader(
        audiences=frozenset(rights.audiences),
        anonymous=withheld,
        readable=both.keys(),
        tlp={key: str(network.strictest(labels[one] for one in pair)) for key, pair in both.items()},
        labels=labels,
        terms={key: Terms() for key in both} | {key: Terms(**said) for key, said in rights.terms},
        name_of=name_of,
        moved=[(now, row) for _, now, row in rights.moved if row is not None],
        lost=frozenset(key for key, now, _ in rights.moved if now is None),
        told={key: indicators.told_from(key, audience, status, said) for key, audience, status, said in rights.told},
        links=[(low, high) for low, high in rights.links],
        lines={key: (name, label) for key, name, label in rights.lines},
        expected=dict(rights.expected),
        draft=rights.draft,
        sourced=frozenset(key for key, pair in both.items() if pair <= frozenset(rights.sourced)),
    )
