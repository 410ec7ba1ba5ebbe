"""Actions inside the Rasa process: the same answers as by the action server, one process less, a hanging one is noticed."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.utils.endpoints import EndpointConfig

from bot.inside import Inside
from bot.server import Assistant, free_port
from bot.settings import Settings
from tests.dialogues.talk import Talk

TEXTS = ("Was kostet die Anerkennung?", "Ich bin Krankenschwester aus Syrien", "in Erlangen", "qwertz", "Lösche alles")


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
        with Assistant(Settings(data=folder, actions="inside"), port=free_port()) as running:
            yield running


@pytest.mark.assistant
def test_the_answers_are_those_of_the_action_server(inside: Assistant, assistant: Assistant) -> None:
    one, other = Talk(inside.url), Talk(assistant.url)
    for text in TEXTS:
        assert one.say(text) == other.say(text), text


@pytest.mark.assistant
def test_there_is_no_action_server_and_health_knows_the_actions(inside: Assistant) -> None:
    assert list(inside._running) == ["rasa"]
    with urllib.request.urlopen(f"{inside.url}/health", timeout=5) as answer:
        assert json.load(answer) == {"model": True, "actions": True}


def test_an_action_that_hangs_is_noticed_and_stops_only_the_actions() -> None:
    endpoint = Inside()

    async def hang() -> None:
        time.sleep(3)

    async def look() -> tuple[bool, bool, float]:
        well = await endpoint.alive()
        hanging = asyncio.run_coroutine_threadsafe(hang(), endpoint._loop)
        start = time.monotonic()
        ill = await endpoint.alive()
        waited = time.monotonic() - start
        await asyncio.wrap_future(hanging)
        assert await endpoint.alive()
        return well, ill, waited

    well, ill, waited = asyncio.run(look())
    assert well and not ill and waited < 3


def test_the_options_of_the_named_server_stay() -> None:
    named = EndpointConfig("http://127.0.0.1:1/webhook", enable_selective_domain=True)
    assert Inside(named).kwargs == {"enable_selective_domain": True}


def test_an_action_that_there_is_not_is_an_error() -> None:
    with pytest.raises(Exception, match="No registered action found for name 'made_up'"):
        asyncio.run(Inside().request(json={"next_action": "made_up", "tracker": {}}))
