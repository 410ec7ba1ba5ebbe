"""Reading requests of the website: size, origin, JSON; and the answer to what nobody should ask."""

from __future__ import annotations

import json
from typing import Any

from sanic import Blueprint
from sanic.exceptions import InvalidUsage, PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.refused import Refused
from bot.settings import Settings

# Bytes for a character in JSON at most (\ud83d\ude00), and room for the session and the names of the fields.
_BYTES_PER_CHARACTER, _ROOM = 12, 8000
# Bytes of a form: the page without JavaScript carries the talk so far.
FORM_BYTES = 120_000
_PATHS = ("/session", "/message")


async def read(request: Request, settings: Settings, most: int | None = None) -> bytes:
    """The body, read piece by piece and never further than is useful. Raises Refused (413)."""
    most = most or settings.longest * _BYTES_PER_CHARACTER + _ROOM
    too_long = Refused(413, "too_long", "too_long", limit=settings.longest)
    try:
        if int(request.headers.get("content-length", "0")) > most:
            raise too_long
    except ValueError as error:
        raise Refused(400, "bad_request", "bad_request") from error
    body = bytearray()
    try:
        while piece := await request.stream.read():
            body += piece
            if len(body) > most:
                raise too_long
    except InvalidUsage as error:  # chunks that are none
        raise Refused(400, "bad_request", "bad_request") from error
    except PayloadTooLarge as error:
        raise too_long from error
    return bytes(body)


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises Refused (400)."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "bad_request", "bad_request") from error
    if not isinstance(found, dict):
        raise Refused(400, "bad_request", "bad_request")
    return found


def check_origin(request: Request, origins: list[str]) -> None:
    """A browser says which page asks: ours, or one of WEGWEISER_SITES. Raises Refused (403). Programs say nothing."""
    origin = request.headers.get("origin")
    if origin is None or origin.lower() in origins:
        return
    if origin.partition("://")[2] not in (request.headers.get("host"), request.headers.get("x-forwarded-host")):
        raise Refused(403, "bad_origin", "bad_origin")


def refuse_the_rest(website: Blueprint) -> None:
    """Other methods and other addresses get an error in JSON too, not the server's own page."""

    async def wrong_method(_: Request) -> HTTPResponse:
        raise Refused(405, "bad_method", "bad_request")

    async def unknown(_: Request, rest: str) -> HTTPResponse:
        raise Refused(404, "not_found", "bad_request")

    for path in _PATHS:
        name = f"wrong_method_{path[1:]}"
        website.add_route(wrong_method, path, methods=["GET", "HEAD", "PUT", "PATCH", "DELETE"], name=name)
    website.add_route(unknown, "/<rest:path>", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], name="unknown")
