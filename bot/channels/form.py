"""The same talk as a plain HTML form, for people whose browser has no JavaScript or whose network is very slow.

The page carries the talk so far in a signed field, so the server keeps nothing for it and a reload loses nothing.
"""

from __future__ import annotations

import re
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from markupsafe import Markup, escape
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.channels import requests
from bot.channels.base import Handler
from bot.channels.refused import Refused
from bot.channels.sessions import Session
from bot.settings import ROOT
from knowledge import store

if TYPE_CHECKING:
    from jinja2 import Template

    from bot.channels.website import WebsiteInput

# Turns that the page shows: enough to read a contact again, few enough for a slow network.
_TURNS = 6
# No Referer to other sites; our own page still tells where it comes from, or the browser would hide its origin.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_LINKS = re.compile(
    r"(?P<web>https://[^\s<>\"„“]+|www\.[^\s<>\"„“]+)"
    r"|(?P<label>Internet: *)(?P<host>[a-z0-9äöüß-]+(?:\.[a-z0-9äöüß-]+)+[^\s<>\"„“]*)"
    r"|(?P<telephone>Telefon:? *)(?P<phone>\+?[\d(][\d ()/–-]*\d)",
    re.IGNORECASE,
)
Fields = dict[str, str]
Turn = dict[str, Any]


def add_form(website: Blueprint, channel: WebsiteInput, on_new_message: Handler) -> None:
    """Adds GET and POST /form to the channel."""

    def page(sender: str, said: list[Turn], *, status: int = 200, error: str = "", typed: str = "") -> HTTPResponse:
        said = said[-_TURNS:]
        knowledge = store.current()
        lands = sorted(knowledge.places.lands.values(), key=lambda land: land.name)
        talk = {"said": said, "page": channel.sessions.sign_page(sender, said), "id": uuid.uuid4().hex}
        shown = _template().render(
            talk, texts=knowledge.texts, lands=lands, asks=said[-1].get("asks"), error=error, typed=typed
        )
        return html(shown, status=status, headers=_HEADERS)

    def new_page(**what: Any) -> HTTPResponse:
        from bot.channels.website import greeting

        return page(uuid.uuid4().hex, [_turn(greeting())], **what)

    @website.get("/form")
    async def begin(_: Request) -> HTTPResponse:
        return new_page()

    @website.post("/form", stream=True)
    async def go_on(request: Request) -> HTTPResponse:
        fields: Fields = {}
        sender = ""
        said: list[Turn] = []
        try:
            fields = _fields(await requests.read(request, channel.settings, requests.FORM_BYTES))
            sender, said = channel.sessions.read_page(fields.get("page"))
            await channel.admit(request)
            await channel.gate.admit_talk(sender)
            own, message = _message(fields, said)
            answer = await channel.reply(request, Session(sender), message, on_new_message)
        except Refused as error:
            what: dict[str, Any] = {"status": error.status, "error": error.message, "typed": fields.get("text", "")}
            return page(sender, said, **what) if sender and said else new_page(**what)
        turns = [_turn(answer["messages"])]
        return page(sender, turns if answer.get("deleted") else [*said, {"own": own}, *turns])


@lru_cache(maxsize=1)
def _template() -> Template:
    # Imported by the first who needs the page: it would make the start longer for all others.
    from jinja2 import Environment, FileSystemLoader

    pages = Environment(loader=FileSystemLoader(ROOT / "web" / "form"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    pages.filters["linked"] = _linked
    return pages.get_template("form.html")


def _fields(body: bytes) -> Fields:
    try:
        return {name: values[0] for name, values in parse_qs(body.decode(), max_num_fields=20).items()}
    except ValueError as error:
        raise Refused(400, "bad_request", "bad_request") from error


def _message(fields: Fields, said: list[Turn]) -> tuple[str, dict[str, Any]]:
    """What was pressed or typed: the person's words as the page shows them, and the message for the channel."""
    id = fields.get("id", "")
    if "delete" in fields:
        return "", {"text": "alles löschen"}
    choice = fields.get("land") if "choose_land" in fields else fields.get("choice")
    if choice:
        offered = {button["id"]: button["title"] for turn in said for button in turn.get("buttons", ())}
        offered |= {f"land:{iso}": land.name for iso, land in store.current().places.lands.items()}
        if choice not in offered:
            raise Refused(400, "bad_choice", "bad_request")
        return offered[choice], {"choice": choice, "id": id}
    # Browsers send line ends as \r\n.
    text = fields.get("text", "").replace("\r\n", "\n").strip()
    return text, {"text": text, "id": id}


def _turn(messages: list[dict[str, Any]]) -> Turn:
    """What the page shows of an answer."""
    advice: dict[str, Any] = next((m["custom"]["advice"] for m in messages if (m["custom"] or {}).get("advice")), {})
    return {
        "texts": [{"text": m["text"], "lang": m.get("lang", "de"), "dir": m.get("dir", "ltr")} for m in messages],
        "buttons": [button for message in messages for button in message["buttons"]],
        "asks": advice.get("asks"),
        "urgent": bool(advice.get("urgent")),
    }


def _linked(text: str) -> Markup:
    """Escaped text in which addresses and telephone numbers are links."""
    shown, end = Markup(""), 0
    for match in _LINKS.finditer(text):
        words = (match["phone"] or match["web"] or match["host"]).rstrip(".,;:!?)]\"'“”»«")
        if match["phone"]:
            address = "tel:" + re.sub(r"[^\d+]", "", words.replace("(0)", ""))
        else:
            address = words if words.startswith("https://") else f"https://{words}"
        start = match.end() - len(match["phone"] or match["web"] or match["host"])
        shown += escape(text[end:start]) + Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, words)
        end = start + len(words)
    return shown + escape(text[end:])
