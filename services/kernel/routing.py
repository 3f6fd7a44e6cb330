"""Routes that are written down where they are declared, and made when an application takes them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute


class Router(APIRouter):
    """A router of a slice. Every process loads the slices and only the API answers: to make all routes takes a fifth
    of the start of a process that needs none of them."""

    def __init__(self, **how: Any) -> None:
        self._declared: list[Callable[[], None]] = []
        super().__init__(**how)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        """Write a route down, whatever way it is declared."""
        self._declared.append(partial(super().add_api_route, path, endpoint, **how))

    def include_router(self, router: APIRouter, **how: Any) -> None:
        """Write down that another's routes stand here too."""
        self._declared.append(partial(super().include_router, router, **how))

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they were declared; made at the first look."""
        declared, self._declared = self._declared, []
        for make in declared:
            make()
        return self._made

    @routes.setter
    def routes(self, given: list[BaseRoute]) -> None:
        self._made = given
