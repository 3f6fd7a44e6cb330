"""The pages, one module per area."""

from services.console.pages import (
    asking,
    entry,
    groups,
    invitations,
    marking,
    notices,
    organisations,
    overview,
    profile,
    reading,
    recall,
    receipts,
    shelf,
    submission,
    withdrawal,
)

PAGES = (
    entry,
    invitations,
    profile,
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
)
