"""Immutable catalogues of coded things, and what a code they do not know is answered with."""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar


class Coded(Protocol):
    """Anything that a pack lists under a code."""

    @property
    def code(self) -> str: ...


class UnknownCode(LookupError):
    """The pack holds nothing of this kind under this code."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(f"the pack has no {kind} {code!r}")
        self.kind = kind
        self.code = code


Item = TypeVar("Item", bound=Coded)


class Catalogue(Generic[Item]):
    """Things by code, in the order of the pack. `get` answers None for an unknown code, `[...]` raises."""

    def __init__(self, kind: str, items: Iterable[Item]) -> None:
        self.kind = kind
        listed = list(items)
        self._by_code = MappingProxyType({item.code: item for item in listed})
        if twice := [item.code for item in listed if self._by_code[item.code] is not item]:
            raise ValueError(f"the pack has the {kind} {twice[0]!r} twice")

    def __iter__(self) -> Iterator[Item]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Item:
        found = self._by_code.get(code)
        if found is None:
            raise UnknownCode(self.kind, code)
        return found

    def get(self, code: str) -> Item | None:
        """What stands under this code, or None."""
        return self._by_code.get(code)

    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the pack."""
        return tuple(self._by_code)
