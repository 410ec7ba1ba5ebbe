"""The assistant as `serve` runs it: a server killed or hanging, the disk full. Nothing is silent, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import AdviseAction
from bot import server
from bot.server import Assistant, healthy
from knowledge.loader import Knowledge
from tests.dialogues.talk import Answer, Talk
from tests.faults.conftest import settle
from tests.faults.people import HUMAN, Person, crowd, lost, promise, stored

pytestmark = pytest.mark.assistant


def in_time(talk: Talk, text: str) -> Answer:
    start = time.monotonic()
    answer = talk.say(text)
    assert time.monotonic() - start < promise()
    return answer


def test_without_the_action_server_there_is_a_sentence_with_a_human_contact(alone: Assistant) -> None:
    talk = Talk(alone.url)
    assert "Gebühr" in talk.say("Was kostet die Anerkennung?").text
    alone.kill("actions")
    answer = in_time(talk, "Und wie lange dauert das?")
    assert HUMAN in answer.text and "www.netzwerk-iq.de" in answer.text
    assert not healthy(alone.url)
    settle(alone)
    assert "Monate" in talk.say("Wie lange dauert die Anerkennung?").text


def test_when_rasa_itself_dies_the_supervisor_starts_it_again_and_the_session_goes_on(alone: Assistant) -> None:
    talk = Talk(alone.url)
    talk.say("Ich wohne in Kiel und brauche Beratung")
    alone.kill("rasa")
    settle(alone)
    assert talk.say("Welche Unterlagen brauche ich?").advice["land"] == "DE-SH"


def test_actions_that_hang_for_long_are_started_anew(alone: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LOOK", 0.1)
    monkeypatch.setattr(server, "SILENCE", 2.0)
    talk = Talk(alone.url)
    talk.say("Ich wohne in Kiel.")
    hanging = alone.pid("actions")
    os.kill(hanging, signal.SIGSTOP)
    end = time.monotonic() + 60
    while alone.pid("actions") == hanging:
        assert time.monotonic() < end
        alone.wake()
        alone.revive()
        time.sleep(0.1)
    settle(alone)
    alone.wake()
    assert talk.say("Wer berät mich?").advice["land"] == "DE-SH"


def test_a_hanging_action_holds_up_nobody(alone: Assistant) -> None:
    """More people than there are places for turns: those who wait for a place are told in time as well."""
    people = [Talk(alone.url) for _ in range(30)]
    for talk in people:
        talk.say("Ich wohne in Kiel.")
    os.kill(alone.pid("actions"), signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(len(people)) as threads:
            answers = list(threads.map(lambda talk: in_time(talk, "Was kostet die Anerkennung?"), people))
        assert server.status(alone.url) == 503
    finally:
        os.kill(alone.pid("actions"), signal.SIGCONT)
    assert all(HUMAN in answer.text for answer in answers)
    settle(alone)
    assert [talk.say("Wer berät mich?").advice["land"] for talk in people] == ["DE-SH"] * len(people)


def test_an_error_of_the_action_server_shows_no_talk(alone: Assistant) -> None:
    for body in (b"", b"{}", b"[]", b'{"next_action": "action_advise", "tracker": {"secret": "s3cret"}}', b"\xff"):
        request = urllib.request.Request(f"http://127.0.0.1:{alone.action_port}/webhook", body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert b"s3cret" not in answer.read()
        except urllib.error.HTTPError as error:
            assert b"s3cret" not in error.read()


def test_an_exception_in_the_action_gives_a_sentence_and_a_contact(knowledge: Knowledge) -> None:
    """The real action with a message that it cannot read: a guess that is a number."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker("someone", {}, {"intent_ranking": [5]}, [], False, None, {}, "action_listen")
    events = asyncio.run(AdviseAction().run(dispatcher, tracker, {}))
    assert events == []
    assert [message["text"] for message in dispatcher.messages] == [knowledge.texts["failure"]]
    assert HUMAN in knowledge.texts["failure"]


@contextmanager
def full_disk(process: int) -> Iterator[None]:
    """No file of the process can grow: what it sees of a full disk, without filling ours."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_nobody_is_told_that_they_were_heard_and_all_is_right_afterwards(alone: Assistant) -> None:
    talk = Talk(alone.url)
    talk.say("Ich wohne in Kiel.")
    with full_disk(alone.pid("rasa")):
        assert HUMAN in in_time(talk, "Ich wohne in München.").text
        assert HUMAN in in_time(Talk(alone.url), "Was kostet die Anerkennung?").text
    assert talk.say("Wer berät mich?").advice["land"] == "DE-SH"
    texts = [text for turns in stored(f"sqlite:///{alone.talks}").values() for _, text in turns]
    assert "Ich wohne in München." not in texts


def test_rasa_killed_during_many_talks_loses_nothing(alone: Assistant) -> None:
    async def two_words(person: Person) -> None:
        await person.say("Ich wohne in Kiel.")
        await person.say("Wer berät mich?")

    with ThreadPoolExecutor(1) as threads:
        talking = threads.submit(lambda: asyncio.run(crowd(60, two_words, [alone.url], over=4)))
        time.sleep(2)
        alone.kill("rasa")
        settle(alone)
        people = talking.result()
    assert lost(f"sqlite:///{alone.talks}", people) == []
    assert [said for person in people for said in person.said if not said.text] == []
    assert {person.said[1].advice["land"] for person in people if all(said.acknowledged for said in person.said)} == {"DE-SH"}
