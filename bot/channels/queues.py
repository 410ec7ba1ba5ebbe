"""One queue a talk: what one person sends is answered in order, and nobody waits for somebody else."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

log = logging.getLogger("wegweiser.channels")
Job = Callable[[], Awaitable[None]]


class Queues:
    """`put` a job for a talk; jobs of one talk run one after the other, those of several talks side by side."""

    # Unanswered messages of one person. More is no talk; the platform may bring them again later.
    WAITING = 50

    def __init__(self) -> None:
        self._jobs: dict[str, deque[Job]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def full(self, talk: str) -> bool:
        return len(self._jobs.get(talk, ())) >= self.WAITING

    def put(self, talk: str, job: Job) -> None:
        """Run `job` when the earlier ones of this talk are done."""
        self._jobs.setdefault(talk, deque()).append(job)
        if talk not in self._tasks:
            self._tasks[talk] = asyncio.get_running_loop().create_task(self._work(talk))

    async def _work(self, talk: str) -> None:
        jobs = self._jobs[talk]
        try:
            while jobs:
                try:
                    await jobs.popleft()()
                except Exception:
                    log.exception("A message could not be answered.")
        finally:
            self._jobs.pop(talk, None)
            self._tasks.pop(talk, None)

    async def idle(self) -> None:
        """Wait until nothing is left to do."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def close(self, grace: float) -> None:
        """End within `grace` seconds; what is not done by then is cancelled (the journal knows it)."""
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
