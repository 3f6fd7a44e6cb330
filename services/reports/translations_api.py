"""Routes of titles and summaries in other languages."""

from fastapi import Response
from fastapi.responses import JSONResponse

from services.kernel.routing import Router
from services.network import CallerIn, Write
from services.reports import translations
from services.reports.personal import screened_words, translated_words
from services.reports.schemas import ScreenedView
from services.reports.service import get
from services.reports.translation_schemas import TranslationIn

translating = Router(prefix="/v1/reports", tags=["reports"])


@translating.put(
    "/{reference}/translations/{language}",
    status_code=204,
    response_model=None,
    responses={200: {"model": ScreenedView, "description": "Checked, and not stored."}},
)
def put_translation(
    reference: str, language: str, caller: CallerIn, body: TranslationIn, db: Write, validate: bool = False
) -> Response:
    """Give a report its title and a summary in another language: as its sender, or as an analyst who reads it.

    With `?validate=true` it is checked and not stored; the answer says what personal data was found in it.
    """
    caller.require("reports:read")
    caller.require("translations:write")
    report = get(db, caller, reference)
    if validate:
        translations.check_translation(db, caller, report, language)
        return JSONResponse(screened_words(translated_words(body)).model_dump(mode="json"))
    translations.put_translation(db, caller, report, language, body)
    return Response(status_code=204)


@translating.delete("/{reference}/translations/{language}", status_code=204)
def take_translation(reference: str, language: str, caller: CallerIn, db: Write) -> None:
    """Take away what your organisation has translated."""
    caller.require("reports:read")
    caller.require("translations:write")
    translations.take_translation(db, caller, get(db, caller, reference), language)
