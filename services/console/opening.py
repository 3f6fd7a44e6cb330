"""A form as it opens: marked as the organisation usually marks, for the period, place and report that it is about."""

from services import vocabulary
from services.console import form as fields
from services.console import periods, sharing
from services.console.form import Typed
from services.forms import Form
from services.kernel import clock
from services.network import Caller, Directory


def blank(
    form: Form, known: Directory, caller: Caller, *, period: str = "", place: str = "", corrects: str = ""
) -> Typed:
    """The form with what can be known beforehand; what the address says and the form does not take is left out."""
    first, _others = sharing.bodies(known, caller)
    opened = fields.blank([one.value for one in first])
    one = dict(opened.one)
    party = known.parties.get(caller.organisation_id or 0)
    one |= vocabulary.marking_of(party.slug) or {} if party is not None else {}
    today = clock.now().date()
    days = periods.days(period, form.period)
    if days is None and form.period != "none":
        days = periods.last(today, form.period)
    if days is not None and days[0] <= today:
        one |= {"occurred_from": days[0].isoformat(), "occurred_to": min(days[1], today).isoformat()}
    if place in vocabulary.places():
        one["place"] = place
    if form.need("source") == "required":
        one["source"] = ""  # it is to be said, not left as it opens
    if form.need("corrects") == "required":
        one["corrects"] = corrects.strip().upper()[:20]
    return Typed(one, opened.many)
