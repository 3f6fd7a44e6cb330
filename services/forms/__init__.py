"""Forms: what each kind of report asks, as versioned data, and whether a report keeps to it."""

from services.forms.answering import Answer, Answers, Fault, Given, faults, given, stored, texts
from services.forms.api import router
from services.forms.definition import Choice, Definition, Form, Question, said
from services.forms.kinds import KINDS, Kind
from services.forms.models import FormVersion
from services.forms.packed import packed
from services.forms.rendering import FieldView, fields
from services.forms.service import NoSuchForm, get, given_by, listed, prepare
from services.forms.shelf import Shelf, shelf
from services.forms.taking import judge

__all__ = [
    "KINDS",
    "Answer",
    "Answers",
    "Choice",
    "Definition",
    "Fault",
    "FieldView",
    "Form",
    "FormVersion",
    "Given",
    "Kind",
    "NoSuchForm",
    "Question",
    "Shelf",
    "faults",
    "fields",
    "get",
    "given",
    "given_by",
    "judge",
    "listed",
    "packed",
    "prepare",
    "router",
    "said",
    "shelf",
    "stored",
    "texts",
]
