"""Where words that somebody chose in a report as they read it stand in the original. Pure."""

import re

from services.screening import Reading
from services.texts import Span, normalise


def spans_of(reading: Reading, words: str) -> tuple[Span, ...]:
    """The first place in title and text that holds these words, by its span in the original; none where they do not.
    Any white space between words is alike, as a browser gives it otherwise than it stands. What is personal holds no
    word: it is covered."""
    chosen = normalise(words).split()
    if not chosen:
        return ()
    found = re.search(r"\s+".join(re.escape(one) for one in chosen), reading.whole(masked=True))
    return (reading.back(found.span()),) if found else ()
