"""Many audiences without as many organisations: equal recipients, under markings that name something besides."""

from collections.abc import Callable, Iterable

from services import network
from services.kernel import db
from services.network import Attribution, Marking, Tlp


def audiences(originator: int, number: int, readers: Callable[[int], Iterable[int]]) -> list[int]:
    """Stamp this many audiences of one originator; `readers(n)` are the organisations that see the n-th."""
    markings = [
        Marking(
            Tlp.STRICT, originator, frozenset(readers(n)), frozenset(), frozenset([n]), attribution=Attribution.NAMED
        )
        for n in range(number)
    ]
    with db.transaction() as session:
        return [one for some in db.batches(markings, 200) for one in network.stamp(session, some)]


def settle_statistics() -> None:
    """Let the database look at what it holds, as it does by itself on a server that runs for days."""
    with db.engine().connect() as connection:
        connection.exec_driver_sql("analyze")
        connection.commit()
