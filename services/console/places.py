"""The places that can be chosen on a page."""

from services import vocabulary


def place_choices(
    language: str, chosen: str = "", *, region: bool = True
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The region, if it may be chosen, and countries with their first-level units; a town chosen already is kept."""
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
    return found
