"""Languages in which partners write and readers read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kernel import yaml_files
from services.vocabulary.codes import Catalogue

# Other codes for a language of the pack: Dari and Iranian Persian are written alike.
SAME_LANGUAGE = {"prs": "fa", "fa-AF": "fa", "pes": "fa"}


class Language(BaseModel):
    """One language. `own` is its name in itself; `scripts` are ISO 15924; `interface` says whether screens exist."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str = Field(pattern=r"^[a-z]{2,3}$")
    names: Mapping[str, str] = Field(alias="name")
    own: str
    scripts: tuple[str, ...]
    direction: Literal["ltr", "rtl"]
    interface: bool

    def name(self, language: str) -> str:
        """The display name in the language; English where there is none."""
        return self.names.get(language) or self.names["en"]


Languages = Catalogue[Language]


def read(path: Path) -> Languages:
    """Languages from a pack's `languages.yaml`."""
    rows = yaml_files.read(path)
    return Catalogue("language", [Language.model_validate(row) for row in rows])
