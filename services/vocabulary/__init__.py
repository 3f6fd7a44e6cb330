"""Vocabulary: places, themes and languages of the network, data that every other slice reads."""

from services.vocabulary.codes import Catalogue, UnknownCode
from services.vocabulary.folder import (
    figure,
    file,
    indicator_scales,
    languages,
    likelihood,
    likelihood_scales,
    marking_of,
    organisations,
    places,
    shipped,
    themes,
)
from services.vocabulary.languages import SAME_LANGUAGE, Language, Languages
from services.vocabulary.likelihood import Likelihood, LikelihoodWord, Said, Scale, Scales
from services.vocabulary.places import COUNTRY, REGION, TOWN, UNIT, Place, Places
from services.vocabulary.themes import Theme, Themes
from services.vocabulary.world import countries_abroad, is_abroad, is_place, place_name

__all__ = [
    "COUNTRY",
    "REGION",
    "SAME_LANGUAGE",
    "TOWN",
    "UNIT",
    "Catalogue",
    "Language",
    "Languages",
    "Likelihood",
    "LikelihoodWord",
    "Place",
    "Places",
    "Said",
    "Scale",
    "Scales",
    "Theme",
    "Themes",
    "UnknownCode",
    "countries_abroad",
    "figure",
    "file",
    "indicator_scales",
    "is_abroad",
    "is_place",
    "languages",
    "likelihood",
    "likelihood_scales",
    "marking_of",
    "organisations",
    "place_name",
    "places",
    "shipped",
    "themes",
]
