"""Lists in the format of the Consolidated List, with made-up entries: nobody here exists."""

from collections.abc import Mapping

PERSON, GROUP = "QXi.001", "QXe.001"
NAMES = {PERSON: ("Quorbin", "Zelthar", "Vraimond"), GROUP: ("Brotherhood of the Hollow Lantern",)}


def listed(
    names: Mapping[str, tuple[str, ...]] = NAMES, *, dated: str = "2026-09-01T10:00:00Z", aliases: tuple[str, ...] = ()
) -> bytes:
    """A list of these entries; `aliases` are of every group."""
    people = "".join(_person(key, parts) for key, parts in names.items() if "i." in key)
    groups = "".join(_group(key, parts[0], aliases) for key, parts in names.items() if "e." in key)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><CONSOLIDATED_LIST dateGenerated='{dated}'>"
        f"<INDIVIDUALS>{people}</INDIVIDUALS><ENTITIES>{groups}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def _person(key: str, parts: tuple[str, ...]) -> str:
    places = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    given = "".join(f"<{place}>{part}</{place}>" for place, part in zip(places, parts, strict=False))
    alias = "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Zelthar the Grey</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    return f"<INDIVIDUAL>{given}<REFERENCE_NUMBER>{key}</REFERENCE_NUMBER>{alias}</INDIVIDUAL>"


def _group(key: str, name: str, aliases: tuple[str, ...]) -> str:
    others = "".join(
        f"<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>{one}</ALIAS_NAME></ENTITY_ALIAS>" for one in aliases
    )
    return f"<ENTITY><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>{key}</REFERENCE_NUMBER>{others}</ENTITY>"
