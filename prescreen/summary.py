"""Counts over all results: what came in, how urgent, from where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from knowledge.urgency import LEVELS


@dataclass
class Summary:
    """Numbers of results; `topics`, `lands` and the like count by the value of the field („“ = unknown)."""

    total: int = 0
    failed: int = 0
    unsure: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    lands: Counter[str] = field(default_factory=Counter)
    askers: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)

    def add(self, result: dict[str, Any]) -> None:
        self.total += 1
        if result["error"] is not None:
            self.failed += 1
            return
        self.unsure += not result["sure"]
        self.levels[result["urgency"]["level"]] += 1
        self.reasons.update(reason["label"] for reason in result["urgency"]["reasons"])
        self.topics[result["topic"]] += 1
        self.lands[result["land"] or ""] += 1
        self.askers[result["asker"]] += 1
        self.languages[result["language"]] += 1
        self.missing.update(result["missing"])

    @classmethod
    def of(cls, results: Iterable[dict[str, Any]]) -> Summary:
        summary = cls()
        for result in results:
            summary.add(result)
        return summary


def order(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first, equal ones by name, so that two runs give the same."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def by_level(summary: Summary) -> list[tuple[str, int]]:
    return [(level, summary.levels[level]) for level in LEVELS]
