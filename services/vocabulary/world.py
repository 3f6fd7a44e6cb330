"""Countries outside the network's places: what happens in one of them is told by its ISO 3166-1 code too."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale

from services.vocabulary.folder import places

_LETTERS = 2  # of a country's code; longer ones are parts of the world
# Two letters that CLDR names and ISO 3166-1 gives to no country; XK is in wide use.
_NONE = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


def countries_abroad(language: str) -> Mapping[str, str]:
    """The countries that the network has no places in, by code, with their names (CLDR)."""
    known = places()
    return {code: name for code, name in _countries(language).items() if code not in known}


def is_abroad(code: str) -> bool:
    """Whether it is the code of a country that the network has no places in."""
    return code in _countries("en") and code not in places()


def is_place(code: str) -> bool:
    """Whether tags may name it as where something happened: a place of the network, or a country abroad."""
    return code in places() or is_abroad(code)


def place_name(code: str, language: str) -> str:
    """The name of a place of the network, or of another country; the code where nobody names it."""
    known = places()
    return known.name(code, language) if code in known else _countries(language).get(code, code)


@cache
def _countries(language: str) -> Mapping[str, str]:
    named = Locale(language).territories.items()
    return MappingProxyType({code: str(name) for code, name in named if len(code) == _LETTERS and code not in _NONE})
