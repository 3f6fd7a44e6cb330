"""Completeness and timeliness for the eye: rates with n and N, periods by name, one picture."""

from collections import defaultdict
from datetime import date

from services import assignments, figures
from services.assignments import KeyedRate, ReportingView
from services.console.words import Words


def rate(part: int, whole: int, percent: float | None, words: Words) -> str:
    """n/N with the rate, or that there was none to divide by."""
    if percent is None:
        return words._("none expected")
    return f"{words.number(part)}/{words.number(whole)} ({words.number(percent)} %)"


def period(grain: str, start: date) -> str:
    """A period as addresses name it: 2026-W44, 2026-10, 2026-Q4, 2026."""
    if grain == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    names = {"month": f"{start:%Y-%m}", "quarter": f"{start.year}-Q{(start.month + 2) // 3}"}
    return names.get(grain, str(start.year))


def picture(found: ReportingView, words: Words) -> str:
    """Completeness by month as SVG, of the periods that ended in it; empty where nothing was expected."""
    months: dict[date, list[KeyedRate]] = defaultdict(list)
    for one in found.periods:
        end = date.fromisoformat(one.name.partition("/")[2])
        months[end.replace(day=1)].append(one)
    points = [figures.Point(words.short_month(month), _share(some)) for month, some in sorted(months.items())]
    if not any(point.value is not None for point in points):
        return ""
    said = "; ".join(f"{point.label} {words.number(point.value)} %" for point in points if point.value is not None)
    spec = figures.series_spec(
        points,
        title=words._("Completeness by month"),
        description=words._("Completeness by month, in per cent: %(list)s.") % {"list": said},
        measure=words._("per cent of reports expected"),
        words=figures.words(words.language),
    )
    return figures.svg(spec)


def _share(some: list[KeyedRate]) -> int | None:
    expected, received = (sum(getattr(one, name) for one in some) for name in ("expected", "received"))
    share = assignments.percent(assignments.completeness(expected, received))
    return None if share is None else round(share)
