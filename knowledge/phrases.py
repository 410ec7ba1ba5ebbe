"""Acts of a talk: „ja“, „das zweite“, „mehr dazu“ – what steers it, said as a whole message or in front of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from knowledge.text import key


class Act(str, Enum):
    """What somebody means who steers the talk."""

    YES = "affirm"
    NO = "deny"
    UNKNOWN = "unknown"
    REFUSE = "refuse"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    LAST = "last"
    BOTH = "both"
    NONE = "none"
    MORE = "more"
    SIMPLER = "simpler"
    LANGUAGE = "language"
    RECALL = "recall"
    DELETE = "delete"
    COMPLAINT = "complaint"
    WHY = "why"
    REPEAT = "repeat"
    STOP = "stop"


# These also stand in front of what is meant: „nein, die Prüfung“.
_LEADING = (Act.YES, Act.NO)


@dataclass(frozen=True)
class Said:
    """The act of a message, and the folded words behind it that are no part of the act (`nein, Koblenz` → `koblenz`)."""

    act: Act | None
    rest: tuple[str, ...] = ()


class Phrases:
    """Every phrase of every act. `filler` are polite words that change nothing."""

    def __init__(self, acts: Mapping[str, Sequence[str]], filler: Sequence[str]) -> None:
        self._filler = {word for phrase in filler for word in key(phrase)}
        self._acts: dict[tuple[str, ...], Act] = {}
        for act, phrases in acts.items():
            for phrase in phrases:
                for words in (key(phrase), self._bare(key(phrase))):
                    if words:
                        self._acts.setdefault(words, Act(act))

    def read(self, text: str) -> Said:
        """The act of the whole message; for „ja …“ and „nein …“ also of its first word, with the rest."""
        words = key(text)
        for tried in (words, self._bare(words)):
            if tried in self._acts:
                return Said(self._acts[tried])
        first = self._acts.get(words[:1])
        if first in _LEADING:
            rest = words[1:]
            inner = self._acts.get(rest) or self._acts.get(self._bare(rest))
            return Said(inner) if inner else Said(first, rest)
        return Said(None, words)

    def _bare(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in words if word not in self._filler)
