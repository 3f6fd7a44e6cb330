"""The pages, one module per area."""

from services.console.pages import (
    asking,
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

PAGES = (entry, overview, submission, receipts, withdrawal, marking, asking, reading, shelf, organisations, groups)
