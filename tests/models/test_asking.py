"""No reader has a tear-line beside its report, and a request is decided once (ADR 0012)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from services.reports.asking import state_of

from .asking import Line, Request, at, decide, reads, refused, renders

READERS = "abcd"
readers = st.frozensets(st.sampled_from(READERS))
lines = st.builds(Line, told=readers, report=readers, there=st.booleans())


@given(lines, lines, st.sampled_from(READERS))
def test_nobody_has_the_line_beside_the_report(then, now, reader):
    assert not (reads(now, reader) and reader in now.report)
    assert not all(renders(then, now, reader))


@given(lines, readers, st.sampled_from(READERS))
def test_gaining_sight_of_the_report_never_gives_a_line(line, more, reader):
    wider = Line(line.told, line.report | more, line.there)
    assert reads(line, reader) or not reads(wider, reader)


@given(lines)
def test_what_is_taken_in_is_read_by_somebody(line):
    if not refused(line, red=False):
        assert any(reads(Line(line.told, line.report), one) for one in READERS)


@given(lines, lines, st.sampled_from(READERS))
def test_what_is_gone_now_is_in_no_edition(then, now, reader):
    gone = Line(now.told, now.report, there=False)
    assert renders(then, gone, reader) == (False, False)


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=5).map(sorted))
def test_a_request_is_decided_once_and_never_after_the_silence(acts):
    request, decided = Request(0), 0
    for day, granted in acts:
        found = decide(request, day, granted=granted)
        if found is not None:
            request, decided = found, decided + 1
            assert day < 14
    assert decided <= 1
    assert at(request, 14).state != "open"


@given(st.integers(0, 30), st.booleans(), st.booleans(), st.sampled_from(("open", "granted", "refused", "lapsed")))
def test_the_service_tells_the_state_as_the_model_does(day, withdrawn, left, state):
    made = datetime(2026, 11, 1, tzinfo=UTC)
    row = SimpleNamespace(state=state, organisation_id=1, due_at=made + timedelta(days=14))
    known = SimpleNamespace(parties={1: SimpleNamespace(state="left" if left else "active")})
    now = made + timedelta(days=day)
    found = state_of(row, made if withdrawn else None, known, now)
    assert found == at(Request(0, state), day, withdrawn=withdrawn, left=left).state
