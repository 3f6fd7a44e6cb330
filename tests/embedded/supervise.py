"""Run a supervisor over stand-ins until it is ended; prints where it serves and who its children are."""

import json
import sys
import threading
from pathlib import Path

from services.kernel.config import Settings
from workers import processes
from workers.embedded import Embedded

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in.py")))


def main(data, tied):
    processes.KERNEL_TIES = tied == "yes"
    with Embedded(Settings(data_dir=Path(data), port=0), command=STAND_IN) as service:
        print(json.dumps({"url": service.url, "pids": service.pids()}), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
