"""Auditing: what was done and who was given what, as an auditor may see it, and whether it is sealed."""

from services.auditing.api import router
from services.auditing.schemas import AuditPage, EntryView, SealView
from services.auditing.service import Wanted, seal, search

__all__ = ["AuditPage", "EntryView", "SealView", "Wanted", "router", "seal", "search"]
