"""Dirty text made readable, every character of it traceable to the original, which is kept as it came."""

import re

from services.screening import encodings, letters, markup
from services.screening.offsets import Cleaned, Step, edited, untouched

# What may be done, in this order: a wrong encoding hides marks, marks stand inside words, words make addresses.
STEPS: tuple[tuple[str, Step], ...] = (
    ("encoding", encodings.mended),
    ("markup", markup.stripped),
    ("marks", letters.unseen),
    ("scripts", letters.one_script),
    ("addresses", letters.addresses),
    ("symbols", letters.symbols),
    ("cut", markup.tail),
)
DONE = tuple(name for name, _ in STEPS)
_ANYTHING = re.compile(r"[<&\[({'\u0080-\uffff\U00010000-\U0010ffff]")


def clean(text: str) -> Cleaned:
    """A text as it can be read and tagged. One without anything to clean comes back as it is, for next to nothing."""
    made = untouched(text)
    if not _ANYTHING.search(text):
        return made
    for name, step in STEPS:
        made = edited(made, step(made.text), name)
    return made
