"""Tagging: what a report is about, each tag with the words that led to it."""

from services.tagging.accounts import Account, accounts
from services.tagging.answers import written
from services.tagging.api import Analyst, Filtered, router, trials
from services.tagging.baring import bare, to_bare
from services.tagging.correcting import NotTagged, correct, corrections_of
from services.tagging.corrections import ADDED, CONFIRMED, REJECTED, Correction, standing
from services.tagging.deciding import NotYoursToDecide, RevisedMeanwhile, as_read, decide_pair, pairs_of
from services.tagging.events import PairDecided, ReportReread, ReportTagged
from services.tagging.facets import facets
from services.tagging.forgetting import forget
from services.tagging.indexing import forget_words
from services.tagging.looking_up import Called, actors_called
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
from services.tagging.reading import Wanted, conditions, get, incident, named, search, tagged
from services.tagging.relinking import plan_links
from services.tagging.saying import has, said
from services.tagging.schemas import (
    CorrectionsView,
    Count,
    Designation,
    FacetsView,
    IncidentView,
    NewCorrection,
    NewPair,
    PairsView,
    PairView,
    ReportPage,
    SuggestionsView,
    SuggestionView,
    TagDecisionView,
    TaggedReport,
    TagView,
)
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
from services.tagging.suggesting import suggest
from services.tagging.telling import moments, steps
from services.tagging.trying import try_definition
from services.tagging.waiting import alike

__all__ = [
    "ADDED",
    "BESIDE",
    "CONFIRMED",
    "REJECTED",
    "Account",
    "Analyst",
    "AnswerWords",
    "Called",
    "Correction",
    "CorrectionsView",
    "Count",
    "Designation",
    "DuplicateBand",
    "FacetsView",
    "Filtered",
    "FoundBy",
    "IncidentView",
    "Link",
    "NewCorrection",
    "NewPair",
    "NotTagged",
    "NotYoursToDecide",
    "PairDecided",
    "PairDecision",
    "PairView",
    "PairsView",
    "Plan",
    "ReportPage",
    "ReportReread",
    "ReportTagged",
    "RevisedMeanwhile",
    "SuggestionView",
    "SuggestionsView",
    "TagDecision",
    "TagDecisionView",
    "TagRow",
    "TagView",
    "TaggedReport",
    "Tagging",
    "Topic",
    "Wanted",
    "about",
    "accounts",
    "actors_called",
    "alike",
    "as_read",
    "bare",
    "conditions",
    "correct",
    "corrections_of",
    "decide_pair",
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
    "moments",
    "named",
    "pairs_of",
    "plan",
    "plan_links",
    "rejected_themes",
    "router",
    "said",
    "said_of_themes",
    "screen_again",
    "screenings_due",
    "search",
    "standing",
    "steps",
    "suggest",
    "tagged",
    "tags_of",
    "to_bare",
    "topic_of",
    "topic_then",
    "topics",
    "trials",
    "try_definition",
    "write",
    "written",
]
