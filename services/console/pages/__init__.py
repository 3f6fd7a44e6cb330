"""The pages, one module per area."""

from services.console.pages import (
    asking,
    audit,
    entry,
    groups,
    marking,
    notices,
    organisations,
    overview,
    reading,
    recall,
    receipts,
    shelf,
    submission,
    withdrawal,
)

PAGES = (
    entry,
    overview,
    submission,
    receipts,
    recall,
    withdrawal,
    marking,
    asking,
    reading,
    shelf,
    notices,
    organisations,
    groups,
    audit,
)
