"""The pages, one module per area."""

from services.console.pages import (
    entry,
    groups,
    marking,
    organisations,
    overview,
    reading,
    receipts,
    shelf,
    submission,
    withdrawal,
)

PAGES = (entry, overview, submission, receipts, withdrawal, marking, reading, shelf, organisations, groups)
