"""The rows of the table: each figure, its unit, and what it must and should reach."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

from bench.plan import DEFAULT, MARKS, OURS

# How a target is meant: times better than the default bot, or at most so much by itself.
TIMES, AT_MOST, AT_LEAST = "times", "at most", "at least"


@dataclass(frozen=True)
class Figure:
    """One row. `key` is its name in the raw values; `more` is better or less; targets are of the kind `by`."""

    key: str
    label: str
    unit: str
    more: bool = False
    by: str = TIMES
    must: float | None = None
    aim: float | None = None


@dataclass(frozen=True)
class Row:
    """A figure as measured: the median of each bot (None where it was not measured), how many times better ours is than the
    default bot, and whether it is reached: `aim`, `must`, `missed`, or empty without a target or a measurement."""

    figure: Figure
    medians: dict[str, float | None]
    times: float | None
    verdict: str


FIGURES = (
    Figure("cold_start", "cold start to healthy", "s", must=12, aim=20),
    Figure("start_cpu", "… processor time of it", "s"),
    Figure("memory_idle", "memory of all processes, at rest", "MB"),
    Figure("memory", "memory of all processes, after load", "MB", must=5, aim=8),
    Figure("p50", "a turn with its action, 1 user, p50", "ms", must=4, aim=8),
    Figure("p95", "… p95", "ms"),
    Figure("p99", "… p99", "ms"),
    Figure("turn_cpu", "… processor time of it, all processes", "ms"),
    Figure("rate_8", "throughput, 8 talks", "turns/s", more=True),
    Figure("rate_32", "throughput, 32 talks", "turns/s", more=True, must=4, aim=8),
    Figure("rate_128", "throughput, 128 talks", "turns/s", more=True),
    Figure("p95_8", "p95, 8 talks, all it can", "ms"),
    Figure("p95_32", "p95, 32 talks, all it can", "ms"),
    Figure("p95_128", "p95, 128 talks, all it can", "ms"),
    Figure("p95_loaded", "p95, 32 talks, 60 % of its own throughput", "ms", by=AT_MOST, must=120, aim=60),
    *(Figure(f"long_{mark}", f"a turn near message {mark} of one talk", "ms") for mark in MARKS),
    Figure("growth", f"turn {MARKS[-1]} : turn {MARKS[0]}", "x", by=AT_MOST, must=1.5, aim=1.1),
    Figure("burst", "50 messages of one person at once", "s", by=AT_MOST, must=4, aim=2),
    Figure("burst_answered", "… answered", "share", more=True, by=AT_LEAST, must=1, aim=1),
    Figure("burst_in_order", "… stored once each and in order", "share", more=True, by=AT_LEAST, must=1, aim=1),
    Figure("training", "training, the same sentences", "s", must=8, aim=20),
    Figure("failed", "turns without a good answer", "turns", by=AT_MOST, must=0, aim=0),
)


def rows(raw: dict[str, Any]) -> list[Row]:
    """Every figure, in order, also those that were not measured."""
    return [_row(figure, raw["bots"]) for figure in FIGURES]


def _row(figure: Figure, bots: dict[str, dict[str, list[float]]]) -> Row:
    medians = {name: _median(figure.key, values) for name, values in bots.items()}
    ours, default = medians.get(OURS), medians.get(DEFAULT)
    times = None
    if figure.by == TIMES and ours and default:
        times = ours / default if figure.more else default / ours
    return Row(figure, medians, times, _verdict(figure, times if figure.by == TIMES else ours))


def _median(key: str, values: dict[str, list[float]]) -> float | None:
    if key == "growth":
        last, first = (_median(f"long_{mark}", values) for mark in (MARKS[-1], MARKS[0]))
        return last / first if last and first else None
    if key in ("failed", "burst_answered", "burst_in_order"):
        # The worst of the rounds: nothing may be lost in any of them.
        worst = max if key == "failed" else min
        return worst(values[key]) if key in values else None
    return statistics.median(values[key]) if key in values else None


def _verdict(figure: Figure, value: float | None) -> str:
    if value is None or figure.must is None or figure.aim is None:
        return ""
    reached = [value <= target if figure.by == AT_MOST else value >= target for target in (figure.must, figure.aim)]
    return "aim" if reached[1] else "must" if reached[0] else "missed"
