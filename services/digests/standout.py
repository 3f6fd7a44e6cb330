"""Says when the last month of a series stands out from the months before it, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

WINDOW = 24  # months back that are looked at
BASELINE = 12  # months with data that are needed, and used
THRESHOLD = 3.0902  # z(0.999), as EARS C1
MIN_SIGMA = 1.0
MIN_COUNT = 3


@dataclass(frozen=True, slots=True)
class StandOut:
    """A last value beyond what was expected. `low` and `high` are the ends of the expected range, `score` is in
    standard deviations of the baseline, `months` is the number of months it was measured by."""

    value: float
    mean: float
    low: float
    high: float
    score: float
    months: int


def judgeable(values: Sequence[float | None]) -> bool:
    """Whether there is enough data to say of the last value whether it stands out."""
    return bool(values) and values[-1] is not None and len(_baseline(values)) == BASELINE


def _baseline(values: Sequence[float | None]) -> list[float]:
    return [value for value in values[:-1][-WINDOW:] if value is not None][-BASELINE:]


def standout(values: Sequence[float | None]) -> StandOut | None:
    """Judge the last of the monthly counts, oldest first; None where it does not stand out or cannot be judged.

    The form of EARS C1 (Hutwagner et al., Journal of Urban Health 2003;80 Suppl 1:i89; `earsC` in the R package
    surveillance) on months: (last - mean) / s of the 12 latest months *with data* among the 24 before, s the sample
    standard deviation but at least 1.0 (Tokars et al., Emerging Infectious Diseases 2009;15:533), above z(0.999), and a
    count of at least 3. No data is never read as zero: without data in the last month, or with fewer than 12 months of
    it before, there is no judgement.
    """
    last = values[-1] if values else None
    before = _baseline(values)
    if last is None or last < MIN_COUNT or len(before) < BASELINE:
        return None
    mean, sigma = fmean(before), max(stdev(before), MIN_SIGMA)
    score = (last - mean) / sigma
    if score <= THRESHOLD:
        return None
    reach = THRESHOLD * sigma
    return StandOut(last, mean, max(0.0, mean - reach), mean + reach, score, len(before))
