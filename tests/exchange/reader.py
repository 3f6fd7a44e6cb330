"""A client of the change feed, as a partner would write it: it applies what it is told, and keeps the cursor."""

from typing import Any

from services.kernel import db, sequencer
from tests.world import World

DERIVED = {"tagged", "tags", "confirmed"}  # what the list says of a report beside the report
NEIGHBOURS = {"corrects", "corrections"}  # what is said of other reports holds as of when it was given


class Reader:
    """What one caller holds of the feed."""

    def __init__(self, world: World, headers: dict[str, str]) -> None:
        self.world = world
        self.headers = headers
        self.cursor: str | None = None
        self.held: dict[str, Any] = {}
        self.ever: set[str] = set()
        self.told: list[tuple[str, str]] = []

    def read(self, size: int = 100, pages: int = 1000) -> list[tuple[str, str]]:
        """Take over what there is, a page at a time; what was told."""
        said: list[tuple[str, str]] = []
        for _ in range(pages):
            page = self.page(size)
            assert len(page["changes"]) <= size
            assert page["changes"] or not page["more"], "an empty page that is not the last tells of what is hidden"
            said += [self._apply(one) for one in page["changes"]]
            self.cursor = page["cursor"]
            if not page["more"]:
                break
        self.told += said
        return said

    def page(self, size: int = 100) -> dict[str, Any]:
        """One page, once the sequencer has been at work."""
        with db.transaction() as session:
            sequencer.place(session)
        query = {"size": size} | ({"cursor": self.cursor} if self.cursor else {})
        answer = self.world.client.get("/v1/changes", params=query, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def _apply(self, change: dict[str, Any]) -> tuple[str, str]:
        reference = change["reference"]
        if change["change"] == "given":
            assert change["report"]["reference"] == reference
            self.held[reference] = change["report"]
            self.ever.add(reference)
        else:
            assert change["report"] is None
            assert reference in self.ever, "told of the loss of what it never had"
            self.held.pop(reference, None)
        return change["change"], reference

    def listed(self) -> dict[str, Any]:
        """What `GET /v1/reports` gives this caller."""
        found: dict[str, Any] = {}
        query: dict[str, Any] = {"size": 200}
        while True:
            page = self.world.client.get("/v1/reports", params=query, headers=self.headers).json()
            found |= {one["reference"]: one for one in page["reports"]}
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]

    def agrees(self) -> bool:
        """Whether it holds exactly what the list gives."""
        return plain(self.held) == plain(self.listed())


def plain(reports: dict[str, Any]) -> dict[str, Any]:
    """Reports as both say them."""
    apart = DERIVED | NEIGHBOURS
    return {name: {key: one[key] for key in one if key not in apart} for name, one in reports.items()}
