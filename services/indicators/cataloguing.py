"""All that a partner's program needs to know of the network's words: one document in all languages, asked for anew
only when it has changed."""

import hashlib
from datetime import date
from functools import lru_cache

from fastapi import Request, Response
from pydantic import BaseModel, Field

from services import forms, vocabulary
from services.forms import FormView, Shelf
from services.indicators.catalogue import Indicator, catalogue
from services.kernel.routing import Router
from services.network import CallerIn, Read
from services.vocabulary import Catalogue, Languages, Places, Themes

catalogues = Router(prefix="/v1/catalogues", tags=["forms"])
NAMES = "By language."


class LanguageEntry(BaseModel):
    """A language in which reports are written."""

    code: str
    name: dict[str, str] = Field(description=NAMES)
    own: str = Field(description="Its name in itself.")
    direction: str = Field(description="ltr or rtl")


class ThemeEntry(BaseModel):
    """A theme, risk or protective, under its pillar of the Global Counter-Terrorism Strategy."""

    code: str
    side: str
    pillar: str
    name: dict[str, str] = Field(description=NAMES)


class PlaceEntry(BaseModel):
    """A place and the one it lies in."""

    code: str
    level: str = Field(description="region, country, unit or town")
    within: str | None
    name: dict[str, str] = Field(description=NAMES)


class IndicatorEntry(BaseModel):
    """An indicator with what it is for and what it cannot tell, each by language."""

    code: str
    side: str
    source: str
    kinds: list[str]
    themes: list[str]
    name: dict[str, str]
    unit: dict[str, str]
    purpose: dict[str, str]
    cannot_tell: dict[str, str]
    harm: dict[str, str]
    review_on: date


class Catalogues(BaseModel):
    """The network's words. A report names them by their codes."""

    languages: list[LanguageEntry]
    themes: list[ThemeEntry]
    places: list[PlaceEntry]
    indicators: list[IndicatorEntry]
    forms: list[FormView] = Field(description="The version in force of each.")


@catalogues.get("", response_model=Catalogues)
def read_catalogues(request: Request, db: Read, _caller: CallerIn) -> Response:
    """Forms, themes, places, indicators and languages, in all languages. Send `If-None-Match` with the ETag that you
    hold: 304 means that nothing has changed."""
    parts = vocabulary.languages(), vocabulary.themes(), vocabulary.places()
    body, tag = _written(*parts, catalogue(), forms.shelf(db))
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    asked = request.headers.get("if-none-match", "")
    if tag in [one.strip().removeprefix("W/") for one in asked.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@lru_cache(maxsize=2)
def _written(
    languages: Languages, themes: Themes, places: Places, indicators: Catalogue[Indicator], listed: Shelf
) -> tuple[bytes, str]:
    """The document and the hash of what it says."""
    made = Catalogues(
        languages=[
            LanguageEntry(code=one.code, name=dict(one.names), own=one.own, direction=one.direction)
            for one in languages
        ],
        themes=[ThemeEntry(code=one.code, side=one.side, pillar=one.pillar, name=dict(one.names)) for one in themes],
        places=[PlaceEntry(code=one.code, level=one.level, within=one.parent, name=dict(one.names)) for one in places],
        indicators=[_entry(one) for one in indicators],
        forms=[FormView.model_validate(one.model_dump()) for one in listed],
    )
    body = made.model_dump_json(exclude_none=False).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _entry(one: Indicator) -> IndicatorEntry:
    said = {
        about: {"en": getattr(one, about)}
        | {language: getattr(words, about) for language, words in one.translated.items()}
        for about in ("purpose", "cannot_tell", "harm")
    }
    return IndicatorEntry(
        **said,
        **one.model_dump(include={"code", "side", "source", "kinds", "themes", "name", "unit", "review_on"}),
    )
