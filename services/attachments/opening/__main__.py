"""The child process: opens one file, says what it is and what is in it, and writes the copy that others are given."""

import json
import sys
from pathlib import Path
from typing import Any

from services.attachments.opening.limits import Refused, bound


def main(act: str, source: Path, target: Path) -> dict[str, Any]:
    """`copy` a file for others, or say the `words` of such a copy."""
    try:
        from services.attachments.opening import acts

        return acts.copy(source, target) if act == "copy" else acts.words(source)
    except Refused as reason:
        return {"refused": reason.code}
    except (MemoryError, RecursionError):
        return {"refused": "bomb"}
    except Exception as error:  # noqa: BLE001 -- whatever a library does with a hostile file, it is not opened
        return {"refused": "damaged", "error": type(error).__name__}


if __name__ == "__main__":
    bound()
    json.dump(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])), sys.stdout)
