"""The channel of the website in a real server of its own, with a handler in place of Rasa; needs no model."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels.guard import protect
from bot.channels.website import WebsiteInput
from bot.server import free_port
from bot.settings import Settings
from knowledge import store
from tests.website.browser import browser, tab

__all__ = ["browser", "tab"]


class Server:
    """The channel at `url`. `heard` are the texts that reached the handler, `slow` the seconds it takes for each."""

    def __init__(self, settings: Settings) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/webhooks/website"
        self.heard: list[tuple[str, str]] = []
        self.slow = 0.0
        self.most_at_once = 0
        self._busy: dict[str, int] = {}
        self._app = Sanic(f"website_{uuid.uuid4().hex}")
        self._app.ctx.agent = type("Agent", (), {"tracker_store": InMemoryTrackerStore(Domain.empty())})()
        self._channel = WebsiteInput(settings)
        protect(self._app, settings.patience)  # as the real server is
        self._app.blueprint(self._channel.blueprint(self._handle), url_prefix="/webhooks/website")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    async def _handle(self, message: UserMessage) -> None:
        sender = str(message.sender_id)
        self._busy[sender] = self._busy.get(sender, 0) + 1
        self.most_at_once = max(self.most_at_once, self._busy[sender])
        await asyncio.sleep(self.slow)
        self.heard.append((sender, str(message.text)))
        await message.output_channel.send_response(sender, {"text": f"Gehört: {message.text}"})
        self._busy[sender] -= 1

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        start = self._app.create_server("127.0.0.1", self.port, return_asyncio_server=True, access_log=False)
        server = self._loop.run_until_complete(start)
        self._loop.run_until_complete(server.startup())
        # Sanic rewrites its own source when it starts; a second server in this process must not do it again.
        TouchUp._registry.clear()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._end(server))
        self._loop.close()

    async def _end(self, server: Any) -> None:
        """Nothing is left open that the garbage collector would complain about in some other test."""
        await server.wait_closed()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._channel.close()
        await self._loop.shutdown_default_executor()
        await asyncio.sleep(0.01)  # what was closed leaves the loop in its next round

    def start(self) -> None:
        self._thread.start()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if _listens(self.port):
                return
            time.sleep(0.02)
        raise AssertionError("The server does not listen.")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server with settings of one's own; ends all at the end."""
    store.current()  # loaded here, or the first request would wait for it
    started: list[Server] = []

    def start(**settings: Any) -> Server:
        server = Server(Settings(data=tmp_path, **settings))
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A real Redis on a free port."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)
    try:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        client.close()
        process.terminate()
        process.wait(10)
