"""The words of pages and editions in the reader's language, from gettext catalogues read at first use."""

import gettext
import io
from functools import lru_cache
from pathlib import Path

from babel.messages import mofile, pofile

LANGUAGES = ("en", "ru")
FOLDER = Path(__file__).parent.parent / "locale"


@lru_cache(maxsize=len(LANGUAGES) * 2)
def translator(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English, in which the sources are written, where there is none."""
    path = FOLDER / language / "LC_MESSAGES" / "ewn.po"
    if language not in LANGUAGES or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = pofile.read_po(file, locale=language)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def best(accepted: str) -> str:
    """The best language of ours for an Accept-Language header."""
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
