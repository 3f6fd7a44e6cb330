"""Attachments: the files of a report, kept by their hash, and given to others as copies that tell nothing more."""

from services.attachments.api import router, saved, taken
from services.attachments.bounded import FileUnreadable, KindNotAccepted, UnpacksTooLarge
from services.attachments.copying import plan, rescans_due, write
from services.attachments.events import AttachmentAdded, AttachmentRead, AttachmentRemoved, AttachmentsGiven
from services.attachments.naming import BadFileName
from services.attachments.personal import NothingToDecide, decide, words
from services.attachments.receiving import FileTooLarge, NoFile
from services.attachments.scanner import tried as try_scanner
from services.attachments.schemas import AttachmentList, AttachmentView, AttachmentWords, PersonalDecision
from services.attachments.service import (
    BeingPrepared,
    NoRoomLeft,
    NoSuchAttachment,
    TooManyFiles,
    WordsOnly,
    files_of,
    give,
    listed,
    remove,
)
from services.attachments.shredding import doomed, shred, sweep, sweep_due
from services.attachments.words import lengths_of, words_of

__all__ = [
    "AttachmentAdded",
    "AttachmentList",
    "AttachmentRead",
    "AttachmentRemoved",
    "AttachmentView",
    "AttachmentWords",
    "AttachmentsGiven",
    "BadFileName",
    "BeingPrepared",
    "FileTooLarge",
    "FileUnreadable",
    "KindNotAccepted",
    "NoFile",
    "NoRoomLeft",
    "NoSuchAttachment",
    "NothingToDecide",
    "PersonalDecision",
    "TooManyFiles",
    "UnpacksTooLarge",
    "WordsOnly",
    "decide",
    "doomed",
    "files_of",
    "give",
    "lengths_of",
    "listed",
    "plan",
    "remove",
    "rescans_due",
    "router",
    "saved",
    "shred",
    "sweep",
    "sweep_due",
    "taken",
    "try_scanner",
    "words",
    "words_of",
    "write",
]
