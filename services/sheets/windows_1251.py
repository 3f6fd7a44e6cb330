"""Windows-1251, as a Russian Excel saves CSV: taken where a file can be nothing else. Pure.

Almost any bytes decode as Windows-1251. So the text has to read as Cyrillic does, by what Latin-1, KOI8-R, CP866, the
Cyrillic of old Macs and broken UTF-8 do not keep to when they are read so.
"""

import re

from services.sheets.refusals import SheetNotReadable

NAME = "windows-1251"
_SMALL = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў"
_LETTERS = _SMALL + _SMALL.upper()
# Letters of Serbian and Macedonian and signs of rare use: as such, capitals of other encodings are read.
_STRANGE = re.compile(f"[^\\x00-\\x7f{_LETTERS}«»№—–“”„…’‘‚•€™©®°±§·\u00a0]")
_WORD = re.compile(r"[^\W\d_]+")
_WHOLE = re.compile(f"[{_LETTERS}]+")
_UNEVEN = re.compile(f"[a-z{_SMALL}][{_SMALL.upper()}]")
_VOWELS = "аеёиоуыэюяіїє"
# What Excel writes in the place of a letter that Windows-1251 has not, as those of Kazakh, Tajik or Dari.
_LOST = re.compile(f'\\?[{_LETTERS}]|(?<![^\\s;,"«(])\\?{{3,}}')


def read(raw: bytes) -> str | None:
    """The text of a file that is Windows-1251 for certain; None of any other.

    Raises:
        SheetNotReadable: it is, and letters of it were lost when it was saved so.
    """
    try:
        text = raw.decode("cp1251")
    except UnicodeDecodeError:
        return None
    if not _cyrillic(text):
        return None
    lost = _LOST.search(text)
    if lost is not None:
        line = text.count("\n", 0, lost.start()) + 1
        raise SheetNotReadable(
            f"Line {line}: a letter that Windows-1251 does not have has become a question mark: "
            "save it anew, as CSV UTF-8."
        )
    return text


def _cyrillic(text: str) -> bool:
    """Whether it is written in lower case for the most part, in words that are Cyrillic from end to end, and can be
    pronounced: of letters of Russian more than four in ten are vowels."""
    if _STRANGE.search(text):
        return False
    small, large, vowels = (sum(map(text.count, some)) for some in (_SMALL, _SMALL.upper(), _VOWELS + _VOWELS.upper()))
    if small <= large or 3 * vowels < small + large:
        return False
    plain = odd = 0
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            continue
        whole = _WHOLE.fullmatch(word) is not None and not _UNEVEN.search(word)
        odd += not whole
        plain += whole and len(word) > 2  # a letter or two prove nothing: an accented one of French stands alone too
    return plain > 9 * odd
