"""Forms: what each kind of report asks, as versioned data, and whether a report keeps to it."""

from services.forms.answering import Answer, Answers, Fault, Given, faults, free_texts, given, stored, texts
from services.forms.api import router
from services.forms.as_yaml import FormNotValid
from services.forms.as_yaml import read as from_yaml
from services.forms.as_yaml import write as to_yaml
from services.forms.definition import Choice, Definition, Form, Question, said
from services.forms.kinds import KINDS, Kind
from services.forms.models import FormVersion
from services.forms.packed import packed
from services.forms.refusing import refused_in, refused_rows
from services.forms.rendering import FieldView, fields
from services.forms.schemas import FormView
from services.forms.service import NoSuchForm, get, given_by, listed, prepare
from services.forms.shelf import Shelf, shelf
from services.forms.taking import judge
from services.forms.writing import (
    AlreadyRetired,
    NotOfTheSecretariat,
    draft,
    drafted,
    drafts,
    drop_draft,
    may_write,
    publish,
    retire,
    versions,
)

__all__ = [
    "KINDS",
    "AlreadyRetired",
    "Answer",
    "Answers",
    "Choice",
    "Definition",
    "Fault",
    "FieldView",
    "Form",
    "FormNotValid",
    "FormVersion",
    "FormView",
    "Given",
    "Kind",
    "NoSuchForm",
    "NotOfTheSecretariat",
    "Question",
    "Shelf",
    "draft",
    "drafted",
    "drafts",
    "drop_draft",
    "faults",
    "fields",
    "free_texts",
    "from_yaml",
    "get",
    "given",
    "given_by",
    "judge",
    "listed",
    "may_write",
    "packed",
    "prepare",
    "publish",
    "refused_in",
    "refused_rows",
    "retire",
    "router",
    "said",
    "shelf",
    "stored",
    "texts",
    "to_yaml",
    "versions",
]
