"""Names of places and themes for a digest, from the network's vocabulary."""

from services import vocabulary


class Vocabulary:
    """The vocabulary in force. A code that it does not know is shown as it is: an edition outlives its vocabulary."""

    def place(self, code: str, language: str) -> str:
        """The name of a place, or of a country outside the region."""
        return vocabulary.place_name(code, language)

    def theme(self, code: str, language: str) -> str:
        """The name of a theme."""
        theme = vocabulary.themes().get(code)
        return theme.name(language) if theme else code

    def country(self, code: str) -> str | None:
        """The code of the country that a place lies in."""
        places = vocabulary.places()
        country = places.country_of(code) if code in places else None
        return country.code if country else None
