"""Answers that were given lately: a message that comes again, because the network lost its answer, gets the same one."""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

log = logging.getLogger("wegweiser.website")
# Longer than a widget goes on trying, shorter than anybody could call storing.
_SECONDS = 600
# Seconds that Redis may take, and until it is asked again after it took longer.
_WAIT, _AWAY = 0.5, 5.0
# Talks whose answers are kept in memory at once; the oldest goes first.
_TALKS = 5000

Answer = dict[str, Any]


class Answered(Protocol):
    """`id` is the client's own name of its message."""

    async def get(self, sender: str, id: str) -> Answer | None: ...

    async def put(self, sender: str, id: str, answer: Answer) -> None: ...

    async def forget(self, sender: str) -> None: ...

    async def close(self) -> None: ...


def answered(url: str) -> Answered:
    """In Redis where `url` is set, else in memory."""
    return InRedis(url) if url else InMemory()


class InMemory:
    """For one process."""

    def __init__(self) -> None:
        self._talks: OrderedDict[str, dict[str, tuple[float, Answer]]] = OrderedDict()

    async def get(self, sender: str, id: str) -> Answer | None:
        made, answer = self._talks.get(sender, {}).get(id, (0.0, None))
        return answer if time.monotonic() - made < _SECONDS else None

    async def put(self, sender: str, id: str, answer: Answer) -> None:
        now = time.monotonic()
        young = {known: kept for known, kept in self._talks.pop(sender, {}).items() if now - kept[0] < _SECONDS}
        self._talks[sender] = young | {id: (now, answer)}
        # The first in the order has been silent the longest.
        while len(self._talks) > _TALKS or now - max(made for made, _ in next(iter(self._talks.values())).values()) > _SECONDS:
            self._talks.popitem(last=False)

    async def forget(self, sender: str) -> None:
        self._talks.pop(sender, None)

    async def close(self) -> None:
        self._talks.clear()


class InRedis:
    """For several processes. Without Redis a repeated message is answered anew, which harms less than no answer."""

    def __init__(self, url: str) -> None:
        # Only here: it takes a while to import, and one process needs none.
        import redis.asyncio

        self._silent: type[Exception] = redis.RedisError
        self._redis: Any = redis.asyncio.from_url(url, socket_timeout=_WAIT, socket_connect_timeout=_WAIT)
        self._away_until = 0.0

    async def get(self, sender: str, id: str) -> Answer | None:
        found = await self._ask(lambda: self._redis.hget(_key(sender), id))
        return dict(json.loads(found)) if found else None

    async def put(self, sender: str, id: str, answer: Answer) -> None:
        async def both() -> None:
            async with self._redis.pipeline() as together:
                together.hset(_key(sender), id, json.dumps(answer))
                together.expire(_key(sender), _SECONDS)
                await together.execute()

        await self._ask(both)

    async def forget(self, sender: str) -> None:
        """Where Redis is away, it forgets by itself after _SECONDS."""
        await self._ask(lambda: self._redis.delete(_key(sender)))

    async def _ask(self, question: Callable[[], Awaitable[Any]]) -> Any:
        """None where Redis does not answer; it is left alone for a while then, since people wait meanwhile."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return await question()
        except self._silent as error:
            log.warning("Redis does not answer: %s", error)
            self._away_until = time.monotonic() + _AWAY
            return None

    async def close(self) -> None:
        await self._redis.close(close_connection_pool=True)


def _key(sender: str) -> str:
    return f"wegweiser:answered:{sender}"
