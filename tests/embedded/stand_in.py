"""A program that behaves as each of the service's processes does towards the supervisor, and starts at once."""

import http.server
import os
import signal
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from workers.processes import follow_parent

NAME = sys.argv[-1]
DATA = Path(os.environ["EWN_DATA_DIR"])


class Answer(http.server.BaseHTTPRequestHandler):
    """Says that it is well."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        return


def end(*_):
    with (DATA / "ended").open("a") as file:
        file.write(NAME + "\n")
    os._exit(0)


def main():
    if NAME in os.environ.get("STAND_IN_FAILS", ""):
        sys.exit(f"{NAME} says why it cannot")
    if NAME in os.environ.get("STAND_IN_HANGS", ""):
        time.sleep(3600)
    if NAME == "migrate":
        return
    if NAME in os.environ.get("STAND_IN_STAYS", ""):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        follow_parent()
        signal.signal(signal.SIGTERM, end)
    (DATA / f"{NAME}.up").touch()
    if NAME == "api":
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer, bind_and_activate=False)
        server.socket = socket.socket(fileno=int(os.environ["EWN_LISTEN_FD"]))
        server.serve_forever()
    while True:
        time.sleep(3600)


main()
