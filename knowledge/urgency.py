"""How urgent an enquiry is for the counsellor who sorts them, and why. The words stand in data/urgency.yml."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.text import key, words

NOW, SOON, NORMAL = "now", "soon", "normal"
# The most urgent first; results are sorted by this.
LEVELS = (NOW, SOON, NORMAL)
# What „…“ in a form stands for.
_BETWEEN = r"(?:\w+ ){0,5}?"


@dataclass(frozen=True)
class Reason:
    """A reason to hurry: `label` for people, `level` (now or soon), and the pattern of its words over folded text."""

    id: str
    label: str
    level: str
    pattern: re.Pattern[str]

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Reason:
        forms = "|".join(_pattern(form) for form in record["forms"].splitlines() if form.strip())
        return cls(record["id"], record["label"], record["level"], re.compile(rf"(?<!\w)(?:{forms}) "))


@dataclass(frozen=True)
class Because:
    """A reason and the words of the text that show it; no words where it was understood from the whole."""

    reason: str
    label: str
    words: str


@dataclass(frozen=True)
class Urgency:
    """`level` is one of LEVELS; no reasons where it is normal."""

    level: str
    reasons: tuple[Because, ...] = ()

    def record(self) -> dict[str, Any]:
        """For machines: `{"level", "reasons": [{"reason", "label", "because"}]}`."""
        reasons = [{"reason": one.reason, "label": one.label, "because": one.words} for one in self.reasons]
        return {"level": self.level, "reasons": reasons}


def urgency(text: str, reasons: Sequence[Reason], crisis: str = "") -> Urgency:
    """How urgent `text` is. `crisis` is the label of a crisis that the model understood, or empty."""
    found = words(text)
    folded = "".join(f"{word.fold} " for word in found)
    # Where each word begins in `folded`, so that a hit there leads back to the words of the text.
    starts = [0]
    for word in found:
        starts.append(starts[-1] + len(word.fold) + 1)
    because, levels = [], []
    for reason in reasons:
        match = reason.pattern.search(folded)
        if match:
            first, last = (bisect_right(starts, at) - 1 for at in (match.start(), match.end() - 2))
            because.append(Because(reason.id, reason.label, text[found[first].start : found[last].end]))
            levels.append(reason.level)
    if crisis and NOW not in levels:
        because.insert(0, Because("crisis", crisis, ""))
        levels.append(NOW)
    return Urgency(_highest(levels), tuple(because))


def _highest(levels: Iterable[str]) -> str:
    return min(levels, key=LEVELS.index, default=NORMAL)


def _pattern(form: str) -> str:
    """A form as a pattern: words with one blank between, in which „…“ stands for up to five others."""
    parts = []
    for part in form.split():
        if part == "…":
            parts.append(_BETWEEN)
            continue
        word = r"\d+" if part == "#" else r"\w+" if part == "*" else _word(part)
        parts.append(word + " ")
    return "".join(parts).rstrip(" ")


def _word(part: str) -> str:
    inner = " ".join(re.escape(word) for word in key(part.strip("*")))
    return ("\\w*" if part.startswith("*") else "") + inner + ("\\w*" if part.endswith("*") else "")
