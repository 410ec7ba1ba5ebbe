"""Two processes share PostgreSQL and Redis: in order, without loss, also when one of them is killed."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import pytest

from tests.faults.conftest import settle
from tests.faults.pair import Pair
from tests.faults.people import HUMAN, Person, crowd, lost, promise, stored
from tests.faults.trial import WORDS, talk

pytestmark = pytest.mark.assistant


def test_fifty_messages_of_one_person_over_both_are_answered_stored_and_never_mixed(pair: Pair) -> None:
    async def run() -> tuple[Person, float]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
            # Begun at one process, and known to the other.
            one = await Person(client, pair.urls[:1]).begin()
            two = Person(client, pair.urls[1:], one.session)
            one.said += (await one.say("Ich wohne in Kiel."),)
            start = time.monotonic()
            await asyncio.gather(*((one, two)[n % 2].say(f"Was kostet die Anerkennung, Frage {n}?") for n in range(50)))
            one.said += two.said
            return one, time.monotonic() - start

    person, seconds = asyncio.run(run())
    assert [said.sent for said in person.said if not said.acknowledged] == []
    kept = stored(pair.database.url)[person.sender]
    heard = [text for kind, text in kept if kind == "user"][1:]
    assert sorted(heard) == sorted(f"Was kostet die Anerkennung, Frage {n}?" for n in range(50))
    # No message was read while another one was being answered: behind each stands its answer.
    assert all(kept[n + 1][0] == "bot" for n, (kind, _) in enumerate(kept) if kind == "user")
    print(f"50 messages of one person over two processes: {seconds:.1f} s")


def test_many_talks_at_once_are_all_answered_and_stored_in_order(pair: Pair) -> None:
    """A rush is no failure: people wait, and nobody is put off. `python -m tests.faults.trial` is the large one."""
    people = asyncio.run(crowd(150, talk, pair.urls, over=0))
    assert [said for person in people for said in person.said if not said.acknowledged] == []
    kept = stored(pair.database.url)
    assert {tuple(text for kind, text in kept[person.sender] if kind == "user") for person in people} == {WORDS}
    assert {person.said[-1].advice["land"] for person in people} == {"DE-SH"}


def test_each_process_killed_during_200_talks_loses_nothing_and_the_others_go_on(pair: Pair) -> None:
    async def two_words(person: Person) -> None:
        for words in (WORDS[0], WORDS[2]):
            await person.say(words)

    with ThreadPoolExecutor(1) as threads:
        talking = threads.submit(lambda: asyncio.run(crowd(200, two_words, pair.urls, over=20)))
        for assistant, name in ((pair.two, "actions"), (pair.one, "rasa")):
            time.sleep(3)
            assistant.kill(name)
            settle(pair.one, pair.two)
        people = talking.result()
    said = [said for person in people for said in person.said]
    assert len(said) == 400 and {one.status for one in said} == {200} and all(one.text for one in said)
    assert lost(pair.database.url, people) == []
    assert {person.said[1].advice["land"] for person in people if all(said.acknowledged for said in person.said)} == {"DE-SH"}
    put_off = [one for one in said if not one.acknowledged]
    assert all(HUMAN in one.text for one in put_off) and len(put_off) < len(said) / 2
    late = sorted(one.seconds for one in said if one.seconds > promise())
    print(f"put off {len(put_off)} of {len(said)}")
    assert late == []
