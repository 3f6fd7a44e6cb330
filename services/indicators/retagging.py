"""Whether a series is counted from reports that are being tagged anew, after a definition came into force."""

from sqlmodel import Session

from services import definitions
from services.definitions import RetaggingView
from services.indicators.catalogue import ANSWERS, Indicator
from services.network import Caller


def told_by_themes(indicator: Indicator) -> bool:
    """Whether tagging decides what an indicator counts. Themes are weighed against each other in a text, so each
    definition may move each of them."""
    return indicator.source == "reports" and indicator.measure != ANSWERS and bool(indicator.themes)


def being_retagged(session: Session, indicator: Indicator) -> bool:
    """Whether what the indicator counts is being tagged anew: whoever watches it waits, and evaluates once when
    `definitions.PastRetagged` is told."""
    return told_by_themes(indicator) and definitions.open_run(session) is not None


def retagging(session: Session, caller: Caller, indicator: Indicator) -> RetaggingView | None:
    """How far that has come in what the caller sees; None where the indicator is not being counted anew."""
    return definitions.retagging(definitions.progress(session, caller)) if told_by_themes(indicator) else None
