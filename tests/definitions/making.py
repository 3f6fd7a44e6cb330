"""A network that makes definitions: two analysts of its secretariat, and a definition changed by a word of its own."""

from copy import deepcopy
from typing import Any, cast

from services import texts
from services.definitions.definition import plain
from services.kernel import clock, db
from tests.persons import signed_in
from tests.world import World
from workers.schedule import JOBS, do

CODE = "cyber"
FIRST = next(one.version for one in texts.lexicon().definitions if one.code == CODE)  # the pack's, before all others
WORD = "quarkfall"  # no word of any language


class Office:
    """Who makes definitions, over HTTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.enrol("office", "secretariat")
        world.enrol("north")
        world.enrol("south")
        self.ann, self.bea = signed_in("ann", "office", "analyst"), signed_in("bea", "office", "analyst")

    def ask(self, method: str, path: str, who: dict[str, str] | None = None, **more: Any) -> Any:
        """Ask as a person, whatever the answer."""
        return self.world.client.request(method, f"/v1/definitions{path}", headers=who or self.ann, **more)

    def done(self, method: str, path: str, who: dict[str, str] | None = None, **more: Any) -> Any:
        """Ask for what must be granted."""
        answer = self.ask(method, path, who, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def review(self, code: str = CODE, *, who: dict[str, str] | None = None) -> dict[str, Any]:
        """Read the draft and find it right, as a colleague."""
        return cast("dict[str, Any]", self.done("POST", f"/{code}/draft/review", who or self.bea, json=self.read(code)))

    def read(self, code: str = CODE) -> dict[str, str]:
        """What names the words of the draft as they are now."""
        return {"digest": self.done("GET", f"/{code}/draft")["digest"]}

    def put_in_force(self, body: dict[str, Any]) -> int:
        """Take a definition all the way; its number."""
        code = body["code"]
        self.done("PUT", f"/{code}/draft", json=body)
        self.review(code)
        return int(self.done("POST", f"/{code}/draft/publication")["version"])


def changed(code: str = CODE, **parts: Any) -> dict[str, Any]:
    """The pack's definition as a network may take it over, with a day of review and a further word in English."""
    packed = texts.lexicon().find(code)
    assert packed is not None
    body = deepcopy(plain(packed)) | {"review_on": "2027-06-30"}
    body["terms"]["en"] = [*body["terms"]["en"], WORD]
    body["examples"]["positive"].append({"language": "en", "text": f"The ministry told of a {WORD} last night."})
    return body | parts


def retag(world: World, *, looks: int = 50) -> int:
    """Let clock and workers tag the past until there is nothing left; how many looks it took."""
    job = next(one for one in JOBS if one.name == "retag")
    for number in range(looks):
        with db.reading() as session:
            if not job.run(session, clock.now(), clock.now()):
                return number
        do(job, clock.now())
        world.settle()
    raise AssertionError("the run does not end")
