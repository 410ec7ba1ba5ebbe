"""Who does the work: this process, several processes on this machine, or a Dask cluster. The same results in the same order.

Each is an iterator over chunks: items go in as they are needed, never all at once, so that memory does not grow.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any

from prescreen.batch import Prescreener
from prescreen.items import Item

# Enquiries that travel together: enough that the way costs nothing, few enough that a kill loses under a second's work.
CHUNK = 64
# Chunks that wait for each worker.
_AHEAD = 3

Lines = list[str]


class WorkerLost(RuntimeError):
    """A worker process was ended from outside; what is done stays done."""


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """`items` in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def lines(screener: Prescreener, chunk: list[Item]) -> Lines:
    """The results of a chunk as JSON, one a line. `error` stays the last field: the journal relies on it."""
    return [json.dumps(result, ensure_ascii=False, default=str) for result in screener.results(chunk)]


def alone(screener: Prescreener, items: Iterable[Item]) -> Iterator[Lines]:
    """In this process, a few at a time, so that a pipe sees results at once."""
    for chunk in chunks(items, 1):
        yield lines(screener, chunk)


def in_order(submit: Callable[[list[Item]], Any], items: Iterable[Item], most: int) -> Iterator[Lines]:
    """Hand out chunks with `submit` (which returns a future), never more than `most` at once; results in order."""
    waiting: deque[Any] = deque()
    for chunk in chunks(items):
        waiting.append(submit(chunk))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_screener: Prescreener | None = None


def _watch_parent(parent: int) -> None:
    """End this worker when the run is gone (kill -9): nobody would ever send it home."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _in_worker(chunk: list[Item]) -> Lines:
    assert _screener is not None
    return lines(_screener, chunk)


def together(screener: Prescreener, items: Iterable[Item], workers: int) -> Iterator[Lines]:
    """In `workers` processes. They are forked, so that the model and the knowledge are in memory once."""
    global _screener
    _screener = screener
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, _watch_parent, (os.getpid(),)) as pool:

        def submit(chunk: list[Item]) -> Future[Lines]:
            return pool.submit(_in_worker, chunk)

        try:
            yield from in_order(submit, items, workers * _AHEAD)
        except BrokenProcessPool as error:
            raise WorkerLost("A worker process was ended (out of memory?).") from error
