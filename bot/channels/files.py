"""Files of web/ as they go over the wire: scripts without their comments, packed for browsers that can unpack."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse, raw

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
}
# Whole lines only: a comment, or the indentation of a line. Inside a line a script may hold anything that looks like one.
_BLOCK = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class File:
    """One file, read once. `headers` are sent with it."""

    def __init__(self, path: Path, headers: dict[str, str]) -> None:
        content = path.read_bytes()
        if path.suffix == ".js":
            content = without_comments(content.decode()).encode()
        self.content = content
        self.packed = gzip.compress(content, 9, mtime=0)
        self.kind = _KINDS[path.suffix]
        self._tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        # The browser asks each time whether the file is still the same, which costs a few bytes: no stale widget anywhere.
        self._headers = {**headers, "ETag": self._tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding, Origin"}

    def response(self, request: Request) -> HTTPResponse:
        """The file, or 304 where the browser has it already."""
        if request.headers.get("if-none-match", "").removeprefix("W/") == self._tag:
            return raw(b"", status=304, headers=self._headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return raw(self.packed, content_type=self.kind, headers={**self._headers, "Content-Encoding": "gzip"})
        return raw(self.content, content_type=self.kind, headers=self._headers)


def without_comments(script: str) -> str:
    """A script of ours without lines that are comments and without indentation. Line numbers change; nothing else does."""
    for pattern in (_BLOCK, _LINE, _INDENTATION):
        script = pattern.sub("", script)
    return script
