"""What both kinds of files are read into: numbered rows of cells; and the bounds that both keep."""

from dataclasses import dataclass
from datetime import date

MOST_ROWS = 5_000
MOST_COLUMNS = 400  # the largest form of the pack has 97
MOST_CELLS = 600_000


class Faulty(str):
    """In the place of a cell that cannot be read: the rule that it breaks."""

    __slots__ = ()


Cell = str | int | float | bool | date | Faulty | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the file numbers it. Cells beyond the last one given are empty."""

    number: int
    cells: tuple[Cell, ...]

    def empty(self) -> bool:
        """Whether it holds nothing at all."""
        return all(one is None or one == "" for one in self.cells)

    def remark(self) -> bool:
        """Whether it is an explanation, as the second row of a template."""
        first = self.cells[0] if self.cells else None
        return isinstance(first, str) and first.startswith("#")


FORMULA = Faulty("is a formula: paste its value in its place")
TIMED = Faulty("holds a time of day: give the day alone")
ERROR = Faulty("holds an error of the sheet, such as #REF!: mend it")
