"""The three that are measured: how each is started, spoken to, and what it has stored."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sqlite3
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import aiohttp

from bench.process import Processes
from bot.server import free_port
from bot.settings import PREFIX, ROOT
from knowledge import store

# Settings of the operator that the measured assistant keeps; all others are the defaults.
_KEPT = tuple(PREFIX + name for name in ("MODELS", "TENSORFLOW", "LIBRARIES", "ACTIONS"))
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "SANIC_HOST": "127.0.0.1",
}


class NoAnswer(Exception):
    """A turn without a good answer: an error, nothing at all, or the sentence for a failure."""


class Bot(ABC):
    """One bot in `folder`, which it fills. `start` and `stop` may follow each other several times."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.url = ""
        self.processes = Processes(folder / "bench.log")
        self._numbers = itertools.count()

    @abstractmethod
    def start(self) -> float:
        """Start with an empty store. Returns the seconds until healthy. Raises BotFailed."""

    async def begin(self, client: aiohttp.ClientSession) -> str:
        """A new talk."""
        return f"person-{next(self._numbers)}"

    @abstractmethod
    async def say(self, client: aiohttp.ClientSession, talk: str, text: str) -> None:
        """One turn. Raises NoAnswer."""

    def stored(self, beginning: str) -> list[str]:
        """The stored messages of people that begin so, in the order of the store."""
        return []

    def stop(self) -> None:
        self.processes.stop()


class Ours(Bot):
    """`./wegweiser serve`, spoken to over the channel of the website; limits off, all else as it comes."""

    def start(self) -> float:
        data, port = self.folder / "data", free_port()
        shutil.rmtree(data, ignore_errors=True)
        kept = {name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith(PREFIX)}
        environment = kept | {f"{PREFIX}DATA": str(data), f"{PREFIX}RATE_LIMIT": "off"}
        self.url = f"http://127.0.0.1:{port}"
        begun = time.monotonic()
        self.processes.start([sys.executable, "-m", "bot", "serve", "--port", str(port)], ROOT, environment)
        self.processes.wait_for(f"{self.url}/health")
        return time.monotonic() - begun

    async def begin(self, client: aiohttp.ClientSession) -> str:
        return str((await _post(client, f"{self.url}/webhooks/website/session", {}))["session"])

    async def say(self, client: aiohttp.ClientSession, talk: str, text: str) -> None:
        body = await _post(client, f"{self.url}/webhooks/website/message", {"session": talk, "text": text})
        texts = [message["text"] for message in body["messages"]]
        if not texts or texts == [store.current().texts["failure"]]:
            raise NoAnswer(str(texts))

    def stored(self, beginning: str) -> list[str]:
        return _stored(self.folder / "data/talks.db", beginning)


class Default(Bot):
    """The trained project of bench/default_bot.py, spoken to over Rasa's REST channel."""

    def start(self) -> float:
        port, actions = free_port(), free_port()
        (self.folder / "talks.db").unlink(missing_ok=True)
        environment = os.environ | _QUIET | {"ACTION_PORT": str(actions)}
        self.url = f"http://127.0.0.1:{port}"
        begun = time.monotonic()
        rasa = [sys.executable, "-m", "rasa", "run"]
        self.processes.start([*rasa, "actions", "--port", str(actions)], self.folder, environment)
        self.processes.start([*rasa, "--interface", "127.0.0.1", "--port", str(port)], self.folder, environment)
        # Rasa answers on `/` once it has loaded its model.
        self.processes.wait_for(f"{self.url}/", f"http://127.0.0.1:{actions}/health")
        return time.monotonic() - begun

    async def say(self, client: aiohttp.ClientSession, talk: str, text: str) -> None:
        said = await _post(client, f"{self.url}/webhooks/rest/webhook", {"sender": talk, "message": text})
        if not any(message.get("text") for message in said):
            raise NoAnswer("nothing was said")

    def stored(self, beginning: str) -> list[str]:
        return _stored(self.folder / "talks.db", beginning)


class Floor(Bot):
    """bench/floor.py."""

    def start(self) -> float:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        begun = time.monotonic()
        self.processes.start([sys.executable, "-m", "bench.floor", str(port)], ROOT, os.environ | _QUIET)
        self.processes.wait_for(f"{self.url}/health")
        return time.monotonic() - begun

    async def say(self, client: aiohttp.ClientSession, talk: str, text: str) -> None:
        await _post(client, f"{self.url}/message", {"text": text})


async def _post(client: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> Any:
    try:
        async with client.post(url, json=body) as answer:
            if answer.status != 200:
                raise NoAnswer(f"HTTP {answer.status}")
            return await answer.json()
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        raise NoAnswer(type(error).__name__) from error


def _stored(database: Path, beginning: str) -> list[str]:
    query = "SELECT json_extract(data, '$.text') FROM events WHERE type_name = 'user' ORDER BY id"
    with sqlite3.connect(database) as talks:
        texts = [str(text) for (text,) in talks.execute(query)]
    return [text for text in texts if text.startswith(beginning)]
