"""Filters that stand in an address: what is none of their values is refused, with what there is, and never left out."""

from collections.abc import Callable, Collection
from typing import TypeVar

from services.console.words import Words
from services.kernel.errors import Invalid

Value = TypeVar("Value", bound=str)


class NoSuchChoice(Invalid):
    """A filter has a value that does not exist. `named`: what each value that there is, is called on a page."""

    title = "No such choice"

    def __init__(
        self, field: str = "", given: str = "", named: Callable[[Words], list[tuple[str, str]]] = lambda _: []
    ) -> None:
        super().__init__("There is no such value to filter by.", field=field)
        self.given = given
        self.named = named


def chosen(field: str, given: str, there: Collection[Value], named: Callable[[Value, Words], str]) -> Value | None:
    """The value of a filter as an address has it; None where it has none.

    Raises:
        NoSuchChoice: there is no such value.
    """
    if not given:
        return None
    for one in there:
        if one == given:
            return one
    raise NoSuchChoice(field, given, lambda w: [(one, named(one, w)) for one in there])
