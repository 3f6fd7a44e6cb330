"""What a doctor finds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``doubtful`` is worth a look and no failure."""

    about: str
    state: Literal["well", "doubtful", "broken"]
    what: str
    mend: str = ""
