"""What one version of a definition says otherwise than another. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """A part that differs: what of it went and what came."""

    part: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The differences of two definitions as plain data, part by part; the order of terms makes none."""
    one, other = dict(_parts(before)), dict(_parts(after))
    found = []
    for part in dict.fromkeys([*one, *other]):
        was, now = one.get(part, ()), other.get(part, ())
        gone, come = set(was) - set(now), set(now) - set(was)
        removed, added = tuple(word for word in was if word in gone), tuple(word for word in now if word in come)
        if removed or added:
            found.append(Change(part, removed, added))
    return found


def _parts(body: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, given in body.items():
        part = f"{above}{name}"
        if isinstance(given, Mapping):
            yield from _parts(given, f"{part}.")
        elif isinstance(given, list):
            yield part, tuple(_said(one) for one in given)
        else:
            yield part, (str(given),)


def _said(one: Any) -> str:
    if isinstance(one, Mapping):
        return f"{one.get('language', '')}: {one.get('text', '')}"
    return " + ".join(one) if isinstance(one, list) else str(one)
