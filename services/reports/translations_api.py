"""Routes of titles and summaries in other languages."""

from fastapi import APIRouter

from services.network import CallerIn, Write
from services.reports import translations
from services.reports.service import get
from services.reports.translation_schemas import TranslationIn

translating = APIRouter(prefix="/v1/reports", tags=["reports"])


@translating.put("/{reference}/translations/{language}", status_code=204)
def put_translation(reference: str, language: str, caller: CallerIn, body: TranslationIn, db: Write) -> None:
    """Give a report its title and a summary in another language: as its sender, or as an analyst who reads it."""
    caller.require("reports:read")
    caller.require("translations:write")
    translations.put_translation(db, caller, get(db, caller, reference), language, body)


@translating.delete("/{reference}/translations/{language}", status_code=204)
def take_translation(reference: str, language: str, caller: CallerIn, db: Write) -> None:
    """Take away what your organisation has translated."""
    caller.require("reports:read")
    caller.require("translations:write")
    translations.take_translation(db, caller, get(db, caller, reference), language)
