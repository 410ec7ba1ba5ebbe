"""The channel of the website widget. The server gives out sessions; a client can choose neither sender nor metadata."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.exceptions import RequestTimeout, ServiceUnavailable
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import handover, logs, talks
from bot.channels import requests
from bot.channels.answered import answered
from bot.channels.base import CHOICE_ID, Collector, Handler, clean, payload
from bot.channels.form import add_form
from bot.channels.gate import Gate
from bot.channels.keyfile import key
from bot.channels.refused import Refused
from bot.channels.sessions import Session, Sessions
from bot.channels.turns import TURNS
from bot.metrics import METRICS
from bot.settings import Settings
from knowledge import advise, custom, messages, store
from knowledge.model import Enquiry

log = logging.getLogger("wegweiser.website")
# The client's own name of a message, so that one that comes again is answered once.
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class WebsiteInput(InputChannel):
    """POST /webhooks/website/session and /webhooks/website/message, as docs/CONTRACTS.md describes them, and the page
    /webhooks/website/form for people without JavaScript."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sessions = Sessions(settings)
        self.gate = Gate(settings, key(settings.data))
        self._answered = answered(settings.redis_url)
        self._running: set[asyncio.Task[dict[str, Any]]] = set()

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
            return error.response()

        @website.exception(RequestTimeout, ServiceUnavailable)
        async def slow(_: Request, __: Exception) -> HTTPResponse:
            """The body did not arrive in time; a turn ends earlier."""
            return Refused(408, "bad_request", "bad_request").response()

        @website.exception(Exception)
        async def fail(request: Request, error: Exception) -> HTTPResponse:
            # The route's path: the address may be anything that somebody typed.
            log.error("A request of %s failed.", request.route.path if request.route else "no route", exc_info=error)
            return Refused(500, "failure", "failure").response()

        @website.listener("after_server_stop")
        async def end(*_: Any) -> None:
            await self.close()

        @website.post("/session", stream=True)
        async def session(request: Request) -> HTTPResponse:
            await self.admit(request)
            await requests.read(request, self.settings)
            return json({"session": self.sessions.begin(), "messages": greeting()})

        @website.post("/message", stream=True)
        async def message(request: Request) -> HTTPResponse:
            await self.admit(request)
            body = requests.parse(await requests.read(request, self.settings))
            session = self.sessions.read(body.get("session"))
            await self.gate.admit_talk(session.sender)
            return json(await self.reply(request, session, body, on_new_message))

        add_form(website, self, on_new_message)
        requests.refuse_the_rest(website)
        return website

    async def close(self) -> None:
        """Ends what is open to other servers."""
        await self._answered.close()

    async def admit(self, request: Request) -> None:
        """Raises Refused for a page that may not ask, and for an address that asks too often."""
        requests.check_origin(request, self.settings.origins)
        await self.gate.admit_address(request.remote_addr or request.ip)

    async def reply(self, request: Request, session: Session, body: dict[str, Any], on_new_message: Handler) -> dict[str, Any]:
        """The answer to one message, as the contract has it. Raises Refused for one that cannot be read."""
        text, id = self._text(body), body.get("id")
        if id is not None and not (isinstance(id, str) and _MESSAGE_ID.fullmatch(id)):
            raise Refused(400, "bad_request", "bad_request")
        # The turn goes on when the connection breaks: its answer waits for the message that comes again.
        raw = str(body.get("text", ""))
        task = asyncio.ensure_future(self._once(request, session.sender, raw, text, id, on_new_message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        answer = await asyncio.shield(task)
        return answer | ({"session": session.renewed} if session.renewed else {})

    async def _once(
        self, request: Request, sender: str, raw: str, text: str | None, id: str | None, on_new_message: Handler
    ) -> dict[str, Any]:
        logs.talk.set(sender)
        async with self.gate.turn(sender):
            known = await self._answered.get(sender, id) if id else None
            if known:
                return known
            if text is not None and talks.asks_to_delete(text):
                talks.delete(request.app.ctx.agent.tracker_store, sender)
                handover.delete(sender)
                await self._answered.forget(sender)
                return {"messages": [_plain("deleted")], "deleted": True}
            said = [_plain("blank")] if text is None else await self._answer(raw, text, sender, on_new_message)
            answer = {"messages": said or [_plain("failure")]}
            # A message that failed may come again, and be read then.
            if id and said:
                await self._answered.put(sender, id, answer)
            return answer

    async def _answer(self, raw: str, text: str, sender: str, on_new_message: Handler) -> list[dict[str, Any]]:
        """One turn; nothing where it fails, is too slow or says nothing: then the person gets a sentence and a contact."""
        collector = Collector()
        turn = UserMessage(text, collector, sender, input_channel=self.name())
        try:
            handover.keep_contact(sender, raw, text)
            answer = lambda: TURNS.run(lambda: on_new_message(turn), self.settings.patience)  # noqa: E731
            await METRICS.turn(self.name(), answer, collector.messages)
        except Exception:
            log.exception("A turn failed.")
            return []
        return list(collector.messages)

    def _text(self, body: dict[str, Any]) -> str | None:
        """What goes to Rasa: a command for a button of ours, or cleaned text; None for blank text."""
        choice, text = body.get("choice"), body.get("text")
        if choice is not None:
            if not isinstance(choice, str) or not CHOICE_ID.match(choice):
                raise Refused(400, "bad_choice", "bad_request")
            return payload(choice)
        if not isinstance(text, str):
            raise Refused(400, "bad_request", "bad_request")
        if len(text) > self.settings.longest:
            raise Refused(413, "too_long", "too_long", limit=self.settings.longest)
        return clean(text) or None


def greeting() -> list[dict[str, Any]]:
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
