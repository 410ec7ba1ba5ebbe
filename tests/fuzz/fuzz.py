"""Runs an entry with made-up inputs, and looks whether the memory grows.

Few inputs in each entry by default; `WEGWEISER_FUZZ=10000 .venv/bin/python -m pytest tests/fuzz` for a night.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from _pytest.logging import LogCaptureHandler
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
INPUTS = int(os.environ.get("WEGWEISER_FUZZ", "25"))
# Hypothesis remembers every input of a run, so the memory is compared between runs of so many inputs, each begun anew.
_ROUND = 1000
# Bytes that the process may have grown between the first and the last round. An input is up to some kilobytes: keeping only
# 8 kB of each would be 72 MB over 9,000 inputs. What remains is the allocator's: arenas that one large input has opened, and
# caches with a bound (spaCy's strings, compiled expressions, the parsed YAML files).
GROWTH = 48_000_000
_PAGE = os.sysconf("SC_PAGE_SIZE")


def fuzz(
    inputs: SearchStrategy[T], entry: Callable[[T], None], *, share: float = 1.0, after: Callable[[], None] = gc.collect
) -> None:
    """Call `entry` with INPUTS inputs; what raises is shrunk to its smallest form and shown. Always the same inputs.

    `share` is for entries that take long; `after` ends what a round has begun beside (queues)."""
    wanted, memory = max(5, int(INPUTS * share)), []
    for number, done in enumerate(range(0, wanted, _ROUND)):

        @seed(number)
        @settings(
            max_examples=min(_ROUND, wanted - done),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
        )
        @given(inputs)
        def run(given: T) -> None:
            entry(given)

        run()
        after()
        _forget_logs()
        gc.collect()
        memory.append(resident())
    grown = memory[-1] - memory[0]
    assert grown < GROWTH, f"{grown / 1e6:.0f} MB more after {wanted} inputs than after {_ROUND}: {memory}"


def _forget_logs() -> None:
    """pytest keeps every line that a test logs, for the case that it fails."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, LogCaptureHandler):
            handler.reset()


def resident() -> int:
    """Bytes of memory that this process holds just now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
