"""Locks that keep the messages of one person in order. A waiter is woken when its turn comes; nobody polls.

Rasa's own in-memory store lets waiters sleep for a second at a time (fifty messages of one person at once took it 17.5 s), and
its Redis store reads, changes and writes without atomicity, so two processes overwrite each other's tickets.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

log = logging.getLogger("wegweiser.locks")
# Seconds after which the lock of a process that died is free again: who waits for it is still answered in time. A living one
# shows every RENEW seconds that it is at work.
LIFETIME, RENEW = 2.0, 0.5
# Seconds that a message waits at most for those before it.
LONGEST_WAIT = 60.0
_PREFIX = "wegweiser:lock:"


@dataclass
class _Line:
    """The messages of one person in this process: one at work, the others waiting in order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class _Lines:
    """A line a person, forgotten when nobody stands in it. asyncio.Lock wakes its waiters in the order in which they came."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        line = self._lines.setdefault(conversation, _Line())
        line.waiting += 1
        try:
            try:
                await asyncio.wait_for(line.lock.acquire(), LONGEST_WAIT)
            except asyncio.TimeoutError as error:
                raise LockError(f"waited longer than {LONGEST_WAIT:.0f} s for the messages before") from error
            try:
                yield
            finally:
                line.lock.release()
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(conversation, None)

    def __contains__(self, conversation: str) -> bool:
        return conversation in self._lines


class ProcessLockStore(LockStore):
    """For one Rasa process: the default, without any other service."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        self._lines = _Lines()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the lock of a conversation. Raises LockError after LONGEST_WAIT seconds."""
        async with self._lines.turn(conversation_id):
            yield TicketLock(conversation_id)

    def is_someone_waiting(self, conversation_id: str) -> bool:
        return conversation_id in self._lines


# KEYS: line, holder. ARGV: ticket, lifetime of the lock and of a sign of life in ms. Stands in line (once) and shows a sign of
# life; drops those in front who show none any more; takes the lock when first in line and it is free.
_TAKE = """
redis.call('SET', KEYS[1] .. ARGV[1], 1, 'PX', ARGV[3])
if not redis.call('LPOS', KEYS[1], ARGV[1]) then redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local first = redis.call('LINDEX', KEYS[1], 0)
while first ~= ARGV[1] and redis.call('EXISTS', KEYS[1] .. first) == 0 do
  redis.call('LPOP', KEYS[1])
  first = redis.call('LINDEX', KEYS[1], 0)
end
if first == ARGV[1] and redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  redis.call('LPOP', KEYS[1])
  return 1
end
return 0
"""
# Gives the lock back if it is still ours, and wakes whoever waits for this conversation.
_GIVE = """
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('PUBLISH', KEYS[3], ARGV[1])
"""
# Holds the lock for longer, if it is still ours.
_KEEP = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
# Seconds after which a waiter looks by itself, and after which one without a sign of life is no waiter any more.
_LOOK, _ALIVE = 0.25, 2.0
# Seconds that Redis may take for one answer, and how often it is told again to give a lock back.
_ANSWER, _TRIES = 1.0, 240


class RedisLockStore(LockStore):
    """For several Rasa processes: a line in Redis, each step one atomic script. Waiters are woken by a message.

    Within a process only the first message of a person stands in the shared line, so that order holds there, too.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        """`endpoint_config.url` is a Redis URL (`redis://host:port/db`)."""
        # Only here: it takes a while to import, and one process needs none.
        import redis.asyncio

        self._silent: tuple[type[Exception], ...] = (redis.RedisError, OSError, asyncio.TimeoutError)
        self._redis: Any = redis.asyncio.Redis.from_url(
            endpoint_config.url, socket_timeout=_ANSWER, socket_connect_timeout=_ANSWER
        )
        self._lines = _Lines()
        self._later: set[asyncio.Task[None]] = set()
        self._take = self._redis.register_script(_TAKE)
        self._give = self._redis.register_script(_GIVE)
        self._keep = self._redis.register_script(_KEEP)

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the lock of a conversation over all processes. Raises LockError where Redis fails or the wait is too long."""
        async with self._lines.turn(conversation_id):
            name = f"{_PREFIX}{conversation_id}"
            keys, ticket = [f"{name}:line", f"{name}:holder", f"{name}:freed"], secrets.token_hex(8)
            try:
                await asyncio.wait_for(self._acquire(keys, ticket), LONGEST_WAIT)
            except self._silent as error:
                await self._release(keys, ticket)
                raise LockError(f"no lock: {error or 'waited too long'}") from error
            at_work = asyncio.ensure_future(self._renew(keys[1], ticket))
            try:
                yield TicketLock(conversation_id)
            finally:
                at_work.cancel()
                await self._release(keys, ticket)

    async def _acquire(self, keys: list[str], ticket: str) -> None:
        arguments = [ticket, int(LIFETIME * 1000), int(_ALIVE * 1000)]
        if await self._take(keys=keys[:2], args=arguments):
            return
        async with self._redis.pubsub() as freed:
            await freed.subscribe(keys[2])
            while not await self._take(keys=keys[:2], args=arguments):
                # Woken by who gives the lock back; after the lifetime of one who died, by the clock.
                await freed.get_message(ignore_subscribe_messages=True, timeout=_LOOK)

    async def _renew(self, holder: str, ticket: str) -> None:
        """Hold the lock for as long as the turn takes."""
        while True:
            await asyncio.sleep(RENEW)
            try:
                if not await self._keep(keys=[holder], args=[ticket, int(LIFETIME * 1000)]):
                    log.warning("A lock was lost in the middle of a turn: this process stood still for %.0f s.", LIFETIME)
                    return
            except self._silent:
                log.warning("A lock could not be renewed.")

    async def _release(self, keys: list[str], ticket: str) -> None:
        """Give the lock back, or leave the line. Where Redis is silent, once it is back: what it was asked last it may still do
        then, and nobody would hold the lock that it gives."""
        try:
            await self._give(keys=keys, args=[ticket])
        except self._silent:
            log.warning("A lock could not be given back yet.")
            task = asyncio.ensure_future(self._release_later(keys, ticket))
            self._later.add(task)
            task.add_done_callback(self._later.discard)

    async def _release_later(self, keys: list[str], ticket: str) -> None:
        for _ in range(_TRIES):
            await asyncio.sleep(_LOOK)
            try:
                await self._give(keys=keys, args=[ticket])
            except self._silent:
                continue
            return
        log.warning("A lock could not be given back; it has ended by itself.")

    def is_someone_waiting(self, conversation_id: str) -> bool:
        return conversation_id in self._lines
