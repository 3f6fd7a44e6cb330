"""Routes that are written down where they are declared, made when an application takes them, and found at one look."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

_NAMED = re.compile(r"\(\?P<\w+>")


class Router(APIRouter):
    """A router of a slice. Every process loads the slices and only the API answers: to make all routes takes a fifth
    of the start of a process that needs none of them. Where its routes stand is said by itself alone, wherever it is
    included: one that includes others has no prefix."""

    def __init__(self, **how: Any) -> None:
        self._declared: list[Callable[[], None]] = []
        self._paths: re.Pattern[str] | None = None
        super().__init__(**how)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        """Write a route down, whatever way it is declared."""
        self._declared.append(partial(super().add_api_route, path, endpoint, **how))

    def include_router(self, router: APIRouter, **how: Any) -> None:
        """Write down that another's routes stand here too.

        Raises:
            ValueError: they would stand elsewhere than it says.
        """
        if self.prefix or how.get("prefix"):
            raise ValueError("a router that is included has its prefix of its own")
        self._declared.append(partial(super().include_router, router, **how))

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they were declared; made at the first look."""
        declared, self._declared = self._declared, []
        for make in declared:
            make()
            self._paths = None
        return self._made

    @routes.setter
    def routes(self, given: list[BaseRoute]) -> None:
        self._made = given

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Which of the routes is asked for. None of most routers is, and that is known before each is asked."""
        if not scope.get("root_path") and not self.paths.match(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)

    @property
    def paths(self) -> re.Pattern[str]:
        """What the paths of all routes look like."""
        routes = self.routes
        if self._paths is None:
            within: list[Any] = [getattr(route, "original_router", route) for route in routes]
            looks = (one.paths if isinstance(one, Router) else one.path_regex for one in within)
            self._paths = re.compile("|".join(_NAMED.sub("(?:", look.pattern) for look in looks))
        return self._paths
