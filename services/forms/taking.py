"""Judging a report against the form that it names, at the moment it is handed in or revised."""

from typing import Any

from services.forms.answering import Fault, faults
from services.forms.models import PUBLISHED
from services.forms.shelf import Shelf


def judge(
    shelf: Shelf, report: Any, *, keeps: tuple[str | None, int | None] | None = None
) -> tuple[int | None, list[Fault]]:
    """The version that the report is written with, and where it breaks the form's rules.

    `keeps`: the form and version that an earlier revision was written with, which may have been retired since; a
    revision that names the form and no version stays with it.
    """
    if report.form is None:
        return None, []
    wanted = report.form_version
    if wanted is None and keeps is not None and keeps[0] == report.form:
        wanted = keeps[1]
    form = shelf.find(report.form, wanted)
    if form is None:
        known = report.form in shelf.forms
        where = "form_version" if known and wanted is not None else "form"
        return None, [Fault(where, "is not a form in force: see GET /v1/forms")]
    if form.state != PUBLISHED and keeps != (form.code, form.version):
        return None, [Fault("form_version", "is retired: use the version in force, see GET /v1/forms")]
    return form.version, faults(form, report)
