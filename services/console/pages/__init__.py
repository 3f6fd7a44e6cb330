"""The pages, one module per area."""

from services.console.pages import (
    entry,
    groups,
    notices,
    organisations,
    overview,
    reading,
    receipts,
    shelf,
    submission,
    withdrawal,
)

PAGES = (entry, overview, submission, receipts, withdrawal, reading, shelf, organisations, groups, notices)
