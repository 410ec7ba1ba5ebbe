"""People: one by one, many at once, at a given pace, one very long, one very impatient. Times in milliseconds."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bench.bots import Bot, NoAnswer
from bench.plan import TURNS

# Seconds after which the client gives a turn up.
_LIMIT = 180.0
# Seconds between two messages of the impatient person: so little that they are all there at once, and still in an order.
_GAP = 0.002


@dataclass
class Times:
    """What happened: the milliseconds of each good turn, how many had no good answer, and the seconds of all together."""

    ms: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Good turns a second."""
        return len(self.ms) / self.seconds

    def add(self, since: float) -> None:
        self.ms.append(1000 * (time.perf_counter() - since))


@asynccontextmanager
async def clients(reuse: bool = True) -> AsyncIterator[aiohttp.ClientSession]:
    """As many connections as needed; they stay open, as a browser keeps them, or are new for each turn."""
    # Sanic closes what was idle for five seconds. A browser sends again what fell into that moment; this client gives it up.
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3) if reuse else aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=_LIMIT)) as session:
        yield session


async def single(bot: Bot, questions: list[str], turns: int, warm: int) -> Times:
    """One person after the other, `TURNS` messages each; the first `warm` turns are not counted."""
    times = Times()
    async with clients() as client:
        for i, text in enumerate(_texts(questions, 1, turns + warm)):
            if i % TURNS == 0:
                talk = await bot.begin(client)
            if i == warm:
                times = Times()
            await _turn(bot, client, talk, text, times, time.perf_counter())
    return times


async def crowd(bot: Bot, questions: list[str], talks: int, seconds: float) -> Times:
    """`talks` people at once for `seconds`, each sends the next message as soon as the last is answered.

    What is under way at the end is waited for and counted: until then the bot is as busy as before.
    """
    times = Times()
    start = time.perf_counter()

    async def person(number: int, client: aiohttp.ClientSession) -> None:
        chance, said = random.Random(number), 0  # noqa: S311
        while time.perf_counter() < start + seconds:
            if said % TURNS == 0:
                talk = await bot.begin(client)
            await _turn(bot, client, talk, chance.choice(questions), times, time.perf_counter())
            said += 1

    async with clients() as client:
        await asyncio.gather(*(person(number, client) for number in range(talks)))
    times.seconds = time.perf_counter() - start
    return times


async def paced(bot: Bot, questions: list[str], talks: int, rate: float, seconds: float) -> Times:
    """`talks` people who together send `rate` messages a second, whether or not the bot keeps up; from when each was due."""
    times = Times()
    start = time.perf_counter()

    async def person(number: int, client: aiohttp.ClientSession) -> None:
        chance = random.Random(number)  # noqa: S311
        due, said = start + chance.random() * talks / rate, 0
        while due < start + seconds:
            if said % TURNS == 0:
                # A talk is there before its first message is due, as a page is there before somebody types.
                talk = await bot.begin(client)
            await asyncio.sleep(due - time.perf_counter())
            await _turn(bot, client, talk, chance.choice(questions), times, due)
            due, said = due + chance.expovariate(rate / talks), said + 1

    async with clients() as client:
        await asyncio.gather(*(person(number, client) for number in range(talks)))
    times.seconds = time.perf_counter() - start
    return times


async def long(bot: Bot, questions: list[str], turns: int, limit: float) -> Times:
    """One talk of `turns` messages, or as many as there are in `limit` seconds."""
    times = Times()
    end = time.perf_counter() + limit
    async with clients() as client:
        talk = await bot.begin(client)
        for text in _texts(questions, 2, turns):
            if time.perf_counter() > end:
                break
            await _turn(bot, client, talk, text, times, time.perf_counter())
    return times


async def burst(bot: Bot, messages: list[str]) -> Times:
    """All `messages` of one person at once, in their order; `seconds` until the last is answered."""
    times = Times()
    # What comes over an open connection would overtake what comes over a new one; only new ones are answered in order.
    async with clients(reuse=False) as client:
        talk = await bot.begin(client)
        # The talk is there, and a first turn has been.
        await _turn(bot, client, talk, "Guten Tag", Times(), time.perf_counter())
        start = time.perf_counter()
        turns = []
        for text in messages:
            turns.append(asyncio.ensure_future(_turn(bot, client, talk, text, times, time.perf_counter())))
            await asyncio.sleep(_GAP)
        await asyncio.gather(*turns)
    times.seconds = time.perf_counter() - start
    return times


async def _turn(bot: Bot, client: aiohttp.ClientSession, talk: str, text: str, times: Times, since: float) -> None:
    try:
        await bot.say(client, talk, text)
    except NoAnswer:
        times.failed += 1
    else:
        times.add(since)


def _texts(questions: list[str], seed: int, number: int) -> list[str]:
    return random.Random(seed).choices(questions, k=number)  # noqa: S311
