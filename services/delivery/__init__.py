"""Delivery: telling people and machines."""

from services.delivery.api import router
from services.delivery.models import Notice
from services.delivery.schemas import NoticePage, NoticeView, What
from services.delivery.service import (
    NoSuchNotice,
    Told,
    forget,
    notices,
    read,
    take_back,
    tell,
    tell_unless_waiting,
    told_to,
    unread,
)
from services.delivery.warning import readers_made, warnings

__all__ = [
    "NoSuchNotice",
    "Notice",
    "NoticePage",
    "NoticeView",
    "Told",
    "What",
    "forget",
    "notices",
    "read",
    "readers_made",
    "router",
    "take_back",
    "tell",
    "tell_unless_waiting",
    "told_to",
    "unread",
    "warnings",
]
