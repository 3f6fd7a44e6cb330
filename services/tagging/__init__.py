"""Tagging: what a report is about, each tag with the words that led to it."""

from services.tagging.accounts import Account, accounts
from services.tagging.answers import written
from services.tagging.api import Analyst, Filtered, measures, router
from services.tagging.baring import bare, to_bare
from services.tagging.events import PairDecided, ReportReread, ReportTagged
from services.tagging.facets import facets
from services.tagging.forgetting import forget
from services.tagging.indexing import forget_words
from services.tagging.models import (
    BESIDE,
    AnswerWords,
    DuplicateBand,
    FoundBy,
    Link,
    PairDecision,
    TagDecision,
    Tagging,
    TagRow,
)
from services.tagging.nearby import joined, linked
from services.tagging.overlay import decided_reports, rejected_themes, said_of_themes
from services.tagging.reading import Wanted, conditions, get, incident, search
from services.tagging.relinking import plan_links
from services.tagging.saying import has, said
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

__all__ = [
    "BESIDE",
    "Account",
    "Analyst",
    "AnswerWords",
    "Count",
    "Designation",
    "DuplicateBand",
    "FacetsView",
    "Filtered",
    "FoundBy",
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
    "conditions",
    "decided_reports",
    "facets",
    "forget",
    "forget_words",
    "get",
    "has",
    "incident",
    "joined",
    "languages_of",
    "linked",
    "measures",
    "moments",
    "plan",
    "plan_links",
    "rejected_themes",
    "router",
    "said",
    "said_of_themes",
    "screen_again",
    "screenings_due",
    "search",
    "steps",
    "tags_of",
    "to_bare",
    "topic_of",
    "topic_then",
    "topics",
    "write",
    "written",
]
