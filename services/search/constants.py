"""Where each language lies in the model's space, and each theme: numbers that ship with the product.

They are computed by `deploy/build_meaning.py` from passages and definitions of this repository, never from what
partners told: a mean over reports would tell of those that are hidden.
"""

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.search import vectors

FILE = Path(__file__).with_name("constants.json")
OTHERS = "others"  # the mean for languages that have none of their own
QUERIES = "queries"  # the mean of short questions, whose language nobody knows


@dataclass(frozen=True, slots=True)
class Constants:
    """`means` by language, `themes` by code, of one model; `version` changes with any number."""

    model: str
    version: str
    means: Mapping[str, vectors.Vector]
    themes: Mapping[str, bytes]

    def placed(self, vector: vectors.Vector, language: str) -> bytes:
        """Where a text of this language lies beside others of it."""
        return vectors.packed(vectors.less(vector, self.means.get(language) or self.means[OTHERS]))

    def hints(self, placed: bytes, most: int) -> list[str]:
        """The themes that lie nearest, the nearest first."""
        codes = sorted(self.themes)
        return [codes[n] for n in vectors.nearest(placed, enumerate(self.themes[code] for code in codes), most)]


def written(constants: Constants) -> str:
    """As the file holds them: means as 16-bit fractions, themes as bytes, both in base 64."""
    means = {name: struct.pack(f"<{len(one)}e", *one) for name, one in sorted(constants.means.items())}
    body = {
        "model": constants.model,
        "version": constants.version,
        "means": {name: base64.b64encode(raw).decode() for name, raw in means.items()},
        "themes": {code: base64.b64encode(one).decode() for code, one in sorted(constants.themes.items())},
    }
    return json.dumps(body, indent=1) + "\n"


@lru_cache(maxsize=1)
def shipped() -> Constants:
    """Those that ship with the product."""
    return read(FILE.read_text(encoding="ascii"))


def read(text: str) -> Constants:
    """What `written` wrote."""
    held = json.loads(text)
    raw = {name: base64.b64decode(one) for name, one in held["means"].items()}
    return Constants(
        model=held["model"],
        version=held["version"],
        means={name: struct.unpack(f"<{len(one) // 2}e", one) for name, one in raw.items()},
        themes={code: base64.b64decode(one) for code, one in held["themes"].items()},
    )
