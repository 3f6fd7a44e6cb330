"""The items of a digest: under their leading themes, and the selections that are counted nowhere."""

from collections import Counter

from services.digests.content import Item, Part
from services.digests.document import Cell, Entries, Entry, Figure, Section, Table, Text
from services.digests.wording import Wording
from services.figures import Point, bars_spec, words

NONE = ""  # key of the items without a theme


def by_theme(part: Part, wording: Wording, level: int, prefix: str = "") -> list[Section]:
    """The items under their leading theme, the theme with most items first; inside, by date and reference."""
    _ = wording._
    key = "items" if level == 2 else f"{part.status}-items"
    if not part.items:
        return [Section(key, prefix + _("Items by theme"), level, part.status, (Text(_("No items.")),))]
    groups: dict[str, list[Item]] = {}
    for item in sorted(part.items, key=lambda item: (item.occurred_from, item.reference)):
        groups.setdefault(item.themes[0] if item.themes else NONE, []).append(item)
    order = sorted(groups, key=lambda code: (code == NONE, -len(groups[code]), code))
    intro = Text(
        _(
            "Titles and sentences are the reports' own words, in their language. "
            "An item with several themes stands under its leading one."
        )
    )
    sections = [
        Section(key, prefix + _("Items by theme"), level, part.status, (intro, _themes_figure(part, prefix, wording)))
    ]
    for code in order:
        entries = Entries(tuple(Entry(item, wording.facts(item)) for item in groups[code]))
        name = wording.theme(code) if code else _("Theme not known")
        title = f"{name} ({wording.number(len(groups[code]))})"
        sections.append(Section(f"{key}-{code or 'none'}", title, level + 1, part.status, (entries,)))
    return sections


def selection(part: Part, wording: Wording, level: int, prefix: str = "") -> list[Section]:
    if not part.selections:
        return []
    _, all_of_them = wording._, max(part.selected, len(part.selections))
    text = _(
        "A selection, not a census: no rate, trend or ranking can be read from it, and it is in no count. "
        "Shown: %(shown)s of %(all)s."
    ) % {
        "shown": wording.number(len(part.selections)),
        "all": wording.number(all_of_them),
    }
    entries = Entries(tuple(Entry(item, wording.facts(item)) for item in part.selections))
    key = "selection" if level == 2 else f"{part.status}-selection"
    return [Section(key, prefix + _("Selections"), level, part.status, (Text(text, "warning"), entries))]


def _themes_figure(part: Part, prefix: str, wording: Wording) -> Figure:
    """Items per theme, each counted under every theme that it has."""
    _ = wording._
    counted = Counter(code for item in part.items for code in (item.themes or (NONE,)))
    order = sorted(counted, key=lambda code: (code == NONE, -counted[code], code))
    names = {code: wording.theme(code) if code else _("Theme not known") for code in order}
    title = _("Items of this edition by theme")
    caption = f"{prefix}{title} (n = {wording.number(len(part.items))})"
    rows = tuple((Cell(names[code]), Cell(wording.number(counted[code]), counted[code])) for code in order)
    alt = f"{caption}: {wording.listed([f'{names[code]} {counted[code]}' for code in order], 8)}."
    points = [Point(names[code], counted[code]) for code in order]
    spec = bars_spec(points, title=caption, description=alt, measure=_("items"), words=words(wording.language))
    note = _("An item with several themes counts under each, so that the bars add up to more than the items.")
    return Figure(spec, caption, Table(caption, (_("Theme"), _("items")), (False, True), rows), alt, note)
