"""Routes of the network, a module for each resource."""

from services.kernel.routing import Router
from services.network.routes import groups, keys, me, organisations, people, words

router = Router(tags=["network"])
for _part in (me, people, organisations, keys, groups, words):
    router.include_router(_part.router)
