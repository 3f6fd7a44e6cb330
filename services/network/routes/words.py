"""Routes of the vocabulary: places and themes by their codes."""

from pydantic import BaseModel

from services import vocabulary
from services.kernel.errors import NotFound
from services.kernel.routing import Router
from services.network.callers import CallerIn

router = Router(prefix="/v1")


class Coded(BaseModel):
    """A code of the vocabulary with its name, and the code it belongs to."""

    code: str
    name: str
    within: str | None = None


@router.get("/places")
def list_places(caller: CallerIn, within: str | None = None) -> list[Coded]:
    """The places of the pack that lie directly in a place; the region's countries, if none is given."""
    places = vocabulary.places()
    above = within or places.root.code
    if above not in places:
        raise NotFound(f"{above[:80]} is not a place of the pack.", field="within")
    return [
        Coded(code=one.code, name=places.name(one.code, caller.language), within=above)
        for one in places.children(above)
    ]


@router.get("/themes")
def list_themes(caller: CallerIn) -> list[Coded]:
    """The themes of the pack."""
    return [Coded(code=one.code, name=one.name(caller.language), within=one.side) for one in vocabulary.themes()]
