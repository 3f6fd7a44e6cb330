"""The pages, one module per area."""

from services.console.pages import (
    asking,
    entry,
    groups,
    keys,
    marking,
    notices,
    organisations,
    overview,
    profile,
    reading,
    recall,
    receipts,
    retention,
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
    profile,
    organisations,
    groups,
    retention,
    keys,
)
