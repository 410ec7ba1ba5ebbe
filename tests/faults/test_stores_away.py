"""PostgreSQL or Redis stopped and back, under two running assistants."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import pytest

from tests.faults.pair import Pair
from tests.faults.people import HUMAN, Person, Said, lost, promise, stored

pytestmark = pytest.mark.assistant
_PEOPLE = 10


@contextmanager
def stopped(pair: Pair, what: str) -> Iterator[None]:
    """Without PostgreSQL or Redis, or (`hangs`) with one that takes what is sent and never answers."""
    name, _, how = what.partition(" ")
    store = pair.database if name == "PostgreSQL" else pair.redis
    if how == "hangs":
        with hanging(store.pids()):
            yield
    else:
        store.stop()
        try:
            yield
        finally:
            store.start()


@contextmanager
def hanging(processes: list[int]) -> Iterator[None]:
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@pytest.mark.parametrize("what", ["PostgreSQL", "PostgreSQL hangs", "Redis", "Redis hangs"])
def test_without_a_store_everybody_gets_a_sentence_in_time_and_all_is_right_afterwards(pair: Pair, what: str) -> None:
    async def say(people: list[Person], text: str) -> list[Said]:
        return await asyncio.gather(*(person.say(text) for person in people))

    async def run() -> list[Person]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
            people = [await Person(client, pair.urls[n % 2 :]).begin() for n in range(_PEOPLE)]
            before = await say(people, "Ich wohne in Kiel.")
            assert all(said.acknowledged for said in before)
            with stopped(pair, what):
                without = await say(people, "Was kostet die Anerkennung?")
                without += await say(people, "Und wie lange dauert das?")
            assert [said for said in without if HUMAN not in said.text or said.status != 200] == []
            assert [said for said in without if said.seconds > promise()] == []
            after = await say(people, "Wer berät mich?")
            assert [said for said in after if said.advice.get("land") != "DE-SH"] == []
            return people

    people = asyncio.run(run())
    assert lost(pair.database.url, people) == []
    kept = stored(pair.database.url)
    for person in people:
        assert [text for kind, text in kept[person.sender] if kind == "user"][-1] == "Wer berät mich?"
