"""Pages beside the talk: /health for supervisors and /demo/ to try the assistant. Not a channel for messages."""

from __future__ import annotations

import os

import aiohttp
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.base import Handler
from bot.settings import ROOT

WEB = ROOT / "web"
_ACTIONS = "http://127.0.0.1:{port}/health"


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
        pages.static("/demo/", str(WEB / "demo" / "index.html"), name="demo")
        # Each file by its name: this Sanic cannot serve a folder and a file at the same address.
        for file in sorted((WEB / "demo").iterdir()):
            pages.static(f"/demo/{file.name}", str(file), name=f"demo_{file.stem}_{file.suffix[1:]}")

        @pages.get("/health")
        async def health(request: Request) -> HTTPResponse:
            """200 once the assistant can answer: the model is loaded and the action server is there."""
            agent = getattr(request.app.ctx, "agent", None)
            ready = {"model": bool(agent and agent.is_ready()), "actions": await _actions_answer()}
            return json(ready, status=200 if all(ready.values()) else 503)

        return pages


async def _actions_answer() -> bool:
    url = _ACTIONS.format(port=os.environ.get("WEGWEISER_ACTION_PORT", "5055"))
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as client, client.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
