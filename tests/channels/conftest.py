"""Every channel beside the fake of its platform."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.server import Assistant, free_port
from bot.settings import Settings
from tests.channels.fakes import FAKES, Fake
from tests.channels.fakes.base import Loop
from tests.channels.fakes.telegram import FakePollingTelegram
from tests.channels.talk import ChannelTalk
from tests.channels.world import World, wait

Make = Callable[..., World]


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def make(loop: Loop, tmp_path: Path) -> Iterator[Make]:
    """`make(FakeTelegram)` starts a channel; it is ended after the test."""
    made: list[World] = []

    def start(kind: type[Fake], **settings: Any) -> World:
        made.append(World(kind(loop), tmp_path / f"data{len(made)}", **settings))
        return made[-1]

    yield start
    for world in made:
        world.close()


@pytest.fixture(params=FAKES, ids=lambda kind: kind.__name__.removeprefix("Fake"))
def world(request: pytest.FixtureRequest, make: Make) -> World:
    """Each channel, one after the other: what a test says with it holds for all of them."""
    return make(request.param)


@dataclass(frozen=True)
class Messengers:
    """The real assistant with every messenger switched on, each beside its fake."""

    assistant: Assistant
    data: Path
    fakes: dict[str, Fake]

    def talk(self, channel: str) -> ChannelTalk:
        """A new person at a messenger: `.say(text)`, `.choose(title)` → what they see."""
        return ChannelTalk(self.fakes[channel], self.data, person=next(_PEOPLE))


_PEOPLE = itertools.count(5_000)


@pytest.fixture(scope="session")
def messengers(loop: Loop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messengers]:
    folder, port = tmp_path_factory.mktemp("messengers"), free_port()
    fakes = {kind.channel: kind(loop) for kind in FAKES if kind is not FakePollingTelegram}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEGWEISER_DATA", str(folder))
        patch.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
        patch.setenv("WEGWEISER_RATE_LIMIT", "off")
        for fake in fakes.values():
            fake.start()
            fake.target = f"http://127.0.0.1:{port}"
            for name, value in fake.environment().items():
                patch.setenv(name, value)
        # It keeps this environment for its servers; other tests must not see it.
        assistant = Assistant(Settings(data=folder), port=port)
    with assistant:
        wait(lambda: all(fake.ready() for fake in fakes.values()))
        yield Messengers(assistant, folder, fakes)
    for fake in fakes.values():
        fake.stop()
