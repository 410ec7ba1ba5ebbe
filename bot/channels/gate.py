"""Who may send how much to the website: limits for a talk and for an address, and one message of a talk at a time."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from bot.channels.refused import Refused
from bot.settings import Settings

log = logging.getLogger("wegweiser.website")
# Messages of one talk that may wait for their turn: more than a person sends before reading an answer.
_WAITING = 5
# Longest that Redis may take before the limits are counted here (no person waits for a counter), and seconds until it is
# asked again.
_REDIS_SECONDS, _REDIS_AWAY = 0.5, 5.0
# Seconds by which the system's clock may go wrong. A larger jump begins all counts in memory anew: after one backwards they
# would lock people out until the clock has caught up.
_JUMP = 30.0


class Gate:
    """One for the process. Counts live in memory or, with WEGWEISER_REDIS_URL, in Redis for all processes together."""

    def __init__(self, settings: Settings, salt: str) -> None:
        self._limited = settings.rate_limit != "off"
        self._salt = salt
        self._of_talk = _items(settings.rate_limit)
        self._of_address = _items("off" if not self._limited else settings.rate_limit_address)
        # A limiter holds its storage by a weak reference only, so it is kept here.
        self._memory, self._redis = MemoryStorage(), _redis(settings.redis_url)
        self._here = FixedWindowRateLimiter(self._memory)
        self._shared = FixedWindowRateLimiter(self._redis) if self._redis else None
        self._away_until, self._clock = 0.0, _clock()
        self._queues: dict[str, _Queue] = {}

    async def admit_address(self, address: str) -> None:
        """Counts a request of an address. Raises Refused (429). The address itself is kept nowhere, only its digest."""
        await self._count(self._of_address, f"address:{self._digest(address)}")

    async def admit_talk(self, sender: str) -> None:
        """Counts a message of a talk. Raises Refused (429)."""
        await self._count(self._of_talk, f"talk:{sender}")

    @asynccontextmanager
    async def turn(self, sender: str) -> AsyncIterator[None]:
        """Holds a message until the talk's earlier ones are answered. Raises Refused (429) where too many wait."""
        queue = self._queues.setdefault(sender, _Queue())
        if self._limited and queue.length > _WAITING:
            raise _too_many("busy", 2)
        queue.length += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.length -= 1
            if not queue.length:
                self._queues.pop(sender, None)

    async def _count(self, items: list[RateLimitItem], key: str) -> None:
        for item in items:
            limiter = await self._hit(item, key)
            if limiter:
                wait = max(1, int(limiter.get_window_stats(item, key)[0] - time.time()) + 1)
                raise _too_many("too_many", wait)

    async def _hit(self, item: RateLimitItem, key: str) -> RateLimiter | None:
        """The limiter that says no, or None."""
        if self._shared and time.monotonic() > self._away_until:
            from redis.exceptions import RedisError  # only here: it takes a while to import, and one process needs none

            try:
                return None if await asyncio.to_thread(self._shared.hit, item, key) else self._shared
            except RedisError as error:
                log.warning("Redis does not answer (%s); limits are counted in this process.", error)
                self._away_until = time.monotonic() + _REDIS_AWAY
        if abs(_clock() - self._clock) > _JUMP:
            log.warning("The system's clock has jumped; the limits are counted anew.")
            self._memory.reset()
        self._clock = _clock()
        return None if self._here.hit(item, key) else self._here

    def _digest(self, address: str) -> str:
        try:
            found = ipaddress.ip_address(address)
            # One household or server has a whole network of 64 bits.
            network = str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
        except ValueError:
            network = address
        return hashlib.blake2b(network.encode(), key=self._salt.encode()[:64], digest_size=12).hexdigest()


class _Queue:
    """The messages of one talk that are being answered or wait."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.length = 0


def _items(limit: str) -> list[RateLimitItem]:
    return [] if limit == "off" else list(parse_many(limit))


def _redis(url: str) -> Any:
    """The storage of several processes, if there is one."""
    options = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
    return storage_from_string(url, **options) if url else None


def _clock() -> float:
    """What the system's clock says beyond the time that has passed; it changes only when the clock is set."""
    return time.time() - time.monotonic()


def _too_many(code: str, wait: int) -> Refused:
    refused = Refused(429, code, "too_many")
    refused.headers["Retry-After"] = str(wait)
    return refused
