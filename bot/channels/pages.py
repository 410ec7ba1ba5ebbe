"""Pages beside the talk: /health for supervisors, /metrics for Prometheus, /widget/ for other sites, /demo/ to try it.

Not a channel for messages."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, redirect

from bot import logs
from bot.channels.base import Handler
from bot.channels.files import File
from bot.channels.guard import protect
from bot.metrics import METRICS
from bot.settings import ROOT, Settings

WEB = ROOT / "web"
_ACTIONS = "http://127.0.0.1:{port}/health"
# The pages load and call nothing but their own server, and make no HTML out of text; the browser enforces it.
DEMO_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# Pages of the sites in WEGWEISER_SITES load the widget; for them the server adds the headers of CORS (rasa run --cors).
WIDGET_HEADERS = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
Page = Callable[[Request], Awaitable[HTTPResponse]]


class PagesInput(InputChannel):
    """Registered like a channel, because that is how Rasa lets a project add routes to its server."""

    @classmethod
    def name(cls) -> str:
        return "pages"

    @classmethod
    def url_prefix(cls) -> str:
        return "/"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        pages = Blueprint("pages", __name__)
        # Here, because this channel is always on and cannot be switched off; the application is known only when it starts.
        pages.listener("before_server_start")(lambda app, _: _begin(app))
        for path, file in _files().items():
            pages.add_route(_page(file), path, methods=["GET", "HEAD"], name=f"file_{path}")

        @pages.get("/demo/ohne-javascript")
        async def without_script(_: Request) -> HTTPResponse:
            return redirect("../webhooks/website/form")

        @pages.get("/health")
        async def health(request: Request) -> HTTPResponse:
            """200 once the assistant can answer: the model is loaded and the action server is there."""
            agent = getattr(request.app.ctx, "agent", None)
            ready = {"model": bool(agent and agent.is_ready()), "actions": await _actions_answer(agent)}
            return json(ready, status=200 if all(ready.values()) else 503)

        @pages.get("/metrics")
        async def metrics(request: Request) -> HTTPResponse:
            return METRICS.page(request, Settings.read().metrics_token)

        return pages


def _begin(app: Sanic) -> None:
    settings = Settings.read()
    logs.configure(settings)
    protect(app, settings.patience)


def _files() -> dict[str, File]:
    """Address → file: exactly those that are there, so that no address can name another."""
    found = {}
    for path in sorted((WEB / "widget").rglob("*.js*")):
        found[f"/widget/{path.relative_to(WEB / 'widget').as_posix()}"] = File(path, WIDGET_HEADERS)
    for path in sorted((WEB / "demo").iterdir()):
        # Pages have addresses without an ending: /demo/datenschutz.
        name = path.name if path.suffix != ".html" else path.stem.removesuffix("index")
        found[f"/demo/{name}"] = File(path, DEMO_HEADERS)
    return found


def _page(file: File) -> Page:
    async def page(request: Request) -> HTTPResponse:
        if request.path == "/demo":
            return redirect("demo/")  # or the page's own relative addresses would lead elsewhere
        return file.response(request)

    return page


async def _actions_answer(agent: Any) -> bool:
    inside = getattr(getattr(agent, "action_endpoint", None), "alive", None)  # bot/inside.py
    if inside:
        return bool(await inside())
    url = _ACTIONS.format(port=os.environ.get("WEGWEISER_ACTION_PORT", "5055"))
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as client, client.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False
