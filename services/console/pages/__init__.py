"""The pages, one module per area."""

from services.console.pages import (
    entry,
    groups,
    organisations,
    overview,
    reading,
    recall,
    receipts,
    shelf,
    submission,
    withdrawal,
)

PAGES = (entry, overview, submission, receipts, recall, withdrawal, reading, shelf, organisations, groups)
