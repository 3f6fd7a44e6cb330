"""Editions: facts frozen once, amended when a source is narrowed, rendered by the reader's rights (ADR 0009)."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .incidents import Link, Report, Tally

WORDS = {"en": "{n} in {place}, {bucket}", "ru": "{place}, {bucket}: {n}"}


class Edition(NamedTuple):
    """A manifest of content addresses. A later manifest of an edition names blocks that amend the earlier ones."""

    blocks: tuple[str, ...]


Store = dict[str, str]


def freeze(tally: Tally, salt: str, store: Store) -> Edition:
    """Write the two tables as blocks, one for each set of audiences; an equal block is stored once."""
    blocks: dict[str, list[object]] = {}
    for (cell, audience), value in tally.cells.items():
        blocks.setdefault(f"cells {sorted(audience)}", []).append([cell, value])
    for (cell, pattern), n in tally.overlaps.items():
        told = sorted({name for audience, _ in pattern[0] for name in audience})
        blocks.setdefault(f"overlaps {told}", []).append([cell, pattern, n])
    return Edition(tuple(sorted(_put([salt, what, sorted(rows, key=repr)], store) for what, rows in blocks.items())))


def amended(frozen: Mapping[int, Report], links: Iterable[Link], now: Mapping[int, frozenset[int]]) -> Tally:
    """The frozen facts, each readable under its marking at the freeze *and* its marking now; gone where withdrawn.

    The two markings together are an audience of their own, so nothing else in the counting has to know of it.
    """
    kept = {key: r._replace(audience=r.audience | now[key]) for key, r in frozen.items() if key in now}
    tally = Tally()
    tally.settle(kept, kept, set(links))
    return tally


def render(edition: Edition, store: Mapping[str, str], seen: Collection[int], language: str) -> str:
    """Pure: the same edition, rights and language give the same bytes."""
    tally = Tally()
    for address in edition.blocks:
        _, what, rows = json.loads(store[address])
        for row in rows:
            if what.startswith("cells"):
                audience = frozenset(json.loads(what.removeprefix("cells ")))
                tally.cells[tuple(row[0]), audience] += row[1]
            else:
                nodes, edges = row[1]
                pattern = (tuple((tuple(a), v) for a, v in nodes), tuple(map(tuple, edges)))
                tally.overlaps[tuple(row[0]), pattern] += row[2]
    lines = [(c, WORDS[language].format(n=n, place=c[4], bucket=c[3])) for c, n in sorted(tally.read(seen).items())]
    return "\n".join(f"[{status}] {name}: {line}" for (name, status, *_), line in lines) or "-"


def _put(content: object, store: Store) -> str:
    text = json.dumps(content, sort_keys=True)
    address = hashlib.sha256(text.encode()).hexdigest()
    store[address] = text
    return address
