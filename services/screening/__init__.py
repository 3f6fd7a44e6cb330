"""Screening: dirty text cleaned for reading, and personal data found and masked; the original stays as it came."""

from services.screening.cleaning import DONE, clean
from services.screening.finding import KINDS, MASK, Found, Kind, masked
from services.screening.offsets import Cleaned
from services.screening.reading import Reading, as_read, find, read, told, told_values, traced
from services.screening.rules import version

__all__ = [
    "DONE",
    "KINDS",
    "MASK",
    "Cleaned",
    "Found",
    "Kind",
    "Reading",
    "as_read",
    "clean",
    "find",
    "masked",
    "read",
    "told",
    "told_values",
    "traced",
    "version",
]
