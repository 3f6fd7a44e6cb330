"""The few files that pages link to, each under an address that holds the hash of its content."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services import digests

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASKED_AGAIN = "public, no-cache"


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Content and hash of each file, by its name; the digest's own rules come from the digests."""
    content = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
    content["digest.css"] = digests.stylesheet().encode()
    return {name: (body, hashlib.sha256(body).hexdigest()[:16]) for name, body in content.items()}


def address(name: str) -> str:
    """Where a page finds a file. It changes with the content, so that a browser may keep it for ever."""
    return f"/static/{_files()[name][1]}/{name}"


async def static(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI application of the files; to be mounted at /static."""
    parts = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").split("/")
    known = _files().get(parts[-1])
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or known is None or len(parts) > 2:
        await Response("Not found", 404, media_type="text/plain")(scope, receive, send)
        return
    body, version = known
    lasting = parts[0] == version
    headers = {"Cache-Control": FOR_EVER if lasting else ASKED_AGAIN, "ETag": f'"{version}"'}
    headers["Content-Type"] = TYPES[Path(parts[-1]).suffix]
    asked = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
    if version in asked:
        await Response(status_code=304, headers=headers)(scope, receive, send)
        return
    await Response(b"" if scope["method"] == "HEAD" else body, headers=headers)(scope, receive, send)
