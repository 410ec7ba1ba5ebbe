"""One message at a time per person, in order, in one process and over several; a process that dies holds nobody up for long."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.stores import locks
from bot.stores.locks import ProcessLockStore, RedisLockStore
from tests.stores.conftest import RedisServer


@asynccontextmanager
async def store(kind: str, url: str) -> AsyncIterator[Any]:
    here = ProcessLockStore() if kind == "process" else RedisLockStore(EndpointConfig(url))
    try:
        yield here
    finally:
        if kind == "redis":
            await here._redis.connection_pool.disconnect()


@pytest.fixture(params=["process", "redis"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_fifty_messages_of_one_person_are_served_in_order_and_at_once(kind: str, redis_server: RedisServer) -> None:
    async def run() -> tuple[list[int], float]:
        served: list[int] = []
        inside = 0

        async def message(n: int) -> None:
            nonlocal inside
            async with here.lock("anna"):
                inside += 1
                assert inside == 1
                await asyncio.sleep(0.002)
                served.append(n)
                inside -= 1

        async with store(kind, redis_server.url) as here:
            start = time.monotonic()
            await asyncio.gather(*(message(n) for n in range(50)))
            return served, time.monotonic() - start

    served, seconds = asyncio.run(run())
    assert served == list(range(50))
    # Rasa's own stores need a second for each waiter; this is no figure of speed, only that nobody slept.
    assert seconds < 10


def test_two_people_do_not_wait_for_each_other(kind: str, redis_server: RedisServer) -> None:
    async def run() -> list[str]:
        order: list[str] = []

        async def hold(name: str, seconds: float) -> None:
            async with here.lock(name):
                await asyncio.sleep(seconds)
                order.append(name)

        async with store(kind, redis_server.url) as here:
            await asyncio.gather(hold("slow", 0.3), hold("quick", 0.01))
        return order

    assert asyncio.run(run()) == ["quick", "slow"]


def test_an_exception_gives_the_lock_back(kind: str, redis_server: RedisServer) -> None:
    async def run() -> None:
        async with store(kind, redis_server.url) as here:
            with pytest.raises(ValueError, match="broken"):
                async with here.lock("bea"):
                    raise ValueError("broken")
            async with here.lock("bea"):
                assert here.is_someone_waiting("bea")
            assert not here.is_someone_waiting("bea")

    asyncio.run(run())


def test_who_waits_too_long_gets_an_error_and_leaves_the_line(
    kind: str, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LONGEST_WAIT", 0.1)

    async def run() -> None:
        # Two stores stand for two processes, so that the wait is in Redis.
        async with store(kind, redis_server.url) as one, store(kind, redis_server.url) as other:
            two = one if kind == "process" else other
            async with one.lock("cem"):
                with pytest.raises(LockError):
                    async with two.lock("cem"):
                        pass
            async with two.lock("cem"):
                pass

    asyncio.run(run())


def _count(url: str, path: Path, rounds: int) -> None:
    """Read, wait, write: without a lock over processes, counts are lost."""

    async def run() -> None:
        async def one() -> None:
            async with here.lock("dora"):
                value = int(path.read_text())
                await asyncio.sleep(0.001)
                path.write_text(str(value + 1))

        async with store("redis", url) as here:
            await asyncio.gather(*(one() for _ in range(rounds)))

    asyncio.run(run())


def test_two_processes_lose_nothing(redis_server: RedisServer, tmp_path: Path) -> None:
    path = tmp_path / "count"
    path.write_text("0")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count, args=(redis_server.url, path, 40)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert path.read_text() == "80"


def test_a_process_that_died_holding_the_lock_or_waiting_holds_nobody_up(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LIFETIME", 0.4)
    monkeypatch.setattr(locks, "_LOOK", 0.05)
    monkeypatch.setattr(locks, "_ALIVE", 0.2)

    async def run() -> None:
        keys = [f"{locks._PREFIX}emil:{part}" for part in ("line", "holder", "freed")]
        async with store("redis", redis_server.url) as dead:
            await dead._acquire(keys, "holder-that-died")
            assert not await dead._take(keys=keys[:2], args=["waiter-that-died", 400, 200])
        async with store("redis", redis_server.url) as alive, alive.lock("emil"):
            assert await alive._redis.get(keys[1]) is not None

    asyncio.run(asyncio.wait_for(run(), 5))


def test_without_redis_there_is_an_error_and_no_message_is_handled_unlocked(redis_server: RedisServer) -> None:
    async def run() -> None:
        async with store("redis", "redis://127.0.0.1:9/0") as here:
            with pytest.raises(LockError):
                async with here.lock("fred"):
                    raise AssertionError("handled without a lock")

    asyncio.run(run())


@pytest.mark.parametrize("name", ["bot.stores.locks.ProcessLockStore", "bot.stores.locks.RedisLockStore"])
def test_rasa_finds_the_store_by_the_name_in_endpoints(name: str) -> None:
    made = LockStore.create(EndpointConfig("redis://127.0.0.1:6379/0", type=name))
    assert type(made).__name__ == name.rsplit(".", 1)[1]
