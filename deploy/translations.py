"""Gather the words of pages and editions into the catalogues of services/locale; new ones come up untranslated."""

import tempfile
from pathlib import Path

from babel.messages.frontend import CommandLineInterface

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "services" / "locale"
MAPPING = """\
[python: **.py]
[jinja2: **.html]
"""


def main() -> None:
    """Extract, then bring every catalogue up to date."""
    with tempfile.TemporaryDirectory() as folder:
        mapping, found = Path(folder, "babel.cfg"), Path(folder, "ewn.pot")
        mapping.write_text(MAPPING, encoding="utf-8")
        keep = ["--no-location", "--sort-output", "--omit-header"]
        _pybabel("-q", "extract", "-F", mapping, "-o", found, *keep, ROOT / "services")
        for catalogue in sorted(LOCALE.glob("*/LC_MESSAGES/ewn.po")):
            language = catalogue.parts[-3]
            words = ["-i", found, "-o", catalogue, "-l", language, "--no-fuzzy-matching", "--ignore-obsolete"]
            _pybabel("-q", "update", *words, "--ignore-pot-creation-date", "--width", "120")
            _trim(catalogue)


def _trim(catalogue: Path) -> None:
    """Keep of the header what readers of the file need; dates and empty names only make noise in a comparison."""
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    end = lines.index("\n")
    noise = (
        "Project-Id",
        "Report-Msgid",
        "POT-",
        "PO-Rev",
        "Last-T",
        "Language-Team",
        "Generated",
        "MIME",
        "Content-Tr",
    )
    head = [line for line in lines[:end] if not line.startswith(tuple(f'"{name}' for name in noise))]
    catalogue.write_text("".join([*head, *lines[end:]]), encoding="utf-8")


def _pybabel(*words: object) -> None:
    CommandLineInterface().run(["pybabel", *(str(word) for word in words)])


if __name__ == "__main__":
    main()
