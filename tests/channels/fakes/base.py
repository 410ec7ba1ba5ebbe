"""What all fakes share: a real HTTP server on loopback in a thread of its own, what was sent, and faults on demand."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, TypeVar

from aiohttp import web

from bot.server import free_port

T = TypeVar("T")


class Fault(Enum):
    """What the platform does with the next message instead of taking it."""

    REFUSED = "400"
    TOO_MANY = "429"
    BROKEN = "500"
    SILENT = "time-out"
    MALFORMED = "200 that is not JSON"
    BLOCKED = "the person blocked us"
    CREDENTIALS = "the token is no longer good"


@dataclass(frozen=True)
class Key:
    """A button as the person sees it, and what pressing it does."""

    title: str
    id: str = ""
    url: str = ""


@dataclass(frozen=True)
class Sent:
    """A message that the platform took."""

    to: str
    text: str
    keys: list[Key] = field(default_factory=list)


class Loop:
    """An event loop in a thread, so that tests are plain functions."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def close(self) -> None:
        async def cancel() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self.run(cancel())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)


class Refusal(Exception):
    """A call that the platform would not take: status and body of its answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status, self.body = status, body


class Fake:
    """A platform. Subclasses add its routes, its form of events (`text`, `press` …) and its way of signing (`deliver`)."""

    channel: str
    # Whether the platform calls the webhook (else the channel fetches).
    calls_us = True
    # What the platform answers to a message that it does not take.
    errors: ClassVar[dict[Fault, tuple[int, Any, dict[str, str]]]]

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.sent: list[Sent] = []
        # Every try to send: when (monotonic).
        self.tries: list[float] = []
        self.refused: list[str] = []
        self.faults: deque[Fault] = deque()
        self.is_down: Callable[[], bool] = lambda: False
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.target = ""
        self.last: tuple[bytes, dict[str, str]] = (b"", {})
        self._count = itertools.count(int(time.time() * 1000) % 10**9)

    # For the tests

    def start(self) -> None:
        self.loop.run(self._start())

    def stop(self) -> None:
        self.loop.run(self._runner.cleanup())

    def environment(self) -> dict[str, str]:
        """The variables that switch the channel on and lead it here."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Whether a person's words will be heard: some platforms keep what was said before for history."""
        return True

    def say(self, person: int, text: str) -> int:
        """A person types something. Returns the status with which our webhook acknowledged it (200 where we fetch)."""
        return self.deliver(self.event(person, text))

    def press(self, person: int, id: str) -> int:
        return self.deliver(self.pressed(person, id))

    def texts(self) -> list[str]:
        return [sent.text for sent in self.sent]

    # For the subclasses

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def event(self, person: int, text: str) -> Any:
        raise NotImplementedError

    def pressed(self, person: int, id: str) -> Any:
        raise NotImplementedError

    def edited(self, person: int, text: str) -> Any:
        """None where the platform reports no edits."""
        return None

    def media(self, person: int) -> list[Any]:
        """Events of every kind that we cannot read."""
        raise NotImplementedError

    def unknown(self) -> list[Any]:
        """Events of no form that we know, and some that ask for no answer."""
        raise NotImplementedError

    def address(self, person: int) -> str:
        """The platform's name for the talk with a person."""
        return str(person)

    def deliver(self, event: Any) -> int:
        raise NotImplementedError

    def forge(self, person: int, text: str) -> list[int]:
        """The same without a right signature, in several ways; the statuses that came back."""
        raise NotImplementedError

    def replay(self) -> int:
        """The last webhook once more, byte by byte."""
        return self.post(*self.last)

    def count(self) -> int:
        return next(self._count)

    def post(self, body: bytes, headers: dict[str, str], path: str = "webhook") -> int:
        """Call our webhook as the platform would."""
        request = urllib.request.Request(f"{self.target}/webhooks/{self.channel}/{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def sign_and_post(self, body: bytes, headers: dict[str, str]) -> int:
        self.last = body, headers
        return self.post(body, headers)

    async def taking(self, request: web.Request, take: Callable[[dict[str, Any]], Sent], answer: Callable[[], Any]) -> Any:
        """A try to send: a fault if one is due, else `take` checks the limits (raises Refusal) and `answer` confirms."""
        self.tries.append(time.monotonic())
        if self.is_down():
            assert request.transport is not None
            request.transport.close()
            raise web.HTTPServiceUnavailable
        if self.faults:
            return await self._fail(self.faults.popleft())
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        try:
            self.sent.append(take(body))
        except Refusal as refusal:
            self.refused.append(str(refusal))
            return web.json_response(refusal.body, status=refusal.status)
        return web.json_response(answer())

    async def _fail(self, fault: Fault) -> web.Response:
        if fault is Fault.SILENT:
            await asyncio.sleep(0.5)
            return web.Response(status=504)
        if fault is Fault.MALFORMED:
            return web.Response(text="<html>Please log in</html>", content_type="text/html")
        status, body, headers = self.errors[fault]
        return web.json_response(body, status=status, headers=headers)

    async def _start(self) -> None:
        app = web.Application()
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()


def units(text: str) -> int:
    """UTF-16 units, as platforms count characters."""
    return len(text.encode("utf-16-le")) // 2


def dump(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
