"""Tagging: what a report is about, each tag with the words that led to it."""

from services.tagging.accounts import Account, accounts
from services.tagging.api import measures, router, trials
from services.tagging.baring import bare, to_bare
from services.tagging.correcting import precision
from services.tagging.events import PairDecided, ReportReread, ReportTagged
from services.tagging.facets import facets
from services.tagging.forgetting import forget
from services.tagging.models import AnswerWords, DuplicateBand, Link, PairDecision, TagDecision, Tagging, TagRow
from services.tagging.nearby import joined, linked
from services.tagging.reading import Wanted, get, incident, search
from services.tagging.relinking import plan_links
from services.tagging.schemas import Count, Designation, FacetsView, IncidentView, ReportPage, TaggedReport, TagView
from services.tagging.screenings import screen_again, screenings_due
from services.tagging.service import (
    Plan,
    Topic,
    about,
    languages_of,
    plan,
    tags_of,
    topic_of,
    topic_then,
    topics,
    write,
)
from services.tagging.telling import moments, steps
from services.tagging.trying import try_definition

__all__ = [
    "Account",
    "AnswerWords",
    "Count",
    "Designation",
    "DuplicateBand",
    "FacetsView",
    "IncidentView",
    "Link",
    "PairDecided",
    "PairDecision",
    "Plan",
    "ReportPage",
    "ReportReread",
    "ReportTagged",
    "TagDecision",
    "TagRow",
    "TagView",
    "TaggedReport",
    "Tagging",
    "Topic",
    "Wanted",
    "about",
    "accounts",
    "bare",
    "facets",
    "forget",
    "get",
    "incident",
    "joined",
    "languages_of",
    "linked",
    "measures",
    "moments",
    "plan",
    "plan_links",
    "precision",
    "router",
    "screen_again",
    "screenings_due",
    "search",
    "steps",
    "tags_of",
    "to_bare",
    "topic_of",
    "topic_then",
    "topics",
    "trials",
    "try_definition",
    "write",
]
