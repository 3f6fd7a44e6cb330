"""Tagging: what a report is about, each tag with the words that led to it."""

from services.tagging.accounts import Account, accounts
from services.tagging.api import router
from services.tagging.baring import bare, to_bare
from services.tagging.events import ReportReread, ReportTagged
from services.tagging.evidence import Tag
from services.tagging.facets import facets
from services.tagging.models import AnswerWords, DuplicateBand, Link, Tagging, TagRow
from services.tagging.reading import Wanted, get, incident, search
from services.tagging.schemas import Count, Designation, FacetsView, IncidentView, ReportPage, TaggedReport, TagView
from services.tagging.screenings import screen_again, screenings_due
from services.tagging.sentences import sentences
from services.tagging.service import (
    Plan,
    Topic,
    about,
    joined,
    languages_of,
    linked,
    plan,
    tags_of,
    topic_of,
    topic_then,
    topics,
    write,
)
from services.tagging.tagger import Tagged, compose, tag
from services.tagging.telling import moments, steps

__all__ = [
    "Account",
    "AnswerWords",
    "Count",
    "Designation",
    "DuplicateBand",
    "FacetsView",
    "IncidentView",
    "Link",
    "Plan",
    "ReportPage",
    "ReportReread",
    "ReportTagged",
    "Tag",
    "TagRow",
    "TagView",
    "Tagged",
    "TaggedReport",
    "Tagging",
    "Topic",
    "Wanted",
    "about",
    "accounts",
    "bare",
    "compose",
    "facets",
    "get",
    "incident",
    "joined",
    "languages_of",
    "linked",
    "moments",
    "plan",
    "router",
    "screen_again",
    "screenings_due",
    "search",
    "sentences",
    "steps",
    "tag",
    "tags_of",
    "to_bare",
    "topic_of",
    "topic_then",
    "topics",
    "write",
]
