"""Answers that were given lately: a message that comes again, because the network lost its answer, gets the same one."""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from typing import Any, Protocol

import redis.asyncio
from redis.exceptions import RedisError

log = logging.getLogger("wegweiser.website")
# Longer than a widget goes on trying, shorter than anybody could call storing.
_SECONDS = 600
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
        self._redis: Any = redis.asyncio.from_url(url, socket_timeout=1, socket_connect_timeout=1)

    async def get(self, sender: str, id: str) -> Answer | None:
        try:
            found = await self._redis.hget(_key(sender), id)
        except RedisError as error:
            log.warning("Redis does not answer: %s", error)
            return None
        return dict(json.loads(found)) if found else None

    async def put(self, sender: str, id: str, answer: Answer) -> None:
        try:
            async with self._redis.pipeline() as together:
                together.hset(_key(sender), id, json.dumps(answer))
                together.expire(_key(sender), _SECONDS)
                await together.execute()
        except RedisError as error:
            log.warning("Redis does not answer: %s", error)

    async def forget(self, sender: str) -> None:
        await self._redis.delete(_key(sender))

    async def close(self) -> None:
        await self._redis.close(close_connection_pool=True)


def _key(sender: str) -> str:
    return f"wegweiser:answered:{sender}"
