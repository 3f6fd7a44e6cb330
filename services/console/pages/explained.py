"""What a refusal's `type` points to: every problem of the service, explained. Anybody may read it."""

from fastapi import Request, Response

from services.console import explaining
from services.console.rendering import page
from services.console.visitors import Perhaps
from services.kernel.routing import Router

router = Router()


@router.get("/docs/problems")
def problems(request: Request, visitor: Perhaps) -> Response:
    """All problems, each at the anchor of its name."""
    return page(request, visitor, "explained.html", document=explaining.document("problems"))
