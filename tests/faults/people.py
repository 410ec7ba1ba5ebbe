"""Many people at once over the website channel, each as the widget does it: a message that got no answer comes again."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import sqlalchemy as sa

from knowledge import store

HUMAN = "+49 30 1815-1111"
# Seconds in which everybody is promised a sentence, and how many of the processors' queues may be full meanwhile.
PROMISE, _FULL = 3.0, 1.5
# Seconds that a widget goes on trying to send a message, with a short pause between.
_TRIES, _PAUSE = 60.0, 0.2


def promise() -> float:
    """PROMISE; more where other programs have taken the processors, since then nobody can promise anything."""
    return PROMISE * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) / _FULL)


@dataclass(frozen=True)
class Said:
    """One message and what came back: all texts together, the advice for machines, seconds of the last try."""

    sent: str
    status: int
    text: str
    advice: dict[str, Any]
    seconds: float
    tries: int

    @property
    def acknowledged(self) -> bool:
        """Whether it was answered and not put off with a sentence and a contact."""
        return self.status == 200 and self.text != store.current().texts["failure"]


@dataclass
class Person:
    """Somebody who talks with one of `urls`, and goes to the next when there is no connection."""

    client: aiohttp.ClientSession
    urls: Sequence[str]
    session: str = ""
    said: list[Said] = field(default_factory=list)

    async def begin(self) -> Person:
        status, body, _, _ = await self._post("session", {})
        assert status == 200, body
        self.session = body["session"]
        return self

    @property
    def sender(self) -> str:
        return str(jwt.decode(self.session, options={"verify_signature": False})["sub"])

    async def say(self, text: str) -> Said:
        message = {"session": self.session, "text": text, "id": secrets.token_hex(8)}
        status, body, seconds, tries = await self._post("message", message)
        messages = body.get("messages", [])
        advice = next((m["custom"]["advice"] for m in messages if m.get("custom")), {})
        said = Said(text, status, "\n".join(m["text"] for m in messages), advice, seconds, tries)
        self.said.append(said)
        return said

    async def _post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any], float, int]:
        end, tries = time.monotonic() + _TRIES, 0
        while True:
            start = time.monotonic()
            try:
                url = f"{self.urls[tries % len(self.urls)]}/webhooks/website/{path}"
                async with self.client.post(url, json=body) as answer:
                    return answer.status, await answer.json(), time.monotonic() - start, tries + 1
            except (aiohttp.ClientError, OSError):
                tries += 1
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(_PAUSE)


async def crowd(number: int, talk: Callable[[Person], Awaitable[None]], urls: Sequence[str], over: float) -> list[Person]:
    """`number` people who begin one after the other within `over` seconds, half of them at each of two urls."""
    limits = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=limits, timeout=aiohttp.ClientTimeout(total=300)) as client:

        async def one(n: int) -> Person:
            await asyncio.sleep(n * over / number)
            turn = n % len(urls)
            person = await Person(client, [*urls[turn:], *urls[:turn]]).begin()
            await talk(person)
            return person

        return await asyncio.gather(*(one(n) for n in range(number)))


def stored(url: str) -> dict[str, list[tuple[str, str]]]:
    """What the database has of each talk, in order: ("user" or "bot", text)."""
    engine, found = sa.create_engine(url), defaultdict(list)
    query = "SELECT sender_id, type_name, data FROM events WHERE type_name IN ('user', 'bot') ORDER BY id"
    with engine.connect() as connection:
        for sender, kind, data in connection.execute(sa.text(query)):
            found[sender].append((kind, str(json.loads(data)["text"])))
    engine.dispose()
    return found


def lost(url: str, people: Sequence[Person]) -> list[str]:
    """The acknowledged messages that the database does not have in the order in which they were said."""
    missing, kept = [], stored(url)
    for person in people:
        # One that was not acknowledged may stand between them, or one twice that a dying process had read.
        rest = iter([text for kind, text in kept[person.sender] if kind == "user"])
        missing += [said.sent for said in person.said if said.acknowledged and said.sent not in rest]
    return missing
