"""Exchange: what machines of partners take over, as it changes."""

from services.exchange.api import router
from services.exchange.models import FeedGiven, FeedSight
from services.exchange.service import forget_feeds

__all__ = ["FeedGiven", "FeedSight", "forget_feeds", "router"]
