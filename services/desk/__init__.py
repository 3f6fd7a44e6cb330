"""Desk: what waits for an analyst's look and why, what is done with, how right tagging was by what analysts said."""

from services.desk.api import router
from services.desk.finishing import done_by, finish, take_up, to_decide
from services.desk.measures import Measured, together
from services.desk.measuring import precision
from services.desk.models import DeskDone
from services.desk.queue import after, look, why
from services.desk.reasons import LOW, unsure
from services.desk.schemas import (
    Counts,
    DeskPage,
    Done,
    MeasuredView,
    NewDone,
    PrecisionView,
    Reason,
    State,
    Status,
    Waiting,
    Wanted,
)

__all__ = [
    "LOW",
    "Counts",
    "DeskDone",
    "DeskPage",
    "Done",
    "Measured",
    "MeasuredView",
    "NewDone",
    "PrecisionView",
    "Reason",
    "State",
    "Status",
    "Waiting",
    "Wanted",
    "after",
    "done_by",
    "finish",
    "look",
    "precision",
    "router",
    "take_up",
    "to_decide",
    "together",
    "unsure",
    "why",
]
