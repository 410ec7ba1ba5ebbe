"""Nothing is silent: each failure ends in a German sentence with a human contact. The servers are really stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import AdviseAction
from bot.server import Assistant, free_port, healthy
from bot.settings import Settings
from knowledge.loader import Knowledge
from tests.dialogues.talk import Talk

pytestmark = pytest.mark.assistant
HUMAN = "+49 30 1815-1111"


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: pytest.MonkeyPatch) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("fragile")
    monkeypatch_module.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
    with Assistant(Settings(data=folder), port=free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_without_the_action_server_there_is_a_sentence_with_a_human_contact(fragile: Assistant) -> None:
    talk = Talk(fragile.url)
    assert "Gebühr" in talk.say("Was kostet die Anerkennung?").text
    fragile.kill("actions")
    start = time.monotonic()
    answer = talk.say("Und wie lange dauert das?")
    assert HUMAN in answer.text and "www.netzwerk-iq.de" in answer.text
    assert time.monotonic() - start < 10
    assert not healthy(fragile.url)
    fragile.revive()
    end = time.monotonic() + 30
    while not healthy(fragile.url) and time.monotonic() < end:
        time.sleep(0.2)
    assert "Monate" in talk.say("Wie lange dauert die Anerkennung?").text


def test_an_exception_in_the_action_gives_a_sentence_and_a_contact(fragile: Assistant, knowledge: Knowledge) -> None:
    """The real action with a message that it cannot read: a guess that is a number."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker("someone", {}, {"intent_ranking": [5]}, [], False, None, {}, "action_listen")
    events = asyncio.run(AdviseAction().run(dispatcher, tracker, {}))
    assert events == []
    assert [message["text"] for message in dispatcher.messages] == [knowledge.texts["failure"]]
    assert HUMAN in knowledge.texts["failure"]


def test_when_rasa_itself_dies_the_supervisor_starts_it_again_and_the_session_goes_on(fragile: Assistant) -> None:
    talk = Talk(fragile.url)
    talk.say("Ich wohne in Kiel und brauche Beratung")
    fragile.kill("rasa")
    fragile.revive()
    end = time.monotonic() + 60
    while not healthy(fragile.url) and time.monotonic() < end:
        time.sleep(0.2)
    assert talk.say("Welche Unterlagen brauche ich?").advice["land"] == "DE-SH"
