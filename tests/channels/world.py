"""A channel on a real Sanic server beside a fake platform, with a scripted handler in the place of Rasa."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels.api import Pace
from bot.channels.guard import protect
from bot.channels.options import Options
from bot.commands.channels import load
from bot.server import free_port
from bot.settings import Settings
from tests.channels.fakes import Fake

if TYPE_CHECKING:
    from rasa.core.channels.channel import UserMessage

# Seconds until a test gives up waiting.
PATIENCE = 8.0
Message = dict[str, Any]


class Clock:
    """A clock for pauses: they take no time, but it goes on by them. `slept` is how long each was to be."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return time.monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._ahead += seconds
        await asyncio.sleep(0.001)


class Script:
    """What the assistant says: `answer` is called with what reached it. `heard` is all that did: (talk, text)."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.answer: Callable[[str], list[Message]] = lambda text: [{"text": f"Antwort auf: {text}"}]
        self.wait = 0.0

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append((message.sender_id, message.text))
        await asyncio.sleep(self.wait)
        for said in self.answer(message.text):
            await message.output_channel.send_response(message.sender_id, said)


class World:
    """One fake platform and one channel that talks to it."""

    def __init__(self, fake: Fake, folder: Path, patient: bool = False, **settings: Any) -> None:
        self.fake, self.script, self.folder, self.clock = fake, Script(), folder, Clock()
        # The pauses are those of the real assistant; only the limit of a call is shorter.
        # `patient`: real pauses, for a real server on the other side.
        self._pace = Pace() if patient else Pace(limit=0.3, sleep=self.clock.sleep, clock=self.clock.now)
        self._settings = {"patience": 0.5, **settings}
        fake.start()
        self.up()

    def up(self) -> None:
        """Start the channel, as the server does."""
        self.fake.loop.run(self._up())
        wait(self.fake.ready)

    def down(self) -> None:
        """End it, as the server does."""
        self.fake.loop.run(self._down())

    async def _up(self) -> None:
        # Rasa takes seconds to import: not while tests are only collected.
        from rasa.core.tracker_store import InMemoryTrackerStore
        from rasa.shared.core.domain import Domain

        port = free_port()
        self.fake.target = f"http://127.0.0.1:{port}"
        kind = type(load(self.fake.channel))
        options = Options(kind.name(), kind.fields, self.fake.environment())
        self.channel = kind(options, Settings(data=self.folder, **self._settings), self._pace)
        app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        app.ctx.agent = SimpleNamespace(tracker_store=InMemoryTrackerStore(Domain.empty()))
        protect(app, 10.0)  # as the real server is
        app.blueprint(self.channel.blueprint(self.script), url_prefix=f"/webhooks/{self.fake.channel}")
        self._server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        # This Sanic rewrites its own methods at the start of an app, which works once in a process.
        TouchUp._registry.clear()
        await self._server.after_start()

    async def _down(self) -> None:
        await self._server.before_stop()
        self._server.close()
        await self._server.wait_closed()

    def close(self) -> None:
        self.down()
        self.fake.stop()

    def settled(self) -> None:
        """Wait until every event that the channel has taken is answered."""
        settle(self.folder)

    def wait(self, ready: Callable[[], bool]) -> None:
        wait(ready)

    def open_events(self) -> int:
        return open_events(self.folder)

    def dead(self) -> str:
        path = self.folder / "logs" / "dead_letters.jsonl"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def wait(ready: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Until `ready`; fails after `patience` seconds."""
    end = time.monotonic() + patience
    while not ready():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def settle(folder: Path, patience: float = PATIENCE) -> None:
    """Wait until no event in the journal of `folder` is unanswered."""
    wait(lambda: open_events(folder) == 0, patience)


def open_events(folder: Path) -> int:
    return _count(folder, "content IS NOT NULL")


def events(folder: Path) -> int:
    """All events that came, answered or not."""
    return _count(folder, "1")


def _count(folder: Path, where: str) -> int:
    path = folder / "messengers.db"
    if not path.exists():
        return 0
    db = sqlite3.connect(path, timeout=5)
    try:
        return int(db.execute(f"SELECT count(*) FROM events WHERE {where}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        db.close()
