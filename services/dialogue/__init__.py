"""Dialogue: what comes back to whoever reported, and what is asked and said about reports."""

from services.dialogue.answering import answer
from services.dialogue.api import router
from services.dialogue.bounding import TooManyInquiries, TooManyOpenInquiries
from services.dialogue.hushing import hush, to_hush
from services.dialogue.inquiring import InquiryEnded, NoSuchInquiry, ask, end, extend
from services.dialogue.inquiry_api import given as noted
from services.dialogue.inquiry_api import router as asking
from services.dialogue.inquiry_reading import inquiries, inquiry
from services.dialogue.inquiry_schemas import (
    Box,
    Ending,
    InquiryPage,
    InquiryView,
    NewAnswer,
    NewDue,
    NewInquiry,
    State,
)
from services.dialogue.models import Inquiry, InquiryAnswer, OutcomeTold, ThreadMessage
from services.dialogue.personal import written_by
from services.dialogue.reminding import inquiries_due
from services.dialogue.revisions import revision, revisions
from services.dialogue.schemas import EditionNamed, OutcomeIn, OutcomeView, StatusView, Step
from services.dialogue.status import moments, status, tell_outcome, told_by
from services.dialogue.thread_api import router as talking
from services.dialogue.thread_schemas import MessageIn, MessageView, ThreadState, ThreadView
from services.dialogue.threads import close, take_back, thread, write

__all__ = [
    "Box",
    "EditionNamed",
    "Ending",
    "Inquiry",
    "InquiryAnswer",
    "InquiryEnded",
    "InquiryPage",
    "InquiryView",
    "MessageIn",
    "MessageView",
    "NewAnswer",
    "NewDue",
    "NewInquiry",
    "NoSuchInquiry",
    "OutcomeIn",
    "OutcomeTold",
    "OutcomeView",
    "State",
    "StatusView",
    "Step",
    "ThreadMessage",
    "ThreadState",
    "ThreadView",
    "TooManyInquiries",
    "TooManyOpenInquiries",
    "answer",
    "ask",
    "asking",
    "close",
    "end",
    "extend",
    "hush",
    "inquiries",
    "inquiries_due",
    "inquiry",
    "moments",
    "noted",
    "revision",
    "revisions",
    "router",
    "status",
    "take_back",
    "talking",
    "tell_outcome",
    "thread",
    "to_hush",
    "told_by",
    "write",
    "written_by",
]
