"""Themes of the network, risk and protective, each under a pillar of the Global Counter-Terrorism Strategy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kernel import yaml_files
from services.vocabulary.codes import Catalogue


class Theme(BaseModel):
    """One theme. `names` by language (en, ru); `order` is its place in lists."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    side: Literal["risk", "protective"]
    pillar: Literal["I", "II", "III", "IV"]
    names: Mapping[str, str] = Field(alias="name")
    order: int

    def name(self, language: str) -> str:
        """The display name in the language; English where there is none."""
        return self.names.get(language) or self.names["en"]


Themes = Catalogue[Theme]


def read(path: Path) -> Themes:
    """Themes from a pack's `themes.yaml`; a theme's order is its place in the file."""
    rows = yaml_files.read(path)
    return Catalogue("theme", [Theme.model_validate({"order": order, **row}) for order, row in enumerate(rows)])
