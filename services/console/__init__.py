"""Console: the web pages, in the reader's language, calling the same services under the same policy as the API."""

from services.console.faults import problem_page
from services.console.files import static
from services.console.pages import PAGES
from services.kernel.routing import Router

router = Router(include_in_schema=False)
for _page in PAGES:
    router.include_router(_page.router)

__all__ = ["problem_page", "router", "static"]
