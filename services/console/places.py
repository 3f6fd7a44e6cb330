"""The places that can be chosen on a page."""

from services import texts, vocabulary


def place_choices(
    language: str, chosen: str = "", *, region: bool = True
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The region, if it may be chosen, and countries with their first-level units; a town or a country abroad that is
    chosen already is kept."""
    places = vocabulary.places()
    found: list[tuple[str, str, list[tuple[str, str]]]] = []
    if region:
        found.append((places.root.code, places.name(places.root.code, language), []))
    for country in places.countries():
        units = [(one.code, places.name(one.code, language)) for one in places.units(country.code)]
        units.sort(key=lambda pair: pair[1])
        if chosen in places and places[chosen].level == vocabulary.TOWN and places.within(chosen, country.code):
            units.insert(0, (chosen, places.name(chosen, language)))
        found.append((country.code, places.name(country.code, language), units))
    if vocabulary.is_abroad(chosen):
        found.append((chosen, vocabulary.place_name(chosen, language), []))
    return found


FOUND = 12  # places of a name that are offered
_ABROAD = 3  # of them, countries abroad


def places_called(text: str, language: str) -> list[tuple[str, str]]:
    """Places below the region that bear such a name in whatever script, with the name of their country; those that
    begin with it first, the larger before the smaller. Then countries abroad, by their names and codes."""
    places, wanted = vocabulary.places(), text.strip().casefold()
    found = []
    for one in places if wanted else ():
        where = [at for name in (one.code, *one.every_name) if (at := name.casefold().find(wanted)) >= 0]
        if where and one.code != places.root.code:
            found.append((min(where) > 0, -one.population, one.code))
    abroad = _abroad_called(wanted, language) if wanted else []
    at_home = [(code, _whole_name(code, language)) for _, _, code in sorted(found)]
    return [*at_home[: FOUND - len(abroad)], *abroad]


def _abroad_called(wanted: str, language: str) -> list[tuple[str, str]]:
    own, others = vocabulary.countries_abroad(language), vocabulary.countries_abroad("en")
    named = texts.abroad_in(wanted)
    found = []
    for code, name in own.items():
        where = [at for one in (code, name, others[code]) if (at := one.casefold().find(wanted)) >= 0]
        if where or code in named:
            found.append((code not in named and code.casefold() != wanted, min(where, default=0) > 0, name, code))
    return [(code, name) for *_, name, code in sorted(found)[:_ABROAD]]


def _whole_name(code: str, language: str) -> str:
    places = vocabulary.places()
    named = [places.name(one.code, language) for one in places.path(code) if one.code != places.root.code]
    return ", ".join(named)
