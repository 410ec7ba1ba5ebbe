"""The labelled texts of tests/cases/redaction.jsonl, and how well redaction does on them.

`python -m tests.knowledge.redaction_cases` prints the table. `set` is `dev` for the texts that the patterns were mended
with, and tells the round for those written afterwards (see docs/PRESCREEN.md). In `marked`, personal data stands as
⟦kind|text⟧; nothing else in these texts is personal. All data is invented.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.redaction import Personal, find

CASES = Path(__file__).parent.parent / "cases" / "redaction.jsonl"
_MARK = re.compile(r"⟦([^|⟧]+)\|([^⟧]+)⟧")


@dataclass
class Figures:
    """Counts by kind. `hit` of `labelled` are covered whole; `right` of `found` touch a label and no letter beside it."""

    labelled: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return sum(self.hit.values()) / sum(self.labelled.values())

    @property
    def precision(self) -> float:
        return sum(self.right.values()) / sum(self.found.values())


def cases(name: str = "") -> list[tuple[str, list[Personal]]]:
    """Each text of the set `name` (or of all) without marks, and the personal data in it."""
    records = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [unmarked(record["marked"]) for record in records if name in ("", record["set"])]


def unmarked(marked: str) -> tuple[str, list[Personal]]:
    text, labels, position = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        labels.append(Personal(len(text), len(text) + len(match.group(2)), match.group(1)))
        text += match.group(2)
        position = match.end()
    return text + marked[position:], labels


def measure(name: str = "") -> Figures:
    figures = Figures()
    for text, labels in cases(name):
        spans = find(text)
        inside = {i for span in spans for i in range(span.start, span.end)}
        meant = {i for label in labels for i in range(label.start, label.end)}
        for label in labels:
            figures.labelled[label.kind] += 1
            covered = all(i in inside or not text[i].isalnum() for i in range(label.start, label.end))
            figures.hit[label.kind] += covered
            if not covered:
                figures.wrong.append(f"missed {label.kind} {text[label.start : label.end]!r} in {text!r}")
        for span in spans:
            figures.found[span.kind] += 1
            letters = [i for i in range(span.start, span.end) if text[i].isalnum()]
            good = all(i in meant for i in letters)
            figures.right[span.kind] += good
            if not good:
                figures.wrong.append(f"took {span.kind} {text[span.start : span.end]!r} in {text!r}")
    return figures


def table(figures: Figures) -> str:
    lines = [f"{'kind':10} {'labelled':>8} {'recall':>7} {'found':>6} {'precision':>9}"]
    for kind, labelled in sorted(figures.labelled.items()):
        recall, precision = figures.hit[kind] / labelled, figures.right[kind] / max(1, figures.found[kind])
        lines.append(f"{kind:10} {labelled:8} {recall:7.1%} {figures.found[kind]:6} {precision:9.1%}")
    found = sum(figures.found.values())
    lines.append(f"{'all':10} {sum(figures.labelled.values()):8} {figures.recall:7.1%} {found:6} {figures.precision:9.1%}")
    return "\n".join(lines)


if __name__ == "__main__":
    for name in ("dev", "second", "third", ""):
        result = measure(name)
        print(f"{name or 'both'}: {len(cases(name))} texts", table(result), *result.wrong, "", sep="\n")
