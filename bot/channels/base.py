"""What all channels share: cleaning what comes in, the form in which answers go out, and the road of every messenger."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, ClassVar

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot import handover, logs, talks
from bot.channels.api import Answer, Api, Pace, Undelivered, judge_http
from bot.channels.delivery import DeadLetters, Delivery, plain
from bot.channels.incoming import Forbidden, Incoming, Kind
from bot.channels.journal import Journal
from bot.channels.options import Field, Options, key_of, keyed
from bot.channels.parts import Limits, Part
from bot.channels.queues import Queues
from bot.channels.turns import TURNS
from bot.metrics import METRICS
from bot.settings import Settings
from knowledge.redaction import redact

log = logging.getLogger("wegweiser.channels")

Handler = Callable[[UserMessage], Awaitable[None]]
_CHOICE = re.compile(r"^/choose(\{.*\})$", re.DOTALL)
# Ids of buttons as knowledge/ makes them; anything else is refused before Rasa sees it.
CHOICE_ID = re.compile(r"^(topic|land|place|profession|contact|handover|answer):[A-Za-z0-9_-]{1,80}\Z")


def clean(text: str) -> str:
    """Typed text as the model may read it: NFC, no control characters, no leading slash (which Rasa would obey), and
    no personal data, since nothing here needs them."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if c.isprintable() or c in "\n\u200c\u200d" else " " for c in text)
    return redact(text.lstrip("/ \t\r\n").rstrip())


def payload(choice: str) -> str:
    """The command behind a button id that has the form of CHOICE_ID."""
    return f"/choose{json.dumps({'choice': choice})}"


class Collector(CollectingOutputChannel):
    """Gathers the answers of one turn, each with text, buttons and the object for machines together."""

    @classmethod
    def name(cls) -> str:
        return "website"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message whole; Rasa's own collector would take it apart."""
        self.messages.append(outgoing(message))


def outgoing(message: dict[str, Any]) -> dict[str, Any]:
    """A message as channels send it: `text`, `buttons`, `custom`, and for other languages than German `lang` and `dir`."""
    custom = dict(message.get("custom") or {})
    # Actions can only put them into the custom part.
    spoken = {name: value for name in ("lang", "dir") if (value := custom.pop(name, None) or message.get(name))}
    buttons = [_shown(button) for button in message.get("buttons") or []]
    return {"text": message.get("text") or "", "buttons": buttons, "custom": custom or None, **spoken}


def _shown(button: dict[str, Any]) -> dict[str, Any]:
    """A button without its payload: its title and our id, with its translation or address where it has one."""
    match = _CHOICE.match(str(button.get("payload", "")))
    choice = json.loads(match.group(1)).get("choice", "") if match else ""
    more = {name: button[name] for name in ("also", "url") if button.get(name)}
    return {"title": str(button.get("title", "")), "id": str(choice), **more}


class Messenger(InputChannel):
    """A channel over somebody else's platform. Its file says what the platform needs: `platform`, `limits`, `fields`,
    `verify`, `events`, `read`, `send`; often `judge`, `start_talking` and `check`. docs/CHANNELS.md leads through it.

    The way of a message: webhook → `verify` → `events` → `read` → journal → acknowledged; then, in a queue of the
    person's own: button or text → Rasa → parts → `send`. Off unless all that it needs is set in the environment.
    """

    platform: ClassVar[str]
    limits: ClassVar[Limits]
    fields: ClassVar[tuple[Field, ...]]
    # Whether the platform calls us; the others are fetched.
    has_webhook: bool = True
    # Bytes of a webhook that are read: platforms send some kilobytes.
    LARGEST: ClassVar[int] = 1_000_000
    # Seconds that running answers get when the server ends.
    GRACE: ClassVar[float] = 5.0

    def __init__(self, options: Options, settings: Settings, pace: Pace | None = None) -> None:
        self.options, self.settings, self.pace = options, settings, pace or Pace()
        self.api = Api(options["URL"], self.judge, self.pace, self.headers())
        self.queues = Queues()
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Messenger:
        return cls(Options(cls.name(), cls.fields), Settings.read())

    # What a channel says about its platform.

    def headers(self) -> dict[str, str]:
        """Headers of every call to the platform, such as the token."""
        return {}

    def verify(self, request: Request) -> None:
        """Raise Forbidden unless the platform sent this."""
        raise NotImplementedError

    def events(self, request: Request) -> list[Any]:
        """The events in a webhook, in order. Raises ValueError for a body that is none."""
        raise NotImplementedError

    def read(self, event: Any) -> Incoming | None:
        """What a person did; None for an event that needs no answer. May raise KeyError, TypeError … for an unknown form."""
        raise NotImplementedError

    async def send(self, event: Incoming, part: Part, name: str) -> None:
        """Send one part of the answer to `event`; `name` is the same when the part is sent again. Raises Undelivered."""
        raise NotImplementedError

    def judge(self, answer: Answer) -> None:
        """Raise Later, Refused or Unreachable for an answer of the platform that is not good."""
        judge_http(answer)

    async def receive(self, event: Incoming) -> None:
        """Tell the platform that a button press arrived, where it waits for that."""

    async def run(self) -> None:
        """For a channel that fetches: runs as long as the server does."""

    async def check(self) -> list[str]:
        """What is wrong with credentials and webhook, one plain sentence each. For `channels check`."""
        raise NotImplementedError

    def routes(self, blueprint: Blueprint) -> None:
        """More addresses than /webhook, such as a verification by GET."""

    # The road that all of them share.

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        blueprint = Blueprint(self.name(), __name__)
        if not self.options.on:
            if self.options.begun:
                log.error(
                    "%s is off: %s is not set.", self.platform, ", ".join(map(self.options.variable, self.options.missing))
                )
            return blueprint
        self._handler = on_new_message

        # Functions, since this Sanic writes on what it calls.
        blueprint.listener("after_server_start")(lambda app, _: self.begin(app))
        blueprint.listener("before_server_stop")(lambda _, __: self.end())
        blueprint.post("/webhook")(lambda request: self.webhook(request))
        self.routes(blueprint)
        return blueprint

    async def begin(self, app: Any) -> None:
        """The server runs: open the journal, take up what an earlier process left."""
        self._app = app
        self._key = key_of(self.settings.data)
        self.journal = Journal(self.settings.data / "messengers.db")
        self.dead = DeadLetters(self.settings.data / "logs" / "dead_letters.jsonl")
        self.delivery = Delivery(self.name(), self.limits, self.send, self.dead)
        for id, content, tries in self.journal.unanswered(self.name()):
            self._enqueue(id, Incoming.load(content), tries)
        self._tasks = [asyncio.get_running_loop().create_task(self._fetching())]

    async def end(self) -> None:
        """The server ends: no more fetching, running answers get a moment; the journal keeps the rest."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.queues.close(self.GRACE)
        await self.api.close()
        self.journal.close()
        self.dead.close()

    async def _fetching(self) -> None:
        while True:
            try:
                return await self.run()
            except Exception:
                log.exception("%s: fetching failed and goes on.", self.platform)
                await self.pace.sleep(self.pace.longest)

    def webhook(self, request: Request) -> HTTPResponse:
        """Verify, note, acknowledge. Answers with 403 for forged, 400 for unreadable, 413 for huge, 503 for too much."""
        if len(request.body) > self.LARGEST:
            return empty(413)
        try:
            self.verify(request)
            events = self.events(request)
        except Forbidden as error:
            log.warning("A forged request for %s: %s", self.platform, error)
            return empty(403)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return empty(400)
        taken = [self.take(event) for event in events]
        return self.acknowledge(request) if all(taken) else empty(503)

    def acknowledge(self, request: Request) -> HTTPResponse:
        """What the platform wants to hear when its events have arrived."""
        return empty(200)

    def take(self, event: Any) -> bool:
        """Note an event, and answer it in the background. False when this person has too many waiting: it may come again."""
        try:
            found = self.read(event)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            log.warning("%s sent an event of an unknown form (%s).", self.platform, type(error).__name__)
            return True
        if found is None:
            return True
        if self.queues.full(self.talk(found)):
            log.warning("Too many unanswered messages of one person on %s.", self.platform)
            return False
        found = self._prepared(found)
        id = keyed(self._key, "event", found.id)
        if self.journal.add(self.name(), id, found.dump()):
            self._enqueue(id, found, 0)
        return True

    def talk(self, event: Incoming) -> str:
        """The session id: a keyed hash, so that neither talks nor logs hold the platform's id."""
        return keyed(self._key, self.name(), "person", event.sender)

    def _prepared(self, event: Incoming) -> Incoming:
        """Cleaned before it is written anywhere."""
        if event.kind is not Kind.TEXT:
            return event
        if len(event.text) > self.settings.longest:
            return replace(event, kind=Kind.TOO_LONG, text="")
        text = clean(event.text)
        handover.keep_contact(self.talk(event), event.text, text)
        return replace(event, text=text)

    def _enqueue(self, id: str, event: Incoming, tries: int) -> None:
        talk = self.talk(event)

        async def job() -> None:
            logs.talk.set(talk)
            # An event that has ended the process twice is not tried a third time.
            messages = [plain("failure")] if tries > 1 else await self._answer(event, talk)
            await self.delivery.say(event, talk, messages)
            self.journal.done(self.name(), id)

        self.queues.put(talk, job)

    async def _answer(self, event: Incoming, talk: str) -> list[dict[str, Any]]:
        """What to say. Where anything fails, the person still gets a sentence and a contact."""
        deletes = event.kind is Kind.TEXT and talks.asks_to_delete(event.text)
        first = not deletes and self.journal.greet(talk)
        if event.kind is Kind.GROUP:
            # Once to each person: in a group we must not talk into everything.
            return [plain("messenger_group")] if first else []
        notice = [plain("messenger_notice", platform=self.platform)] if first else []
        try:
            await self.receive(event)
        except Undelivered as error:
            log.warning("%s did not take a receipt: %s", self.platform, error.kind)
        try:
            said = [self._delete(talk)] if deletes else await self._heard(event, talk)
        except Exception:
            log.exception("A turn failed.")
            said = []
        return [*notice, *(said or [plain("failure")])]

    async def _heard(self, event: Incoming, talk: str) -> list[dict[str, Any]]:
        command = self._command(event, talk)
        if command is None:
            return [self._unheard(event)]
        collector = Collector()
        turn = UserMessage(command, collector, talk, input_channel=self.name())
        answer = lambda: TURNS.run(lambda: self._handler(turn), self.settings.patience)  # noqa: E731
        await METRICS.turn(self.name(), answer, collector.messages)
        return list(collector.messages)

    def _command(self, event: Incoming, talk: str) -> str | None:
        """What goes to Rasa: a command for a button or number of ours, or cleaned text; None where there is nothing to read."""
        if event.kind is Kind.START:
            return payload("topic:smalltalk")
        if event.kind is Kind.CHOICE:
            return payload(event.text) if CHOICE_ID.match(event.text) else None
        if event.kind is not Kind.TEXT:
            return None
        chosen = self.delivery.lists.chosen(talk, event.text)
        return payload(chosen) if chosen and CHOICE_ID.match(chosen) else event.text or None

    def _unheard(self, event: Incoming) -> dict[str, Any]:
        """The sentence for what is not read."""
        names = {Kind.TEXT: "blank", Kind.CHOICE: "bad_request", Kind.TOO_LONG: "too_long"}
        name = names.get(event.kind, f"messenger_{event.kind.value}")
        return plain(name, limit=self.settings.longest, platform=self.platform)

    def _delete(self, talk: str) -> dict[str, Any]:
        talks.delete(self._app.ctx.agent.tracker_store, talk)
        handover.delete(talk)
        self.delivery.lists.forget(talk)
        self.journal.forget(talk)
        return plain("messenger_deleted", platform=self.platform)
