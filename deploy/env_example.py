"""Write deploy/env.example from the settings themselves; a test fails when it is behind."""

import json
from pathlib import Path

from pydantic import SecretStr

from services.kernel.config import Settings

TARGET = Path(__file__).with_name("env.example")
HEAD = """\
# Every setting of ewn with its default. Written by deploy/env_example.py from services/kernel/config.py.
# Whatever is left out, or left empty, keeps its default. All processes of one network need the same settings.
"""


def written() -> str:
    """The whole file."""
    parts = [HEAD]
    for name, about in Settings.model_fields.items():
        parts.append(
            f"# {about.description}\n#EWN_{name.upper()}={_default(about.get_default(call_default_factory=True))}\n"
        )
    return "\n".join(parts)


def _default(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return json.dumps(value) if isinstance(value, list | dict | bool) else str(value)


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
