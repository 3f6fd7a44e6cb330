"""Marking anew never widens what was said before, and no revision is read through a later one (ADR 0022)."""

from hypothesis import given
from hypothesis import strategies as st

from .dialogue import Report, revisions, thread

READERS = "abcd"
audiences = st.frozensets(st.sampled_from(READERS))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), audiences),
        st.tuples(st.just("revise"), audiences),
        st.tuples(st.just("write"), st.sampled_from(READERS)),
    ),
    max_size=12,
)


def played(first, some):
    report = Report("a", [(1, first | {"a"})])
    for what, given_ in some:
        if what == "mark":
            report.mark(given_)
        elif what == "revise":
            report.revise(given_)
        else:
            report.write(given_, f"{len(report.messages)} by {given_}")
    return report


@given(audiences, acts, audiences, st.sampled_from(READERS))
def test_marking_anew_tells_nobody_what_was_said_before(first, some, later, reader):
    report = played(first, some)
    before = thread(report, reader)
    report.mark(later)
    after = thread(report, reader)
    assert set(after or []) <= {one.text for one in report.messages if reader in one.audience}
    if before is not None and after is not None:
        assert after == before


@given(audiences, acts, st.sampled_from(READERS))
def test_whoever_does_not_see_the_report_is_told_nothing_of_it(first, some, reader):
    report = played(first, some)
    if reader not in report.now:
        assert thread(report, reader) is None
        assert revisions(report, reader) is None


@given(audiences, acts)
def test_the_owner_is_told_all(first, some):
    report = played(first, some)
    assert thread(report, "a") == [one.text for one in report.messages]
    assert revisions(report, "a") == list(range(1, report.states[-1][0] + 1))


@given(audiences, acts, audiences, st.sampled_from(READERS))
def test_a_later_revision_gives_nobody_an_earlier_one(first, some, later, reader):
    report = played(first, some)
    ended = report.states[-1]
    report.revise(later)
    found = revisions(report, reader)
    if found is not None:
        assert (ended[0] in found) == (reader in ended[1])
