"""The way out: messages → parts → the platform, in order. What does not arrive is on record, without personal data."""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from bot.channels.api import Refused, Unreachable
from bot.channels.incoming import Incoming
from bot.channels.parts import Limits, Numbers, Part, fit
from knowledge import store

log = logging.getLogger("wegweiser.channels")
Send = Callable[[Incoming, Part, str], Awaitable[None]]


def plain(name: str, **values: Any) -> dict[str, Any]:
    """One of the assistant's own sentences (knowledge/data/texts.yml) as a message."""
    return {"text": store.current().texts[name].format(**values), "buttons": [], "custom": None}


class Lists:
    """The last numbered list of each talk, so that „3“ is understood. In memory: after a restart a number is plain text."""

    MOST = 10_000

    def __init__(self) -> None:
        self._lists: OrderedDict[str, dict[str, str]] = OrderedDict()

    def remember(self, talk: str, numbers: Numbers) -> None:
        self._lists[talk] = dict(numbers.ids)
        self._lists.move_to_end(talk)
        while len(self._lists) > self.MOST:
            self._lists.popitem(last=False)

    def chosen(self, talk: str, text: str) -> str | None:
        """The id behind „3“, „3.“, „(3)“ or „Nr. 3“, in the digits of any script; None where it is no number of the list."""
        typed = text.strip().lower().removeprefix("nr").strip(" .:()#")
        if not typed.isdecimal() or len(typed) > 3:
            return None
        return self._lists.get(talk, {}).get(str(int(typed)))

    def forget(self, talk: str) -> None:
        self._lists.pop(talk, None)


class DeadLetters:
    """One JSON line for each thing that never arrived: time, channel, hash of the person, kind of error."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)

    def add(self, channel: str, talk: str, kind: str) -> None:
        record = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "channel": channel,
            "person": talk[:12],
            "error": kind,
        }
        self._file.emit(logging.makeLogRecord({"msg": json.dumps(record)}))
        log.warning("Not delivered over %s: %s", channel, kind)

    def close(self) -> None:
        self._file.close()


class Delivery:
    """Sends the messages of one turn to one person."""

    def __init__(self, channel: str, limits: Limits, send: Send, dead: DeadLetters) -> None:
        self._channel, self._limits, self._send, self._dead = channel, limits, send, dead
        self.lists = Lists()

    async def say(self, event: Incoming, talk: str, messages: list[dict[str, Any]]) -> None:
        """Each part is taken by the platform before the next one goes, so that they arrive in order."""
        numbers, choose = Numbers(), store.current().texts["choose"]
        parts = [part for message in messages for part in fit(message, self._limits, numbers, choose)]
        if numbers.ids:
            # Before they are sent: people answer fast.
            self.lists.remember(talk, numbers)
        refused = False
        try:
            for i, part in enumerate(parts):
                refused |= not await self._part(event, talk, part, str(i))
            if refused:
                await self._one(event, talk, Part(store.current().texts["failure"]), "failure")
        except Unreachable as error:
            self._dead.add(self._channel, talk, error.kind)

    async def _part(self, event: Incoming, talk: str, part: Part, name: str) -> bool:
        """Send a part; as plain text where the platform refuses its buttons. Whether it arrived. Raises Unreachable."""
        if not part.plain:
            return await self._one(event, talk, part, name)
        try:
            await self._send(event, part, name)
            return True
        except Refused as error:
            log.warning("%s refused buttons (%s); they go as a list.", self._channel, error.kind)
        return all([await self._one(event, talk, plain, f"{name}p{i}") for i, plain in enumerate(part.plain)])

    async def _one(self, event: Incoming, talk: str, part: Part, name: str) -> bool:
        try:
            await self._send(event, part, name)
        except Refused as error:
            self._dead.add(self._channel, talk, error.kind)
            return False
        return True
