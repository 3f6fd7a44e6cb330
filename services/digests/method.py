"""How to read a digest: what its counts, gaps, grades and maps mean, and where its series come from."""

from services.digests.content import Digest
from services.digests.document import Section, Text
from services.digests.series import attributions
from services.digests.wording import Wording


def disclaimer(wording: Wording) -> str:
    """What stands under every map, in the manner of the United Nations' own."""
    return wording._(
        "The boundaries and names shown on this map do not imply that the network or any of its members recognises or "
        "accepts them. Dashed lines are disputed. Units made after the map was drawn are shown within the unit that "
        "they were part of."
    )


def method(digest: Digest, wording: Wording) -> Section:
    """The last section of every digest."""
    _ = wording._
    notes = [
        _("This edition holds facts received by %(moment)s. It is frozen: what came later is in a later edition.")
        % {"moment": wording.moment(digest.cut_off)},
        _(
            "Counts are those that this reader may see, so that two readers of the same edition may hold different "
            "numbers."
        ),
        _(
            "No data is not zero: it means that nobody was in a position to tell. It is hatched in figures and left "
            "out of means."
        ),
        _(
            "A series stands out when its last month is more than 3.09 standard deviations (at least 1.0 each) above "
            "the mean of the 12 latest months with data among the 24 before it, and at least 3 (EARS C1 on months). "
            "It says nothing about causes."
        ),
        _(
            "A grade has two parts that are never made into one: the reliability of the source (A to F) and the "
            "credibility of the information (1 to 6). F and 6 are no middle: anything from A to E, or from 2 to 5, may "
            "be true. 1 is given by nobody: two independent origins or more, among what this reader sees, make it."
        ),
        _(
            "Origins are independent sources: three bodies that heard the same from one are one origin, and all whose "
            "name is withheld from this reader are one origin together."
        ),
        _("Several reports of one incident count once."),
        _("Numbers of the exercise and of tests are never added to those of what happened."),
        _("Map: made with Natural Earth, in the public domain."),
    ]
    rows = [row for part in digest.parts for row in part.series]
    notes += attributions(rows, wording.language)
    return Section("method", _("How to read this"), 2, digest.status, tuple(Text(note) for note in notes))
