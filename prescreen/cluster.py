"""The same run on a Dask cluster. A worker that dies is replaced by another: its chunk is done again, never written twice."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from prescreen.batch import Prescreener
from prescreen.items import InputError, Item
from prescreen.work import Lines, in_order, lines

if TYPE_CHECKING:
    from distributed import Client

_AHEAD = 3
# Seconds in which a scheduler must answer.
_PATIENCE = 10.0


class ClusterFailed(RuntimeError):
    """The cluster could not do the work; what is done stays done."""


def connect(address: str) -> Client:
    """A client of the scheduler at `address` (tcp://host:port). Raises InputError with what to do if there is none."""
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError("--scheduler needs the packages of the extra „cluster“: pip install 'wegweiser[cluster]'.") from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"No Dask scheduler answers at {address}: {error}") from error
    if not client.scheduler_info()["workers"]:
        client.close()
        raise InputError(f"The Dask scheduler at {address} has no workers.")
    return client


def spread(client: Client, factory: str, stamp: str, options: dict[str, Any], items: Iterable[Item]) -> Iterator[Lines]:
    """`items` over the workers of `client`. `factory` is `module:function`; with `options` it returns a screener and the
    stamp of its model and knowledge, which must be `stamp`: else the results would depend on who did the work."""
    from distributed import KilledWorker

    frozen = tuple(sorted(options.items()))

    def submit(chunk: list[Item]) -> Any:
        # Not „pure“: the same text twice is two enquiries. A chunk that fails with a worker goes to another.
        return client.submit(_on_worker, factory, stamp, frozen, chunk, pure=False, retries=2)

    most = _AHEAD * max(1, sum(client.nthreads().values()))
    try:
        yield from in_order(submit, items, most)
    except (KilledWorker, RuntimeError) as error:
        raise ClusterFailed(f"The cluster gave up: {error}") from error


def _on_worker(factory: str, stamp: str, options: tuple[tuple[str, Any], ...], chunk: list[Item]) -> Lines:
    screener, own = _screener(factory, options)
    if own != stamp:
        raise RuntimeError(f"this worker has another model or knowledge ({own}, not {stamp}): install the same version")
    return lines(screener, chunk)


@lru_cache(maxsize=2)
def _screener(factory: str, options: tuple[tuple[str, Any], ...]) -> tuple[Prescreener, str]:
    module, _, name = factory.partition(":")
    made: tuple[Prescreener, str] = getattr(importlib.import_module(module), name)(**dict(options))
    return made
