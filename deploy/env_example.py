"""Write deploy/env.example from the settings themselves; a test fails when it is behind."""

from pathlib import Path

from services.kernel.config import Settings, written_as

TARGET = Path(__file__).with_name("env.example")
HEAD = """\
# Every setting of ewn with its default. Written by deploy/env_example.py from services/kernel/config.py.
# Whatever is left out, or left empty, keeps its default. All processes of one network
# need the same settings, apart from the address and the folder of each machine.
"""


def written() -> str:
    """The whole file."""
    parts = [HEAD]
    for name, about in Settings.model_fields.items():
        parts.append(
            f"# {about.description}\n#EWN_{name.upper()}={written_as(about.get_default(call_default_factory=True))}\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
