"""The server of the desk: routes, headers, error pages. Pages are plain functions, run in threads."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from prescreen.casework import NotThere
from prescreen.desk import pages_admin, pages_handovers, pages_screening, pages_statistics, pages_user
from prescreen.desk.desk import Desk
from prescreen.desk.screening import NotReady
from prescreen.desk.visit import Denied, LogInFirst, Route, enter

log = logging.getLogger("wegweiser.desk")

_HERE = Path(__file__).resolve().parent
ROUTES: tuple[Route, ...] = (
    *pages_user.ROUTES,
    *pages_screening.ROUTES,
    *pages_handovers.ROUTES,
    *pages_statistics.ROUTES,
    *pages_admin.ROUTES,
)
# Largest request in bytes; an upload of 5,000 long enquiries has about half of it.
_LARGEST = 12_000_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not „no-referrer“: with that, browsers hide from us too where a form comes from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ERRORS = {
    400: "Diese Anfrage kann ich nicht lesen.",
    403: "Das dürfen Sie nicht. Vielleicht ist die Seite zu alt: Bitte laden Sie sie neu.",
    404: "Das gibt es hier nicht.",
    405: "Das geht hier nicht.",
    413: "Das ist zu groß.",
    503: "Das Programm lädt noch. Bitte versuchen Sie es in einer Minute wieder.",
}


def create(desk: Desk) -> Sanic:
    """The application. Also works on deliveries while it runs."""
    app = Sanic(f"desk-{secrets.token_hex(4)}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST
    app.config.FALLBACK_ERROR_FORMAT = "text"
    # Behind the proxy that does TLS, the address of a visitor is the one that the proxy saw.
    app.config.PROXIES_COUNT = 1 if desk.secure else None
    templates = environment()
    for number, route in enumerate(ROUTES):
        app.add_route(_served(desk, route, templates), route.path, methods=[route.method], name=f"page{number}")
    css = (_HERE / "static" / "desk.css").read_bytes()

    async def style(_: Request) -> HTTPResponse:
        return raw(css, content_type="text/css; charset=utf-8")

    async def health(_: Request) -> HTTPResponse:
        return raw(b"ok", content_type="text/plain")

    async def failed(_: Request, error: Exception) -> HTTPResponse:
        return _error_page(templates, error)

    app.add_route(style, "/desk.css", name="style")
    app.add_route(health, "/health", name="health")
    app.error_handler.add(Exception, failed)
    app.register_middleware(_headers, "response")
    worker = threading.Thread(target=desk.outbox.run, name="deliveries", daemon=True)
    app.register_listener(lambda *_: worker.start(), "after_server_start")
    app.register_listener(lambda *_: desk.outbox.stop(), "before_server_stop")
    return app


def environment() -> Environment:
    """The templates; everything that is put in is escaped."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["time"] = _time
    made.filters["percent"] = lambda share: f"{share:.0%}".replace("%", " %")
    return made


def _time(moment: datetime | None) -> str:
    """In the time of this machine."""
    return f"{moment.astimezone():%d.%m.%Y, %H:%M} Uhr" if moment else ""


def _served(desk: Desk, route: Route, templates: Environment) -> Callable[..., Awaitable[HTTPResponse]]:
    def answer(request: Request, arguments: dict[str, str]) -> HTTPResponse:
        try:
            return route.handler(enter(desk, route, request, templates, arguments))
        except LogInFirst:
            return HTTPResponse(status=303, headers={"Location": "/login"}, content_type="text/plain")
        except (Denied, NotThere, NotReady) as error:
            return _error_page(templates, error)

    async def serve(request: Request, **arguments: str) -> HTTPResponse:
        # Pages wait for the database and the model, so they run beside.
        return await asyncio.to_thread(answer, request, arguments)

    return serve


def _error_page(templates: Environment, error: Exception) -> HTTPResponse:
    status = {Denied: 403, NotThere: 404, NotReady: 503}.get(type(error), 500)
    if isinstance(error, SanicException):
        status = error.status_code or 500
    if status >= 500 and not isinstance(error, NotReady):
        log.error("A page failed.", exc_info=error)
    text = _ERRORS.get(status, "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.")
    return html(templates.get_template("error.html").render(text=text, user=None, csrf=""), status=status)


async def _headers(_: Request, response: Any) -> None:
    for name, value in HEADERS.items():
        response.headers[name] = value
