"""The register of exits: everything that can give network data away, and what lets it.

`policy`: it asks `network.visible` for the viewer. `owner`: it asks `reports.own`, or compares with the sender's own
keys. `keeper`: for whoever keeps or audits the network: numbers and references, no word of a report. `administrator`:
for `network:admin`, or whoever holds the machine; it gives no report and no count of any. `auditor`: for `audit:read`;
it gives who did what to which reference, and reads of reports their labels only. `none`: it gives no network data, and
`why` says what it gives instead.

What gives marked content notes it before it leaves (`reports.Gives`, docs/adr/0015): every `policy` and `owner` exit
has that dependency, but those in `WRITTEN`, whose own entry is written with what they do, and those in `UNMARKED`.
"""

from collections.abc import Iterator
from typing import NamedTuple

POLICY, OWNER, KEEPER, ADMINISTRATOR = "policy", "owner", "keeper", "administrator"
AUDITOR, NONE = "auditor", "none"


class Exit(NamedTuple):
    """What lets an exit give data. `asks`: example requests, `{...}` filled in by who asks; `body`: what is sent."""

    by: str
    why: str = ""
    asks: tuple[str, ...] = ()
    body: dict[str, object] | None = None
    dear: bool = False
    """Slow to make: looked at once in each world."""
    stores: bool = False
    """It reads what it keeps for later exits, which ask; the answer holds nothing of it."""
    unnoted: str = ""
    """Why a route that reads by policy takes no `reports.Gives`: what it gives instead of words, or who notes it."""


OCTOBER = "from=2026-10-01&to=2026-11-01"
GREEN = {"tlp": "GREEN", "attribution": "named"}


def policy(*asks: str, body: dict[str, object] | None = None, dear: bool = False, unnoted: str = "") -> Exit:
    return Exit(POLICY, asks=asks, body=body, dear=dear, unnoted=unnoted)


def owner(*asks: str, why: str = "", body: dict[str, object] | None = None) -> Exit:
    return Exit(OWNER, why, asks, body)


def keeper(*asks: str, why: str = "") -> Exit:
    return Exit(KEEPER, why, asks)


def administrator(*asks: str, why: str = "") -> Exit:
    return Exit(ADMINISTRATOR, why, asks)


def auditor(*asks: str) -> Exit:
    return Exit(AUDITOR, asks=asks)


def none(why: str, *asks: str, body: dict[str, object] | None = None, stores: bool = False) -> Exit:
    return Exit(NONE, why, asks, body, stores=stores)


COUNTS, EDITION = "counts", "an edition: digests.give notes its readers"
EXPECTED = "which reports are expected of whom, as far as the caller may know it; of no report whether it came"
TRACE = "that a report came, by the marking of its assignment: the one permitted trace"
WEIGHED = "grades, analysts' words and letters; who is told the name of a source by a report is noted"
LINES = "tear-lines, for those who may not read the report"
THREAD = "messages about a report, by the report's marking"
QUESTION = "questions and answers, each by its own marking"
DEFINED = "words that tell a theme, the same for all; written examples for whoever makes definitions"
TRIED = "references, and counts"
DEFINERS = "or the secretariat's analysts: no report"
KNOWN = "who belongs, as far as the caller may know it (network.known_to); no report"
ROUTES: dict[str, Exit] = {
    # kernel
    "GET /healthz": none("that the process lives", "/healthz"),
    "GET /readyz": none("which parts of the service work", "/readyz"),
    # network
    "GET /v1/me": none("the caller itself", "/v1/me"),
    "PATCH /v1/me": none("nothing"),
    "PUT /v1/me/password": none("nothing"),
    "GET /v1/me/sessions": none("one's own sessions", "/v1/me/sessions"),
    "DELETE /v1/me/sessions": none("nothing"),
    "DELETE /v1/me/sessions/{reference}": none("nothing"),
    "POST /v1/members": administrator(why="or a focal point of the organisation"),
    "POST /v1/members/{login}/invitation": administrator(why="or a focal point of the organisation"),
    "DELETE /v1/members/{login}/sessions": administrator(),
    "GET /v1/invitations": administrator("/v1/invitations", why="or a focal point, of its own organisation"),
    "DELETE /v1/invitations/{reference}": administrator(why="or a focal point, of its own organisation"),
    "GET /v1/members": administrator("/v1/members", why="or a focal point, of its own organisation"),
    "PUT /v1/members/{login}/roles": administrator(),
    "DELETE /v1/members/{login}": administrator(),
    "POST /v1/members/{login}/offices": administrator(),
    "DELETE /v1/members/{login}/offices/{reference}": administrator(),
    "GET /v1/organisations": none(KNOWN, "/v1/organisations"),
    "POST /v1/organisations": administrator(),
    "GET /v1/organisation-templates": administrator("/v1/organisation-templates"),
    "GET /v1/organisations/{slug}": administrator("/v1/organisations/{organisation}", why="or one's own"),
    "PATCH /v1/organisations/{slug}": administrator(why="or a focal point of it"),
    "POST /v1/organisations/{slug}/activation": administrator(),
    "POST /v1/organisations/{slug}/suspension": administrator(),
    "DELETE /v1/organisations/{slug}/suspension": administrator(),
    "POST /v1/organisations/{slug}/departure": administrator(),
    "POST /v1/organisations/{slug}/application": administrator(),
    "PUT /v1/organisations/{slug}/parent": administrator(),
    "DELETE /v1/organisations/{slug}/parent": administrator(),
    "POST /v1/keys": administrator(why="or a focal point or integrator, for its own organisation"),
    "GET /v1/keys": administrator("/v1/keys", why="or a focal point or integrator: its own organisation's"),
    "POST /v1/keys/{prefix}/rotation": administrator(why="or a focal point or integrator, for its own organisation"),
    "DELETE /v1/keys/{prefix}": administrator(why="or a focal point or integrator, for its own organisation"),
    "GET /v1/groups": none("groups by name; who is in one, to its members only", "/v1/groups"),
    "POST /v1/groups": administrator(),
    "GET /v1/groups/{slug}": administrator("/v1/groups/{group}", why="or a focal point of its owner"),
    "PATCH /v1/groups/{slug}": administrator(why="or a focal point of its owner"),
    "PUT /v1/groups/{slug}/rule": administrator(why="or a focal point of its owner"),
    "PUT /v1/groups/{slug}/members/{organisation}": administrator(why="or a focal point of its owner"),
    "DELETE /v1/groups/{slug}/members/{organisation}": administrator(why="or a focal point of its owner"),
    "GET /v1/places": none("words of the pack", "/v1/places"),
    "GET /v1/themes": none("words of the pack", "/v1/themes"),
    # forms
    "GET /v1/forms": none("what may be filled in: words of the pack and of the network", "/v1/forms"),
    "GET /v1/forms/{code}": none("the same", "/v1/forms/incident", "/v1/forms/measures?version=1"),
    "GET /v1/forms/{code}/template.csv": none("an empty sheet", "/v1/forms/incident/template.csv"),
    "GET /v1/forms/{code}/template.xlsx": none("an empty sheet", "/v1/forms/zero/template.xlsx"),
    "GET /v1/forms/drafts": administrator("/v1/forms/drafts", why="or the secretariat's analysts: no report"),
    "GET /v1/forms/{code}/versions": none("the same", "/v1/forms/incident/versions"),
    "GET /v1/forms/{code}/definition.yaml": none("the same", "/v1/forms/incident/definition.yaml"),
    "GET /v1/forms/{code}/preview": none("the same", "/v1/forms/incident/preview?language=ru"),
    "GET /v1/forms/{code}/draft": administrator("/v1/forms/incident/draft", why="or the secretariat's analysts"),
    "PUT /v1/forms/{code}/draft": administrator(why="or the secretariat's analysts"),
    "PUT /v1/forms/{code}/draft.yaml": administrator(why="or the secretariat's analysts"),
    "DELETE /v1/forms/{code}/draft": administrator(why="or the secretariat's analysts"),
    "POST /v1/forms/{code}/draft/publication": administrator(why="or the secretariat's analysts"),
    "POST /v1/forms/{code}/versions/{version}/retirement": administrator(why="or the secretariat's analysts"),
    # definitions
    "GET /v1/definitions": none(DEFINED, "/v1/definitions"),
    "GET /v1/definitions/drafts": administrator("/v1/definitions/drafts", why=DEFINERS),
    "GET /v1/definitions/retagging": policy("/v1/definitions/retagging", unnoted=COUNTS),
    "GET /v1/definitions/{code}": none(DEFINED, "/v1/definitions/cyber", "/v1/definitions/cyber?version=3"),
    "GET /v1/definitions/{code}/definition.yaml": none(DEFINED, "/v1/definitions/cyber/definition.yaml"),
    "GET /v1/definitions/{code}/versions": none(DEFINED, "/v1/definitions/cyber/versions"),
    "GET /v1/definitions/{code}/changes": none(DEFINED, "/v1/definitions/cyber/changes"),
    "GET /v1/definitions/{code}/trial": policy("/v1/definitions/cyber/trial?version=3", unnoted=TRIED),
    "GET /v1/definitions/{code}/draft": administrator("/v1/definitions/cyber/draft", why=DEFINERS),
    "PUT /v1/definitions/{code}/draft": administrator(why=DEFINERS),
    "PUT /v1/definitions/{code}/draft.yaml": administrator(why=DEFINERS),
    "DELETE /v1/definitions/{code}/draft": administrator(why=DEFINERS),
    "POST /v1/definitions/{code}/draft/review": administrator(why=DEFINERS),
    "POST /v1/definitions/{code}/draft/publication": administrator(why=DEFINERS),
    "POST /v1/definitions/{code}/versions/{version}/rollback": administrator(why=DEFINERS),
    # tagging
    "GET /v1/reports": policy(
        "/v1/reports", "/v1/reports?theme=armed-attack", "/v1/reports?place=KG", "/v1/reports?status=exercise",
        "/v1/reports?kind=incident", "/v1/reports?q=note", "/v1/reports?mine=true", "/v1/reports?originator=far",
        "/v1/reports?from=2026-10-10&to=2026-10-31", "/v1/reports?q={report}", "/v1/reports?originator={organisation}",
    ),
    # search
    "GET /v1/reports/{reference}/hints": policy("/v1/reports/{report}/hints", unnoted="references and codes"),
    "GET /v1/search": policy(
        "/v1/search?q=note", "/v1/search?q=clash+number&size=2", "/v1/search?q={report}", "/v1/search?q=armed&mine=true"
    ),
    "GET /v1/reports/facets": policy("/v1/reports/facets", "/v1/reports/facets?mine=true", unnoted=COUNTS),
    "GET /v1/reports/{reference}": policy("/v1/reports/{report}"),
    "GET /v1/reports/{reference}/incident": policy("/v1/reports/{report}/incident", unnoted="references and a count"),
    "GET /v1/reports/{reference}/links": policy("/v1/reports/{report}/links", unnoted="references, and what of a pair"),
    "POST /v1/reports/{reference}/links": policy(),
    "GET /v1/reports/{reference}/suggestions": policy("/v1/reports/{report}/suggestions", unnoted="references"),
    "GET /v1/reports/{reference}/tags": policy("/v1/reports/{report}/tags", unnoted="what was said of codes"),
    "POST /v1/reports/{reference}/tags": policy(),
    # desk
    "GET /v1/desk": policy(
        "/v1/desk", "/v1/desk?state=rest&country=KG", "/v1/desk?state=done", "/v1/desk?reason=alike&theme=armed-attack",
        "/v1/desk?state=all&status=exercise", "/v1/desk?state=open&size=1",
    ),
    "PUT /v1/desk/{reference}/done": policy(),
    "DELETE /v1/desk/{reference}/done": policy(),
    "GET /v1/tagging/precision": policy("/v1/tagging/precision", unnoted=COUNTS),
    # weighing
    "GET /v1/reports/{reference}/grade": policy("/v1/reports/{report}/grade", unnoted=WEIGHED),
    "POST /v1/reports/{reference}/credibility": policy(),
    "POST /v1/reports/{reference}/verification": policy(),
    "GET /v1/judgements/scales": none("words of the pack", "/v1/judgements/scales"),
    "POST /v1/judgements/check": none("spans of what was sent", body={"text": "It is likely."}),
    "GET /v1/lists": none("lists that feed the network: whose, of which day, how many; no entry", "/v1/lists"),
    "POST /v1/lists/{source}/approval": none("the same"),
    "GET /v1/reliability": policy("/v1/reliability", unnoted=WEIGHED),
    "POST /v1/reliability/organisations/{slug}": policy(),
    "POST /v1/reports/{reference}/source-reliability": policy(),
    # reports
    "POST /v1/reports": owner(why="a receipt; a repeat is compared with the sender's own keys"),
    "POST /v1/reports/sheet": owner(why="receipts; a repeat is compared with the sender's own keys"),
    "POST /v1/reports/bulk": owner(why="receipts; a repeat is compared with the sender's own keys"),
    "POST /v1/uploads": none("the reference of an upload that the caller may begin"),
    "GET /v1/uploads/{reference}": none("counts of lines that the caller itself sent", "/v1/uploads/{upload}"),
    "GET /v1/uploads/{reference}/errors": none(
        "fields and rules of lines that the caller itself sent", "/v1/uploads/{upload}/errors"
    ),
    "PUT /v1/reports/{reference}": owner(),
    "POST /v1/reports/{reference}/withdrawal": owner(),
    "GET /v1/reports/{reference}/receipt": owner(
        "/v1/reports/{report}/receipt", "/v1/reports/{report}/receipt?revision=1"
    ),
    "GET /v1/reports/{reference}/readers": owner("/v1/reports/{report}/readers"),
    "PUT /v1/reports/{reference}/marking": owner(
        "/v1/reports/{report}/marking?dry_run=true", body={"marking": GREEN}
    ),
    "POST /v1/markings/readers": none(KNOWN, "/v1/markings/readers", body={"marking": GREEN}),
    "GET /v1/reports/{reference}/disclosures": owner("/v1/reports/{report}/disclosures"),
    "POST /v1/reports/{reference}/recall": owner(),
    "PUT /v1/reports/{reference}/tear-line": owner(),
    "DELETE /v1/reports/{reference}/tear-line": owner(),
    "POST /v1/reports/{reference}/requests": policy(),
    # attachments
    "POST /v1/reports/{reference}/attachments": owner(),
    "GET /v1/reports/{reference}/attachments": policy("/v1/reports/{report}/attachments"),
    "GET /v1/reports/{reference}/attachments/{attachment}": policy("/v1/reports/{attached}"),
    "GET /v1/reports/{reference}/attachments/{attachment}/text": policy("/v1/reports/{attached}/text"),
    "PUT /v1/reports/{reference}/attachments/{attachment}/personal": owner(),
    "DELETE /v1/reports/{reference}/attachments/{attachment}": owner(),
    "GET /v1/requests": owner("/v1/requests", "/v1/requests?box=out", why="or one's own organisation's requests"),
    "POST /v1/requests/{reference}/decision": owner(),
    "GET /v1/tear-lines": policy("/v1/tear-lines", unnoted=LINES),
    # dialogue
    "GET /reports/{reference}/thread": policy("/reports/{report}/thread"),
    "POST /reports/{reference}/thread": policy(),
    "GET /inquiries": policy("/inquiries", "/inquiries?box=out", "/inquiries?state=overdue", unnoted=QUESTION),
    "GET /inquiries/new": policy("/inquiries/new?report={theirs}", unnoted="a form"),
    "POST /inquiries/new": policy(),
    "GET /inquiries/{reference}": policy("/inquiries/{inquiry}", unnoted=QUESTION),
    "POST /inquiries/{reference}": policy(),
    "GET /reports/{reference}/outcomes": policy("/reports/{report}/outcomes", unnoted="a form"),
    "POST /reports/{reference}/outcomes": policy(),
    "GET /v1/receipts/key": none("public keys", "/v1/receipts/key"),
    "GET /v1/reports/{reference}/status": owner("/v1/reports/{report}/status"),
    "POST /v1/reports/{reference}/outcomes": policy(),
    "GET /v1/reports/{reference}/revisions": policy("/v1/reports/{report}/revisions", unnoted="no words"),
    "GET /v1/reports/{reference}/revisions/{revision}": policy("/v1/reports/{report}/revisions/1"),
    "PUT /v1/reports/{reference}/translations/{language}": policy(),
    "DELETE /v1/reports/{reference}/translations/{language}": policy(),
    "GET /reports/{reference}/revisions": policy("/reports/{report}/revisions", unnoted="no words"),
    "GET /reports/{reference}/revisions/{revision}": policy("/reports/{report}/revisions/1"),
    "GET /reports/{reference}/translations": policy("/reports/{report}/translations"),
    "POST /reports/{reference}/translations": policy(),
    "GET /v1/reports/{reference}/thread": policy("/v1/reports/{report}/thread", unnoted=THREAD),
    "POST /v1/reports/{reference}/thread": policy(),
    "PUT /v1/reports/{reference}/thread": owner(),
    "DELETE /v1/reports/{reference}/thread/{message}": policy(),
    "GET /v1/inquiries": policy(
        "/v1/inquiries", "/v1/inquiries?box=out", "/v1/inquiries?box=all", "/v1/inquiries?state=overdue",
        "/v1/inquiries?box=all&state=answered", unnoted=QUESTION,
    ),
    "POST /v1/inquiries": policy(),
    "GET /v1/inquiries/{reference}": policy("/v1/inquiries/{inquiry}", unnoted=QUESTION),
    "POST /v1/inquiries/{reference}/answers": policy(),
    "PUT /v1/inquiries/{reference}/due": owner(why="one's own organisation's question"),
    "POST /v1/inquiries/{reference}/closing": owner(why="one's own organisation's question"),
    "POST /v1/inquiries/{reference}/withdrawal": owner(why="one's own organisation's question"),
    "GET /v1/reports/{reference}/personal": owner("/v1/reports/{report}/personal"),
    "PUT /v1/reports/{reference}/personal": owner(),
    "GET /v1/reports/{reference}/original": owner(
        "/v1/reports/{report}/original", why="or a person whom its owner let read it"
    ),
    "GET /v1/notices": none("a reader's own notices: references and kinds, no content", "/v1/notices"),
    "POST /v1/notices/{reference}/read": owner(why="a reader's own notice"),
    # assignments
    "GET /v1/assignments": none(EXPECTED, "/v1/assignments"),
    "POST /v1/assignments": administrator(why="or an analyst of the secretariat"),
    "GET /v1/assignment-templates": none("what the pack proposes", "/v1/assignment-templates"),
    "GET /v1/assignments/{reference}": none(EXPECTED, "/v1/assignments/{assignment}"),
    "PATCH /v1/assignments/{reference}": administrator(why="or an analyst of the secretariat"),
    "DELETE /v1/assignments/{reference}": administrator(why="or an analyst of the secretariat"),
    "GET /v1/expected": policy(
        "/v1/expected", "/v1/expected?state=missing&state=open", f"/v1/expected?{OCTOBER}&size=500", unnoted=TRACE
    ),
    "GET /v1/reporting.csv": policy(f"/v1/reporting.csv?{OCTOBER}", unnoted=TRACE),
    "GET /v1/reporting": policy("/v1/reporting", f"/v1/reporting?{OCTOBER}&form=incident", unnoted=COUNTS),
    # keeping
    "GET /v1/retention/rules": administrator("/v1/retention/rules", why="or an auditor"),
    "POST /v1/retention/rules": administrator(),
    "DELETE /v1/retention/rules/{reference}": administrator(),
    "GET /v1/retention/dry-run": keeper(
        "/v1/retention/dry-run?months=1&until=2028-01-01", why="what rules would take, in numbers and references"
    ),
    "GET /v1/holds": administrator("/v1/holds", why="or an auditor"),
    "POST /v1/holds": keeper(why="that a report of a reference exists, to whoever keeps or audits the network"),
    "DELETE /v1/holds/{reference}": administrator(why="or an auditor"),
    "GET /v1/me/export": owner("/v1/me/export", why="facts and references of what the caller did and was given"),
    "GET /v1/members/{login}/export": keeper(
        "/v1/members/ada/export", why="facts and references of what a person did and was given, on the record"
    ),
    "POST /v1/members/{login}/erase": administrator(),
    # indicators
    "GET /v1/indicators": none("what the pack watches", "/v1/indicators"),
    "GET /v1/indicators/{code}/series": policy(
        f"/v1/indicators/incidents-reported/series?place=CA&grain=month&{OCTOBER}",
        f"/v1/indicators/incidents-reported/series?place=KG-B&grain=week&{OCTOBER}",
        f"/v1/indicators/armed-violence-incidents/series?place=KG&grain=day&{OCTOBER}",
        f"/v1/indicators/armed-violence-deaths/series?place=KG&grain=month&{OCTOBER}",
        f"/v1/indicators/incidents-reported/series?place=KG&grain=quarter&{OCTOBER}",
        f"/v1/indicators/ucdp-fatalities/series?place=KG&grain=month&{OCTOBER}",
        unnoted=COUNTS,
    ),
    "GET /v1/indicators/{code}/map": policy(
        "/v1/indicators/incidents-reported/map?start=2026-11-01&level=country",
        "/v1/indicators/incidents-reported/map?start=2026-11-01&level=unit",
        unnoted=COUNTS,
    ),
    "POST /v1/indicators/{code}/observations": none("how many values were stored: the caller's own"),
    "GET /v1/catalogues": none("words of the pack and of the network, the same for all", "/v1/catalogues"),
    # digests
    "GET /v1/digests": policy("/v1/digests", unnoted="names of editions"),
    "POST /v1/digests": Exit(
        NONE, "reference and period of an edition, which is rendered by policy", asks=("/v1/digests",),
        body={"schedule": "monthly-bulletin", "day": "2026-10-01"}, stores=True,
    ),
    "POST /v1/digests/{reference}/release": none("reference and period of an edition, which is rendered by policy"),
    "GET /v1/digests/{reference}/document.json": policy("/v1/digests/{edition}/document.json", unnoted=EDITION),
    "GET /v1/digests/{reference}/document.html": policy("/v1/digests/{edition}/document.html", unnoted=EDITION),
    "GET /v1/digests/{reference}/document.pdf": policy(
        "/v1/digests/{edition}/document.pdf", dear=True, unnoted=EDITION
    ),
    # auditing
    "GET /v1/audit": auditor("/v1/audit", "/v1/audit?organisation={organisation}", "/v1/audit?reference={report}"),
    "GET /v1/audit/seal": auditor("/v1/audit/seal"),
    # exchange
    "GET /v1/changes": policy("/v1/changes", "/v1/changes?size=1"),
    # console
    "GET /docs/problems": none("what refusals mean", "/docs/problems"),
    "GET /sign-in": none("a form", "/sign-in"),
    "POST /sign-in": none("a session for the one who signs in, or the next step"),
    "GET /sign-in/code": none("a form, for whoever gave a right password", "/sign-in/code"),
    "POST /sign-in/code": none("a session for the one who signs in"),
    "GET /sign-in/set-up": none("a new secret, for whoever gave a right password", "/sign-in/set-up"),
    "POST /sign-in/set-up": none("a session for the one who signs in, and recovery codes"),
    "GET /invitation/{token}": none("whom the link is for, to whoever holds it", "/invitation/{token}"),
    "POST /invitation/{token}": none("a session for the one who chose a password, or the next step"),
    "GET /people": administrator("/people", why="or a focal point, of its own organisation"),
    "POST /people": administrator(why="or a focal point of the organisation"),
    "POST /people/reset": administrator(why="or a focal point of the organisation"),
    "POST /people/withdrawal": administrator(why="or a focal point of the organisation"),
    "GET /profile": none("the visitor's own", "/profile"),
    "POST /profile": none("a redirect"),
    "POST /profile/password": none("a redirect"),
    "POST /profile/second-factor": none("a new secret, for whoever gave the password"),
    "POST /profile/second-factor/set-up": none("recovery codes"),
    "POST /profile/recovery-codes": none("recovery codes, for whoever gave the password"),
    "GET /sessions": none("the visitor's own sessions", "/sessions"),
    "POST /sessions": none("a redirect"),
    "POST /sign-out": none("a redirect"),
    "POST /language": none("a redirect"),
    "GET /": policy("/", "/?place=KG"),
    "GET /forms": administrator("/forms", why="or the secretariat's analysts: no report"),
    "GET /new-form": administrator("/new-form", why="the same"),
    "POST /new-form": administrator(why="the same"),
    "GET /forms/{code}": administrator("/forms/incident", why="the same"),
    "GET /forms/{code}/edit": administrator("/forms/incident/edit", why="the same"),
    "POST /forms/{code}/edit": administrator(why="the same"),
    "GET /forms/{code}/preview": administrator("/forms/incident/preview?version=1", why="the same"),
    "POST /forms/{code}/{what}": administrator(why="the same"),
    "GET /definitions": policy("/definitions", unnoted=COUNTS),
    "GET /definitions/{code}": policy("/definitions/cyber", unnoted=COUNTS),
    "GET /definitions/{code}/edit": administrator("/definitions/cyber/edit", why=DEFINERS),
    "POST /definitions/{code}/edit": administrator(why=DEFINERS),
    "GET /definitions/{code}/trial": policy("/definitions/cyber/trial?version=3", unnoted=TRIED),
    "POST /definitions/{code}/{what}": policy(),
    "GET /submit": none("the forms in force", "/submit"),
    "GET /submit/{code}": none(KNOWN, "/submit/incident", "/submit/correction?corrects={report}"),
    "GET /submit/{code}/sheet": none("the form and its template", "/submit/incident/sheet"),
    "POST /submit/{code}/sheet": owner(why="references of the sender's own rows, as of a form that is sent"),
    "POST /submit/{code}": owner(why="the address of a receipt; a repeat is compared with the sender's own keys"),
    "GET /reports/{reference}/receipt": owner("/reports/{report}/receipt"),
    "GET /reports/{reference}/revise": owner("/reports/{report}/revise"),
    "POST /reports/{reference}/revise": owner(),
    "GET /mine": policy("/mine", unnoted="what is the visitor's own"),
    "POST /reports/{reference}/withdrawal": owner(why="and the page of the report, by policy"),
    "GET /reports": policy("/reports", "/reports?place=KG", "/reports?q=note&counted=true", "/reports?counts=true",
        "/reports?originator={organisation}&counts=true",
    ),
    "GET /reports/{reference}": policy("/reports/{report}"),
    "GET /reports/{reference}/personal": owner("/reports/{report}/personal"),
    "POST /reports/{reference}/personal": owner(),
    "GET /reports/{reference}/original": owner(
        "/reports/{report}/original", why="or a person whom its owner let read it"
    ),
    "GET /reports/{reference}/grade": policy("/reports/{report}/grade"),
    "POST /reports/{reference}/credibility": policy(),
    "POST /reports/{reference}/verification": policy(),
    "POST /reports/{reference}/source-reliability": policy(),
    "GET /lists": none("as GET /v1/lists", "/lists"),
    "POST /lists": none("the same"),
    "GET /reliability": policy("/reliability", unnoted=WEIGHED),
    "POST /reliability": policy(),
    "POST /reports/{reference}/attachments": owner(why="and the page of the report, by policy"),
    "GET /reports/{reference}/attachments/{attachment}": policy("/reports/{attached}"),
    "GET /reports/{reference}/attachments/{attachment}/text": policy("/reports/{attached}/text"),
    "POST /reports/{reference}/attachments/{attachment}/personal": owner(),
    "POST /reports/{reference}/attachments/{attachment}/removal": owner(),
    "GET /search": policy("/search?q=note", "/search?q=clash+number&kind=incident&place=KG"),
    "GET /in-brief": policy("/in-brief", unnoted=LINES),
    "GET /notices": none("a reader's own notices: references and kinds, no content", "/notices"),
    "POST /notices/{reference}/read": owner(why="a reader's own notice"),
    "GET /reports/{reference}/marking": owner("/reports/{report}/marking"),
    "POST /reports/{reference}/marking": owner(),
    "GET /reports/{reference}/recall": owner("/reports/{report}/recall"),
    "POST /reports/{reference}/recall": owner(),
    "GET /reports/{reference}/tear-line": owner("/reports/{report}/tear-line"),
    "POST /reports/{reference}/tear-line": owner(),
    "GET /reports/{reference}/requests": policy("/reports/{theirs}/requests", unnoted="a form"),
    "POST /reports/{reference}/requests": policy(),
    "GET /requests": owner("/requests", why="and one's own organisation's requests"),
    "GET /requests/{reference}": owner("/requests/{request}"),
    "POST /requests/{reference}": owner(),
    "GET /desk": policy(
        "/desk", "/desk?state=rest&theme=armed-attack", "/desk?state=done", "/desk?reason=alike", "/desk?state=all",
    ),
    "GET /desk/{reference}": policy("/desk/{report}", "/desk/{report}?find=a"),
    "POST /desk/{reference}/tags": policy(),
    "POST /desk/{reference}/links": policy(),
    "POST /desk/{reference}/done": policy(),
    "POST /desk-keys": none("a redirect"),
    "GET /precision": policy("/precision", "/precision?status=exercise", unnoted=COUNTS),
    "GET /digests": policy("/digests", unnoted="names of editions"),
    "POST /digests": none("the address of an edition, which is rendered by policy", stores=True),
    "GET /digests/{reference}": policy("/digests/{edition}", unnoted=EDITION),
    "POST /digests/{reference}/release": none("the address of an edition, which is rendered by policy"),
    "GET /members": administrator("/members", why="or a focal point, of its own organisation"),
    "GET /members/{login}": administrator("/members/ada", why="or a focal point, of its own organisation"),
    "POST /members/{login}/{what}": administrator(),
    "GET /audit": auditor("/audit", "/audit?reference={report}"),
    "GET /expected": policy("/expected", "/expected?view=all", unnoted=TRACE),
    "GET /reporting": policy("/reporting", f"/reporting?{OCTOBER}&form=incident", unnoted=COUNTS),
    "GET /assignments": administrator("/assignments", why="or an analyst: the secretariat's sees all"),
    "POST /assignments": administrator(why="or an analyst of the secretariat"),
    "POST /assignments/{reference}/{what}": administrator(why="or an analyst of the secretariat"),
    "GET /who-does-what": policy("/who-does-what", "/who-does-what?organisation={organisation}&country=KG"),
    "GET /who-does-what.csv": policy("/who-does-what.csv"),
    "GET /organisations": administrator("/organisations"),
    "POST /organisations": administrator(),
    "GET /organisations/{slug}": administrator("/organisations/{organisation}"),
    "POST /organisations/{slug}/{what}": administrator(),
    "GET /organisation": none("what one's own organisation is, and who is above and below it", "/organisation"),
    "POST /organisation": none("a redirect"),
    "GET /groups": administrator("/groups", why="or the groups of which one's organisation is the owner"),
    "POST /groups": administrator(),
    "GET /retention": keeper("/retention?months=1&until=2028-01-01", why="as GET /v1/retention/dry-run"),
    "POST /retention/{what}": keeper(why="as POST /v1/holds"),
    "GET /groups/{slug}": administrator("/groups/{group}", why="or a focal point of its owner"),
    "POST /groups/{slug}/{what}": administrator(why="or a focal point of its owner"),
    "GET /keys": administrator("/keys", why="or a focal point or integrator: its own organisation's"),
    "POST /keys": administrator(why="or a focal point or integrator, for its own organisation"),
    "POST /keys/{prefix}/{what}": administrator(why="or a focal point or integrator, for its own organisation"),
    # the application itself
    "MOUNT /static/{path}": none("style sheets and the icon", "/static/ewn.css"),
    "GET /v1/openapi.json": none("what the API offers", "/v1/openapi.json"),
}  # fmt: skip

WRITTEN = {
    "POST /v1/reports", "POST /v1/reports/bulk", "POST /v1/reports/sheet", "PUT /v1/reports/{reference}",
    "POST /v1/reports/{reference}/withdrawal", "POST /v1/reports/{reference}/recall",
    "PUT /v1/reports/{reference}/tear-line", "DELETE /v1/reports/{reference}/tear-line",
    "POST /v1/reports/{reference}/requests", "POST /v1/requests/{reference}/decision",
    "POST /submit/{code}", "POST /submit/{code}/sheet", "POST /reports/{reference}/revise",
    "POST /reports/{reference}/tear-line",
    "POST /reports/{reference}/requests",
    "POST /v1/reports/{reference}/outcomes", "POST /reports/{reference}/outcomes", "POST /inquiries/new",
    "PUT /v1/reports/{reference}/translations/{language}", "DELETE /v1/reports/{reference}/translations/{language}",
    "POST /v1/reports/{reference}/thread", "PUT /v1/reports/{reference}/thread",
    "DELETE /v1/reports/{reference}/thread/{message}", "POST /v1/inquiries", "POST /v1/inquiries/{reference}/answers",
    "PUT /v1/inquiries/{reference}/due", "POST /v1/inquiries/{reference}/closing",
    "POST /v1/inquiries/{reference}/withdrawal",
    "POST /v1/reports/{reference}/attachments", "DELETE /v1/reports/{reference}/attachments/{attachment}",
    "PUT /v1/reports/{reference}/attachments/{attachment}/personal",
    "POST /reports/{reference}/attachments/{attachment}/personal",
    "POST /reports/{reference}/attachments/{attachment}/removal",
    "POST /v1/reports/{reference}/credibility", "POST /v1/reports/{reference}/verification",
    "POST /v1/reports/{reference}/links", "POST /v1/reports/{reference}/tags",
    "PUT /v1/desk/{reference}/done", "DELETE /v1/desk/{reference}/done",
    "POST /v1/reliability/organisations/{slug}", "POST /v1/reports/{reference}/source-reliability",
}  # fmt: skip
# Editions by name and period, the same for whoever may open any; answers without content; an export: it has an entry.
UNMARKED = {
    "GET /v1/me/export",
    "GET /v1/digests", "GET /digests", "POST /v1/notices/{reference}/read", "POST /notices/{reference}/read",
}  # fmt: skip

REACTIONS: dict[str, Exit] = {
    "tag": none("writes tags and links, whose readers ask the policy; answers nobody"),
    "retag": none("writes tags and links, whose readers ask the policy; answers nobody"),
    "relink": none("writes links, whose readers ask the policy; answers nobody"),
    "count": none("writes cells and overlaps, whose readers ask the policy; answers nobody"),
    "copy": none("makes the copies that readers are given by policy; answers nobody"),
    "shred": none("destroys"),
    "bare": none("takes the words from the tags of what was emptied"),
    "unsay": none("empties the reasons of what was made of recalled or emptied reports"),
    "erase": none("puts tombstones in the place of recalled words"),
    "hush": none("deletes what was said about reports whose words are gone"),
    "notify": none("leaves notices to those who had a report; each is its reader's own"),
    "remind": none("leaves notices to owners"),
    "warn": none("leaves notices to a person and its organisation's focal points"),
    "warn-readers": none("leaves notices to an organisation's focal points"),
}
JOBS: dict[str, Exit] = {
    "groups": none("begins and ends stays"),
    "remarkings": none("gives reports the markings that their owners set for a date"),
    "digests": none("freezes editions, which are rendered for each reader by policy"),
    "forget-keys": none("deletes"),
    "forget-uploads": none("deletes"),
    "forget-feeds": none("deletes"),
    "forget-beats": none("deletes"),
    "forget-sign-ins": none("deletes"),
    "forget-day-keys": none("deletes"),
    "seal": none("writes hashes over audit entries"),
    "checkpoint": none("signs the hash of a block"),
    "requests": none("refuses requests that nobody answered"),
    "inquiries": none("leaves reminders to whoever is asked, and to whoever asks"),
    "retag": none("hands on reports to be tagged again"),
    "rescan": none("has files looked at again"),
    "sweep": none("destroys what nothing names"),
    "wash": none("empties the database's log after a recall, an emptying and an erasing"),
    "expected": none("leaves reminders to an organisation's own focal points"),
    "meanings": none("keeps what reports mean, which is compared among those that the caller sees; answers nobody"),
    "screenings": none("keeps what is personal in reports, whose readers are given it masked"),
    "retention": none("announces and empties, by the rules"),
}
COMMANDS: dict[str, Exit] = {
    "serve": none("starts processes"),
    "api": none("starts a process, whose routes are listed above"),
    "worker": none("starts a process, whose reactions are listed above"),
    "relay": none("starts a process that hands on keys of rows"),
    "clock": none("starts a process, whose jobs are listed above"),
    "migrate": none("changes tables"),
    "demo": policy(),  # it tells its story through the routes, as partners
    "doctor": administrator(why="states of the machine's parts"),
    "recount": administrator(why="how many reports there are in all, to whoever holds the machine"),
    "create-admin": administrator(),
    "roles": administrator(why="the roles of a person, to whoever holds the machine"),
    "recover": administrator(why="a link for an administrator, to whoever holds the machine"),
    "audit": none("a group of commands"),
    "audit verify": administrator(why="the position of an entry, to whoever holds the machine"),
    "audit checkpoint": administrator(why="how many entries there are, and a hash of them"),
    "lists": none("a group of commands"),
    "lists import": administrator(why="references of public lists that changed, to whoever holds the machine"),
    "lists show": administrator(why="days and sizes of public lists"),
    "quarantine": none("a group of commands"),
    "quarantine list": administrator(why="kinds of failed work with their errors, to whoever holds the machine"),
    "quarantine retry": administrator(why="how many"),
    "tagging": none("a group of commands"),
    "tagging train": administrator(why="counts by theme, of what is told to the whole network; no word of a report"),
    "tagging definitions": none("a group of commands"),
    "tagging definitions export": none("words of the pack"),
    "tagging definitions check": none("of a file that the caller names"),
    "tagging evaluate": none("of a file that the caller names, and of no report"),
}


def looks(*, dear: bool = False, telling: bool = False) -> Iterator[str]:
    """Every address that can be looked at, with its placeholders; `telling`: of those that tell of reports."""
    for name, one in ROUTES.items():
        if name.startswith(("GET ", "MOUNT ")) and one.dear == dear and (one.by in (POLICY, OWNER) or not telling):
            yield from one.asks
