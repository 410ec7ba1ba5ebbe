"""The channel of the website widget. The server gives out sessions; a client can choose neither sender nor metadata."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import handover, talks
from bot.channels.base import CHOICE_ID, Collector, Handler, clean, payload
from bot.settings import Settings
from knowledge import advise, custom, messages, store
from knowledge.model import Enquiry

log = logging.getLogger("wegweiser.website")
_ALGORITHM = "HS256"


class Refused(Exception):
    """A request that gets an error answer: HTTP status, a code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, text: str, **values: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = store.current().texts[text].format(**values)


class WebsiteInput(InputChannel):
    """POST /webhooks/website/session and /webhooks/website/message, as docs/CONTRACTS.md describes them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._secret = _secret(settings.data)

    @classmethod
    def name(cls) -> str:
        return "website"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebsiteInput:
        return cls(Settings.read())

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        website = Blueprint("website", __name__)

        @website.exception(Refused)
        async def refuse(_: Request, error: Refused) -> HTTPResponse:
            return json({"error": {"code": error.code, "message": error.message}}, status=error.status)

        @website.post("/session")
        async def session(_: Request) -> HTTPResponse:
            return json({"session": self._token(uuid.uuid4().hex), "messages": _greeting()})

        @website.post("/message")
        async def message(request: Request) -> HTTPResponse:
            body = _body(request)
            sender = self._sender(body.get("session"))
            text = self._text(body)
            handover.keep_contact(sender, str(body.get("text", "")), text or "")
            if text is None:
                return json({"messages": [_plain("blank")]})
            if talks.asks_to_delete(text):
                talks.delete(request.app.ctx.agent.tracker_store, sender)
                handover.delete(sender)
                return json({"messages": [_plain("deleted")]})
            return json({"messages": await self._answer(text, sender, on_new_message)})

        return website

    async def _answer(self, text: str, sender: str, on_new_message: Handler) -> list[dict[str, Any]]:
        """One turn. Where Rasa fails, is too slow or says nothing, the person still gets a sentence and a contact."""
        collector = Collector()
        turn = UserMessage(text, collector, sender, input_channel=self.name())
        try:
            await asyncio.wait_for(on_new_message(turn), self._settings.patience)
        except Exception:
            log.exception("A turn failed.")
            return [_plain("failure")]
        return collector.messages or [_plain("failure")]

    def _text(self, body: dict[str, Any]) -> str | None:
        """What goes to Rasa: a command for a button of ours, or cleaned text; None for blank text."""
        choice, text = body.get("choice"), body.get("text")
        if choice is not None:
            if not isinstance(choice, str) or not CHOICE_ID.match(choice):
                raise Refused(400, "bad_choice", "bad_request")
            return payload(choice)
        if not isinstance(text, str):
            raise Refused(400, "bad_request", "bad_request")
        if len(text) > self._settings.longest:
            raise Refused(413, "too_long", "too_long", limit=self._settings.longest)
        return clean(text) or None

    def _token(self, sender: str) -> str:
        expires = int(time.time()) + 60 * self._settings.session_minutes
        return str(jwt.encode({"sub": sender, "exp": expires}, self._secret, _ALGORITHM))

    def _sender(self, token: Any) -> str:
        try:
            return str(jwt.decode(str(token), self._secret, [_ALGORITHM], options={"require": ["sub", "exp"]})["sub"])
        except jwt.InvalidTokenError as error:
            raise Refused(401, "bad_session", "bad_session") from error


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json
    except Exception as error:
        raise Refused(400, "bad_request", "bad_request") from error
    if not isinstance(body, dict):
        raise Refused(400, "bad_request", "bad_request")
    return body


def _greeting() -> list[dict[str, Any]]:
    """Who speaks, what is stored and how long, and how to begin."""
    knowledge, settings = store.current(), Settings.read()
    operator = f" von {settings.operator}" if settings.operator else ""
    welcome = knowledge.texts["welcome"].format(operator=operator, days=settings.retention_days)
    advice = replace(advise(Enquiry(topics=("smalltalk",)), knowledge), next=welcome)
    said: list[dict[str, Any]] = [
        {"text": m.text, "buttons": [{"title": b.title, "id": b.id} for b in m.buttons], "custom": None}
        for m in messages(advice, knowledge)
    ]
    said[0]["custom"] = custom(advice)
    return said


def _plain(text: str) -> dict[str, Any]:
    return {"text": store.current().texts[text], "buttons": [], "custom": None}


def _secret(folder: Path) -> str:
    """The key that signs sessions: made once, kept beside the talks, readable by the owner alone."""
    path = folder / "session.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")
