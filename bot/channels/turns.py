"""How many turns are at work at once, and when a person has waited long enough.

A rush is no failure: while others are answered, a message waits for its turn. When nothing moves any more (an action that
hangs, a database that is silent), everybody gets their sentence after `patience` seconds, those who wait as well.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

# Turns at work at once in a process. More would only make each of them slower: a turn is computing more than waiting.
AT_ONCE = 8
# Seconds that a turn gets to end after it was told to.
_ENDING = 0.2


class Turns:
    """One for the process, since all channels share the same Rasa."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._places = asyncio.Semaphore(at_once)
        self._loop: asyncio.AbstractEventLoop | None = None
        # When a turn last ended well.
        self._moved = 0.0

    async def run(self, turn: Callable[[], Awaitable[None]], patience: float) -> None:
        """Wait for a place and for `turn`, whose errors are passed on. Raises asyncio.TimeoutError when it has been at work
        for `patience` seconds, or has waited as long without any other turn having ended well."""
        came, began = time.monotonic(), asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(self._work(turn, came, began))
        try:
            while True:
                since = began.result() if began.done() else max(came, self._moved)
                left = since + patience - time.monotonic()
                if left <= 0:
                    raise asyncio.TimeoutError
                done, _ = await asyncio.wait({task}, timeout=left)
                if done:
                    return task.result()
        finally:
            if not task.done():
                task.cancel()
                # Until it has given back what it held.
                await asyncio.wait({task}, timeout=_ENDING)

    async def _work(self, turn: Callable[[], Awaitable[None]], came: float, began: asyncio.Future[float]) -> None:
        async with self._place():
            # A place that became free because nothing moves gives no new patience.
            began.set_result(max(came, self._moved))
            await turn()
            self._moved = time.monotonic()

    def _place(self) -> asyncio.Semaphore:
        # The places belong to an event loop; tests run several, one after the other.
        if self._loop is not asyncio.get_running_loop():
            self._loop, self._places = asyncio.get_running_loop(), asyncio.Semaphore(self._at_once)
        return self._places


TURNS = Turns()
