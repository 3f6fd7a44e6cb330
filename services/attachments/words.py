"""The words of attachments: what was found in the copies that others are given, cleaned for reading and tagging."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from services import screening
from services.attachments.models import READY, WORDS, AttachmentText
from services.attachments.service import ATTACHMENT
from services.kernel.bulk import among
from services.kernel.model import table

TEXT = table(AttachmentText)
MOST_WORDS = 50_000  # characters of one file; a report's own text may have as many
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t]{2,}")
_LINES = re.compile(r"\n{3,}")
_WORDS = (
    select(ATTACHMENT.c.report_id, ATTACHMENT.c.reference, ATTACHMENT.c.added_at, TEXT.c.text)
    .join(TEXT, TEXT.c.attachment_id == ATTACHMENT.c.id)
    .where(among(ATTACHMENT.c.report_id), ATTACHMENT.c.state.in_((READY, WORDS)), ATTACHMENT.c.removed_at.is_(None))
    .order_by(ATTACHMENT.c.report_id, ATTACHMENT.c.id)
)

_LENGTHS = (
    select(ATTACHMENT.c.report_id, func.sum(func.length(TEXT.c.text)).label("long"))
    .join(TEXT, TEXT.c.attachment_id == ATTACHMENT.c.id)
    .where(among(ATTACHMENT.c.report_id), ATTACHMENT.c.state.in_((READY, WORDS)), ATTACHMENT.c.removed_at.is_(None))
    .group_by(ATTACHMENT.c.report_id)
)


def cleaned(text: str) -> str:
    """Composed, without controls and what cannot be seen, without runs of blanks, and readable."""
    plain = _UNREADABLE.sub("", unicodedata.normalize("NFC", text))
    return screening.clean(_LINES.sub("\n\n", _SPACES.sub(" ", plain)).strip()).text[:MOST_WORDS]


def words_of(
    session: Session, report_ids: Sequence[int], *, at: datetime | None = None
) -> dict[int, list[tuple[str, str]]]:
    """Reference and words of each attachment that readers of these reports are given, in the order of attaching, with
    what is personal in them covered. `at`: of those that were attached by then."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in session.execute(_WORDS, {"keys": report_ids}).all():
        if at is None or row.added_at <= at:
            found[row.report_id].append((row.reference, told(row.text)))
    return found


def lengths_of(session: Session, report_ids: Sequence[int]) -> dict[int, int]:
    """How many characters `words_of` gives of these reports, nearly: for whoever must not look at too many."""
    return {row.report_id: row.long for row in session.execute(_LENGTHS, {"keys": report_ids}).all()}


def told(text: str) -> str:
    """Words as others than their owner are given them."""
    return screening.masked(text, screening.find(text))
