"""What holds for every answer of the server, whatever the route: bounds, headers, and errors that tell nothing."""

from __future__ import annotations

import logging
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

log = logging.getLogger("wegweiser.server")
# Bytes of a body that the server takes before a route sees it; Sanic would take 100 MB. Platforms send some kilobytes, and
# the messengers refuse from 1 MB on.
LARGEST = 1_500_000
# Seconds that the head of a request may take to arrive, and then its body; Rasa would give an hour to the second, in which
# somebody who sends a byte a minute holds a connection.
HEAD, BODY = 30, 30
# Turns that may come before it: a talk may have five messages waiting (`gate`), each answered after WEGWEISER_PATIENCE at most.
_TURNS = 6
# Where a route says nothing else: an answer is no page, is in nobody's frame, and is kept by no cache.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_CODES = {400: "bad_request", 404: "not_found", 405: "bad_method", 413: "too_long", 503: "busy"}


def protect(app: Sanic, patience: float) -> None:
    """Put it on an application, before or when it starts. Routes with handlers of their own keep them. `patience` is the
    longest that a turn takes, in seconds."""
    app.config.REQUEST_MAX_SIZE = LARGEST
    app.config.REQUEST_TIMEOUT, app.config.RESPONSE_TIMEOUT = HEAD, BODY + _TURNS * patience
    # Sanic's own error page reads the header Accept, and fails over one that is none.
    app.error_handler.add(Exception, _failed)
    app.register_middleware(_root, "request")
    app.register_middleware(_headers, "response")


async def _root(request: Request) -> HTTPResponse | None:
    """Rasa would greet everybody with its version."""
    return json({"error": {"code": "not_found", "message": "not found"}}, status=404) if request.path == "/" else None


async def _headers(_: Request, response: Any) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _failed(request: Request, error: Exception) -> HTTPResponse:
    """The error in JSON, in the form of docs/CONTRACTS.md, without a word of what was sent or of what is inside."""
    # Before there is a route, nothing of ours has run: Sanic could not read the request (a POST without a length).
    known = error.status_code if isinstance(error, SanicException) else None
    status = known or (500 if request.route else 400)
    if status >= 500 and status != 503:
        # Not the address: it may be anything that somebody typed.
        log.error("A request for %s failed.", request.route.path if request.route else "no route", exc_info=error)
    code = _CODES.get(status, "failure" if status >= 500 else "bad_request")
    return json({"error": {"code": code, "message": code.replace("_", " ")}}, status=status)
