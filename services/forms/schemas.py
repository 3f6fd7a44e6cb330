"""Shapes in which callers see forms."""

from datetime import date

from pydantic import BaseModel, Field

from services.forms.definition import Definition, Form, said


class FormLine(BaseModel):
    """A form in a list, in the caller's language."""

    code: str
    kind: str
    version: int = Field(description="The one in force.")
    title: str
    help: str
    period: str = Field(description="How often it is filled in: none, week, month, quarter or year.")
    questions: int
    review_on: date


class FormView(Definition):
    """A version of a form with all its words, in all its languages."""

    version: int
    state: str = Field(description="draft, published or retired")


def line(form: Form, language: str) -> FormLine:
    """A form as lists show it."""
    return FormLine(
        code=form.code,
        kind=form.kind,
        version=form.version,
        title=said(form.title, language),
        help=said(form.help, language),
        period=form.period,
        questions=len(form.questions),
        review_on=form.review_on,
    )


class VersionLine(BaseModel):
    """A version and whether it is in force."""

    version: int
    state: str = Field(description="published or retired")
