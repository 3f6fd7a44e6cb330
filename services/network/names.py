"""What organisations are called: folding, and finding the one that a name means."""

import unicodedata
from collections.abc import Collection, Mapping

CODE = 5  # letters from which on one slip is forgiven


def fold(text: str) -> str:
    """One spelling of a name: letters and digits only, words parted by one space, case and ё aside."""
    given = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    for apostrophe in "'’‘ʻʼ`´":
        given = given.replace(apostrophe, "")
    kept = (one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in given)
    return " ".join("".join(kept).split())


def named(names: Mapping[str, int], known: Collection[int], given: str) -> int | None:
    """The organisation of exactly this name, among those known."""
    found = names.get(fold(given))
    return found if found in known else None


def heard(names: Mapping[str, int], known: Collection[int], given: str) -> int | None:
    """The organisation of this name; in a code of five letters or more one slip is forgiven if just one fits."""
    exact = named(names, known, given)
    text = fold(given)
    if exact is not None or " " in text or not CODE - 1 <= len(text) <= 100:
        return exact
    near = {
        one
        for name, one in names.items()
        if one in known and len(name) >= CODE and name.isalpha() and _one_slip(name, text)
    }
    return next(iter(near)) if len(near) == 1 else None


def _one_slip(name: str, given: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours have changed places."""
    if abs(len(name) - len(given)) > 1:
        return False
    start = 0
    while start < min(len(name), len(given)) and name[start] == given[start]:
        start += 1
    left, right = name[start:], given[start:]
    swapped = left[:2][::-1] == right[:2] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
