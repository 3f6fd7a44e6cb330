"""Refusals of a whole file: what it is not, and how to save it so that it is."""

from services.kernel.errors import Invalid, Malformed


class SheetNotReadable(Malformed):
    title = "The file cannot be read as a sheet"


class HeaderNotValid(Invalid):
    """The first row is not that of the form's template; `errors` lists each column at fault."""

    title = "The columns are not those of the template"
