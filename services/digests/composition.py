"""Composes a digest: puts the facts that one reader may see into one document in that reader's language. Pure."""

from collections.abc import Sequence

from services.digests.content import Digest, Part, said
from services.digests.document import Block, Cell, Document, Labels, Section, Table, Text
from services.digests.items import by_theme, selection
from services.digests.lines import in_brief
from services.digests.method import disclaimer, method
from services.digests.naming import Vocabulary
from services.digests.reporting import reporting
from services.digests.series import chart_of_places, judged, maps, overview_tables, sources, stages, standouts
from services.digests.standout import judgeable
from services.digests.wording import Naming, Wording
from services.network import combined, strictest, terms_said


def compose(digest: Digest, language: str, naming: Naming | None = None) -> Document:
    """The document of this edition for this reader. Actual first; every other status in sections of its own."""
    wording = Wording(language, naming or Vocabulary())
    parts = {part.status: part for part in digest.parts}
    main = parts.pop(digest.status, Part(digest.status))
    labels = [item.tlp for part in digest.parts for item in (*part.items, *part.selections)]
    labels += [line.tlp for part in digest.parts for line in part.lines]
    others = [part for part in parts.values() if not _empty(part)]
    terms = combined(item.terms for part in digest.parts for item in (*part.items, *part.selections))
    sections = [*_main(digest, main, wording, terms_said(terms, language))]
    for part in others:
        sections += _apart(digest, part, wording)
    sections.append(method(digest, wording))
    period = wording.period(digest.grain, digest.start, digest.end)
    return Document(
        language=language,
        reference=digest.reference,
        title=f"{said(digest.name, language)}: {wording.naming.place(digest.region, language)}, {period}",
        network=said(digest.network, language),
        status=digest.status,
        banner=_banner(digest.status, others, wording),
        draft=digest.draft,
        solo=digest.solo,
        notes=_notes(digest, wording),
        tlp=str(strictest([digest.tlp, *labels])),
        grain=digest.grain,
        start=digest.start,
        end=digest.end,
        period=period,
        cut_off=digest.cut_off,
        cut_off_text=wording.moment(digest.cut_off),
        labels=_labels(wording),
        sections=tuple(sections),
    )


def _empty(part: Part) -> bool:
    return not (part.items or part.selections or part.series or part.counts.reports or part.lines or part.reporting)


def _labels(wording: Wording) -> Labels:
    _ = wording._
    return Labels(
        contents=_("Contents"),
        edition=_("Edition"),
        network=_("Network"),
        period=_("Period"),
        cut_off=_("Facts received by"),
        page=_("Page {page} of {pages}"),
        as_table=_("The figure as a table"),
        facts=_("Facts"),
    )


def _banner(status: str, others: Sequence[Part], wording: Wording) -> str | None:
    """What must be said on every page: that all of it, or a part, is not actual."""
    _ = wording._
    if status == "exercise":
        return _("EXERCISE. Nothing in this edition happened.")
    if status == "test":
        return _("TEST. Nothing in this edition happened.")
    if any(part.status == "exercise" for part in others):
        return _(
            "Contains exercise items, in sections of their own. They did not happen and are in no count of what did."
        )
    return _("Contains test items, in sections of their own. They did not happen.") if others else None


def _notes(digest: Digest, wording: Wording) -> tuple[str, ...]:
    """How it came to be, where that must be said on every page."""
    _ = wording._
    draft = _("DRAFT. Nobody has released this edition yet: do not pass it on.")
    solo = _("Made in solo mode: one person may have made and released this edition, and nobody else looked at it.")
    return (*((draft,) if digest.draft else ()), *((solo,) if digest.solo else ()))


def _status(status: str, wording: Wording) -> str:
    _ = wording._
    return {"exercise": _("Exercise"), "test": _("Test")}.get(status, _("Actual"))


def _main(digest: Digest, part: Part, wording: Wording, terms: Sequence[str]) -> list[Section]:
    _, status = wording._, part.status
    told = [Text(_("Terms of this edition: %(terms)s") % {"terms": " ".join(terms)}, "warning")] if terms else []
    sections = [
        Section("overview", _("Overview"), 2, status, (*told, *_overview(digest, part, wording))),
        Section("standouts", _("What stands out"), 2, status, tuple(standouts(digest, part.series, wording))),
    ]
    sections += reporting(part, wording, 2)
    if part.series:
        tables = overview_tables(part.series, digest, wording)
        sections.append(Section("indicators", _("Indicators"), 2, status, (*tables, *sources(part.series, wording))))
    where = [*maps(digest, part.series, wording), *_places(digest, part, wording)]
    if where:
        where.append(Text(disclaimer(wording), "note"))
        sections.append(Section("map", _("Where"), 2, status, tuple(where)))
    sections += by_theme(part, wording, 2)
    sections += selection(part, wording, 2)
    sections += in_brief(part, wording, 2)
    return sections


def _apart(digest: Digest, part: Part, wording: Wording) -> list[Section]:
    """A part that is not actual: one section that says so, with its own counts, series and items below it."""
    _, name = wording._, _status(part.status, wording)
    warning = Text(
        _("%(status)s: nothing in this section happened. It is summed with nothing outside it.") % {"status": name},
        "warning",
    )
    blocks: list[Block] = [warning, *_overview(digest, part, wording)]
    blocks += overview_tables(part.series, digest, wording, f"{name}: ")
    if where := _places(digest, part, wording):
        blocks += [*where, Text(disclaimer(wording), "note")]
    inner = [*by_theme(part, wording, 3, f"{name}: "), *selection(part, wording, 3, f"{name}: ")]
    inner += in_brief(part, wording, 3, f"{name}: ")
    inner += reporting(part, wording, 3, f"{name}: ")
    return [Section(part.status, name, 2, part.status, tuple(blocks)), *inner]


def _overview(digest: Digest, part: Part, wording: Wording) -> list[Block]:
    _, counts = wording._, part.counts
    blocks: list[Block] = []
    found = judged(part.series, digest.start)
    if not part.items and not found:
        nothing = _(
            "Nothing to tell: among what this reader may see, no incident was reported and no external series "
            "stands out."
        )
        if not any(judgeable(row.values) for row in stages(part.series, digest.start)):
            nothing = _("Nothing to tell: among what this reader may see, no incident was reported.")
        blocks.append(Text(nothing))
    if found:
        said_of = [
            f"{wording.place(row.place)} ({wording.number(out.value)} {said(row.unit, wording.language)})"
            for row, out in found
        ]
        opening = wording.ngettext(
            "%(n)s external series stands out: %(list)s.", "%(n)s external series stand out: %(list)s.", len(found)
        )
        blocks.append(Text(opening % {"n": wording.number(len(found)), "list": wording.listed(said_of, 8)}))
    lines = [
        (_("Reports received in the period"), counts.reports),
        (_("Of them, of nothing to report"), counts.nothing_to_report),
        (_("Independent origins of the reports received"), counts.origins),
        (_("Reports in a selection received, counted nowhere"), max(part.selected, len(part.selections))),
        (_("Incidents of the period"), counts.incidents),
    ]
    rows = [(Cell(label), Cell(wording.number(number), number)) for label, number in lines]
    caption = _("What this edition rests on, as far as this reader may see")
    if part.status != digest.status:
        caption = f"{_status(part.status, wording)}: {caption}"
    blocks.append(Table(caption, (_("What"), "n"), (False, True), tuple(rows)))
    return blocks


def _places(digest: Digest, part: Part, wording: Wording) -> list[Block]:
    if not any(part.places.values()) and not part.unplaced:
        return []
    _ = wording._
    reported = _("Incidents reported")
    title = f"{reported}, {wording.period(digest.grain, digest.start, digest.end)}"
    if part.status != digest.status:
        title = f"{_status(part.status, wording)}: {title}"
    return [chart_of_places(part.places, title, _("incidents"), digest, wording, nearer=part.unplaced)]
