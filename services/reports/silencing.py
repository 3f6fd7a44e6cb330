"""What slices above keep of a report's words to find it by goes in the transaction in which the words go themselves."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlmodel import Session

from services.reports.models import Report

Forget: TypeAlias = Callable[[Session, Sequence[int]], None]
_forgetting: list[Forget] = []


def words_kept_by(*forgetting: Forget) -> None:
    """Wire what forgets searchable copies of words: each is called with the keys of reports whose words go or are
    replaced, in that transaction. It is wired where the reactions are, without which nothing can be recalled."""
    _forgetting[:] = forgetting


def silence(session: Session, report: Report) -> None:
    """Take a locked report's words out of all that it is found by."""
    for forget in _forgetting:
        forget(session, [report.key])
