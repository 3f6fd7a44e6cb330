"""A small chart for a cell of a table: the shape of a series in the space of a word."""

from collections.abc import Sequence
from html import escape

from services.figures.spec import BLUE, GREY, ORANGE

STEP, BAR, HEIGHT = 5, 4, 18


def spark(values: Sequence[int | None], label: str, *, stands_out: bool = False) -> str:
    """Bars, oldest first, as SVG without any text; the last is marked where it stands out. No data is a hollow box of
    full height, zero a line on the ground. `label` says in words what it shows."""
    top = max((value for value in values if value), default=1)
    bars = []
    for i, value in enumerate(values):
        x = i * STEP
        if value is None:
            bars.append(
                f'<rect x="{x + 0.5}" y="0.5" width="{BAR - 1}" height="{HEIGHT - 1}" fill="none" stroke="{GREY}"/>'
            )
            continue
        height = 1 if value == 0 else max(2, round(value / top * HEIGHT))
        colour = ORANGE if stands_out and i == len(values) - 1 else GREY if value == 0 else BLUE
        bars.append(f'<rect x="{x}" y="{HEIGHT - height}" width="{BAR}" height="{height}" fill="{colour}"/>')
    width = max(1, len(values) * STEP - 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" width="{width}" '
        f'height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}">{"".join(bars)}</svg>'
    )
