"""Tagging: what a report is about, each tag with the words that led to it."""

from services.tagging.accounts import Account, accounts
from services.tagging.api import router
from services.tagging.baring import bare, to_bare
from services.tagging.evaluating import BadLine, Evaluation, Miss, judge, passages
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
from services.tagging.tagger import Tagged, compose, not_judged, tag
from services.tagging.telling import moments, steps

__all__ = [
    "Account",
    "AnswerWords",
    "BadLine",
    "Count",
    "Designation",
    "DuplicateBand",
    "Evaluation",
    "FacetsView",
    "IncidentView",
    "Link",
    "Miss",
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
    "judge",
    "languages_of",
    "linked",
    "moments",
    "not_judged",
    "passages",
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
