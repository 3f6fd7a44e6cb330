"""The model of memberships and the tables live through the same stories, and say the same of every reader."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services import network
from services.kernel import clock, db
from services.kernel.errors import Conflict, NotFound
from services.network import Marking, Tlp
from tests.emptying import empty
from tests.models import policy
from tests.models.test_membership import COUNTRIES, KINDS, WHO, acts, begun, group, play, who

EXAMPLES = max(12, settings().max_examples // 4)
PLACES = dict(zip(COUNTRIES, ("KG", "UZ"), strict=True))
FIRST = datetime(2026, 1, 1, 6, tzinfo=UTC)
marks = st.tuples(
    st.just("mark"),
    st.sampled_from(("CLEAR", "GREEN", "AMBER", "AMBER", "AMBER+STRICT", "RED")),
    who,
    st.frozensets(who, max_size=2),
    st.frozensets(group, max_size=2),
)
stories = st.lists(st.one_of(acts, acts, marks), min_size=6, max_size=20)


def slug(one: str) -> str:
    return f"body-{one}"


def lay() -> None:
    """The same four organisations, their persons, and two groups."""
    empty(network_too=True)
    with db.transaction() as session:
        for number, one in enumerate(WHO):
            new = network.NewOrganisation(
                slug=slug(one), name_en=slug(one), name_ru=slug(one), kind=KINDS[number % 2],
                countries=[PLACES[COUNTRIES[number // 2]]],
            )  # fmt: skip
            row = network.enrol(session, new, by=None)
            session.add(network.Member(login=slug(one), name=one, organisation_id=row.key))
        for name, past in (("g", False), ("h", True)):
            new_group = network.NewGroup(slug=f"group-{name}", name_en=name * 2, name_ru=name * 2, past=past)
            network.form_group(session, new_group, by=None)


def act_of(step: tuple, today: int) -> tuple:
    """The act as both take it: a stay begins today or later, and ends no earlier."""
    if step[0] != "pick":
        return step
    _, name, one, begins, ends = step
    begins = max(begins, today)
    return ("pick", name, one, begins, None if ends is None else max(ends, begins))


def enact(step: tuple) -> bool:
    """Do it to the tables; False where it is refused."""
    day = lambda n: (FIRST + timedelta(days=n)).date()  # noqa: E731
    try:
        with db.transaction() as session:
            match step:
                case ("step", one, ("activate" | "resume") as verb, past):
                    getattr(network, verb)(session, slug(one), past=past, by=None)
                case ("step", one, verb, _):
                    getattr(network, verb)(session, slug(one), by=None)
                case ("edit", one, kind, countries, hidden):
                    places = [PLACES[code] for code in sorted(countries)]
                    change = network.EditOrganisation(kind=kind, countries=places, hidden=hidden)
                    network.edit(session, slug(one), change, by=None)
                case ("rule", name, kinds, countries):
                    rule = network.Rule(kinds=sorted(kinds), countries=[PLACES[code] for code in sorted(countries)])
                    network.edit_group(session, f"group-{name}", network.EditGroup(rule=rule), by=None)
                case ("pick", name, one, begins, ends):
                    new = network.NewStay(begins_on=day(begins), ends_on=None if ends is None else day(ends))
                    network.join(session, f"group-{name}", slug(one), new, by=None)
                case ("drop", name, one):
                    network.leave(session, f"group-{name}", slug(one), by=None)
                case ("link", child, parent, past) if child > parent:
                    network.link(session, slug(child), slug(parent), past=past, by=None)
    except (Conflict, NotFound):
        return False
    return True


def stamp(keys: dict[str, int], persons: dict[str, int], groups: dict[str, int], step: tuple) -> int:
    _, tlp, by, organisations, some = step
    amber, red = tlp.startswith("AMBER"), tlp == "RED"
    marking = Marking(
        tlp=Tlp(tlp),
        originator=keys[by],
        organisations=frozenset(keys[one] for one in organisations) if amber else frozenset(),
        groups=frozenset(groups[one] for one in some) if amber else frozenset(),
        persons=frozenset(persons[one] for one in {*organisations, by}) if red else frozenset(),
        attribution=network.Attribution.NAMED,
    )
    with db.transaction() as session:
        return network.stamp(session, [marking])[0]


@given(story=stories)
@settings(max_examples=EXAMPLES)
def test_tables_and_model_agree_on_every_reader_after_any_story(database, story):
    lay()
    register, told = begun(), list[tuple[policy.Audience, int]]()
    with db.reading() as session:
        known = network.directory(session)
    keys = {one: known.slugs[slug(one)] for one in WHO}
    persons = {one: known.persons[slug(one)][0] for one in WHO}
    groups = {name: known.groups[f"group-{name}"] for name in "gh"}
    for today, given_step in enumerate(story):
        step = act_of(given_step, today)
        with clock.at(FIRST + timedelta(days=today)), db.transaction() as session:
            network.groups_due(session, at=clock.now())
        register.due(today)
        if step[0] == "mark":
            _, tlp, by, organisations, some = step
            marking = policy.Marking(tlp, by, organisations, some, organisations, submitter=by)
            told.append((register.ledger.stamp(marking), stamp(keys, persons, groups, step)))
            continue
        with clock.at(FIRST + timedelta(days=today)):
            done = enact(step)
        assert play(register, step, today) == done or step[0] == "drop", step
    for one in WHO:
        for person in (None, one):
            claims = register.standing(one, person)
            with db.reading() as session:
                caller = network.Caller(keys[one], member_id=persons[one] if person else None)
                seen = set(network.visible(session, caller))
            for audience, key in told:
                assert (key in seen) == policy.sees(claims, audience), (one, person, audience)
