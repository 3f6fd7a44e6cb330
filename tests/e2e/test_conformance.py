"""Every operation answers as the OpenAPI document says, whatever is made from that document and sent."""

import os
from collections import Counter
from itertools import count
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as search
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from services import digests, network
from services.kernel import clock, db
from services.network import KEY_SCOPES, ROLES
from tests.persons import signed_in
from tests.world import World

pytestmark = pytest.mark.one_kind
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
DEEP = os.environ.get("EWN_TEST_PROFILE") == "deep"
EXAMPLES = 60 if DEEP else 2  # of each operation, each mode and each database
ORDER = ("GET", "PATCH", "PUT", "POST", "DELETE")  # what ends things comes after what looks at them


@schemathesis.serializer("application/x-ndjson")
def lines(_context: Any, value: Any) -> bytes:
    """What the document calls one text goes out as it is."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def written(part: Any) -> Any:
    """A part of a form, or a file with its name: a number or nothing goes out as its text."""
    if isinstance(part, tuple):
        return (part[0], written(part[1]), *part[2:])
    return part if isinstance(part, bytes | str) else str(part)


@pytest.fixture
def real(world: World) -> dict[str, str]:
    """A network in which something is told, asked for and frozen; its parts by the path that names them.

    The caller's organisation is north: what ends an organisation, a person or a key is done to south.
    """
    for slug in ("north", "south"):
        world.enrol(slug)
    world.keys["all"] = world.key("north", sorted(KEY_SCOPES))
    world.group("ring", "north", "south")
    world.member("sam", "south", "analyst")
    reference, theirs = world.submit("north"), world.submit("south")
    attachment = world.attach("north", reference).rpartition("/")[2]
    world.settle()
    with db.transaction() as session:
        caller = network.Caller(network.directory(session).slugs["north"])
        digests.build(session, caller, "monthly-bulletin", clock.now().date().replace(day=1))
    wanted = {"kind": "release", "wanted": "For the group.", "reason": "It concerns them."}
    asked = world.client.post(f"/v1/reports/{reference}/requests", json=wanted, headers=world.auth("south")).json()
    return {
        "reference": reference,
        "attachment": attachment,
        "/v1/reports/{reference}/requests": theirs,
        "/v1/requests/": asked["reference"],
        "/v1/digests/": world.get("north", "/v1/digests")[0]["reference"],
        "slug": "south",
        "/v1/groups/": "ring",
        "/v1/forms/": "incident",
        "organisation": "south",
        "login": "sam",
        "code": "incidents-reported",
        "prefix": world.keys["south"].split("_")[1],
    }


def operations(schema: OpenApiSchema) -> list[APIOperation[Any, Any, Any, Any]]:
    """All of the document, in the order in which they do the least harm to one another."""
    found = (one.ok() for one in schema.get_all_operations())
    return sorted(found, key=lambda one: (ORDER.index(one.method.upper()), one.label))


def named(path: str, real: dict[str, str]) -> dict[str, str]:
    """What is really there for the parameters of a path."""
    given = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    longest = max((key for key in real if key.startswith("/") and path.startswith(key)), key=len, default="")
    return {name: real[longest] if longest and not at else real[name] for at, name in enumerate(given) if name in real}


class Trial:
    """Requests made from the document, sent by a key and by a person in turn; what was wrong with the answers."""

    def __init__(self, world: World, real: dict[str, str]) -> None:
        self.world = world
        self.real = real
        self.callers = (signed_in("ada", "north", *ROLES), world.auth("all"))
        self.faults: dict[str, str] = {}
        self.seen: Counter[int] = Counter()

    def operation(self, operation: APIOperation[Any, Any, Any, Any]) -> None:
        """Try what the document allows, and what it does not."""
        parts, turn = named(operation.path, self.real), count()

        def tell(case: Case) -> None:
            number = next(turn)
            if number % 4 < 3:  # else a name that nothing bears
                case.path_parameters.update(parts)
            self.judge(case, self.send(case, self.callers[number % 2]))

        for mode in GenerationMode:
            allowed = search(
                max_examples=EXAMPLES,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            run = allowed(given(operation.as_strategy(generation_mode=mode))(tell))
            # Each database has requests of its own.
            seed(crc32(f"{operation.label} {mode} {db.engine().dialect.name}".encode()))(run)()

    def send(self, case: Case, who: dict[str, str]) -> Response:
        """Send a request as a caller."""
        request = case.as_transport_kwargs(base_url="http://testserver")
        request["content"] = request.pop("data", None)
        request.pop("cookies", None)
        if request.get("files"):
            request["files"] = [(name, written(part)) for name, part in request["files"]]
        given = {name: value.encode("latin-1", "replace") for name, value in request.pop("headers").items()}
        for name in ("Authorization", "Cookie"):  # it invents these too
            given.pop(name, None)
        made = self.world.client.build_request(**request, headers=given | who)
        made.read()  # files are sent as a stream, and the judge looks at what was sent
        return self.world.client.send(made)

    def judge(self, case: Case, answer: Response) -> None:
        """Remember what the document does not promise."""
        self.seen[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            for one in found.exceptions:
                where = f"{case.operation.label}: {type(one).__name__} {answer.status_code}"
                self.faults.setdefault(where, f"{one}\n{answer.text[:300]}")


def test_every_answer_is_one_that_the_document_promises(world: World, real: dict[str, str]) -> None:
    trial = Trial(world, real)
    for operation in operations(schemathesis.openapi.from_dict(world.get("all", "/v1/openapi.json"))):
        trial.operation(operation)
    assert not trial.faults, "\n\n".join(f"{where}\n{said}" for where, said in trial.faults.items())
    seen = trial.seen
    assert min(seen[code] for code in (200, 400, 404, 422)) > 0, seen
    assert seen.total() > 400, seen
    assert seen[200] > seen.total() / 10, seen
