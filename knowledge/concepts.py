"""The concept lexicon: which notions a text speaks of, in German and ten other languages.

A form is a word, a beginning (`anerkenn*`), an ending (`*bescheid`) or a phrase of these; all over folded text.
All forms stand in one trie, so that a text is read once, whatever the number of forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.text import Word, key

# Longer words are noise, and reading them letter by letter would let one message keep a core busy.
LONGEST_WORD = 60


class _Node:
    """A step of the trie. Most nodes have one or no way on, so a kind of steps exists only where it is used."""

    __slots__ = ("beginnings", "concepts", "endings", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] | None = None
        self.beginnings: dict[str, _Node] | None = None
        self.endings: dict[str, _Node] | None = None
        self.concepts: tuple[str, ...] = ()

    def step(self, kind: str, text: str) -> _Node:
        """The node behind `text`, made where there is none; `kind` is words, beginnings or endings."""
        steps: dict[str, _Node] = getattr(self, kind) or {}
        setattr(self, kind, steps)
        if text not in steps:
            steps[text] = _Node()
        return steps[text]

    def follow(self, word: str) -> Iterable[_Node]:
        if self.words and word in self.words:
            yield self.words[word]
        if self.beginnings:
            for end in range(2, min(len(word), LONGEST_WORD) + 1):
                if word[:end] in self.beginnings:
                    yield self.beginnings[word[:end]]
        if self.endings:
            for start in range(max(0, len(word) - LONGEST_WORD), len(word) - 1):
                if word[start:] in self.endings:
                    yield self.endings[word[start:]]


@dataclass(frozen=True)
class Mention:
    """A concept seen in a text: its name and the words `first` to `last` (indices, `last` excluded) that show it."""

    concept: str
    first: int
    last: int


class Lexicon:
    """Finds concepts in a text. Built from `name -> forms`; forms as described at the top of this module."""

    def __init__(self, forms: Mapping[str, Sequence[str]]) -> None:
        self.names = tuple(forms)
        self._root = _Node()
        for name, of_concept in forms.items():
            for form in of_concept:
                self._add(name, form)

    def _add(self, name: str, form: str) -> None:
        node = self._root
        for part in form.split():
            inner = key(part.strip("*"))
            for i, word in enumerate(inner):
                kind = "words"
                if i == len(inner) - 1 and part.endswith("*"):
                    kind = "beginnings"
                elif i == 0 and part.startswith("*"):
                    kind = "endings"
                node = node.step(kind, word)
        if node is not self._root and name not in node.concepts:
            node.concepts += (name,)

    def find(self, text: Sequence[Word]) -> list[Mention]:
        """Every mention, in the order of the text; overlapping ones too."""
        found = []
        for first in range(len(text)):
            nodes = [self._root]
            for last in range(first, len(text)):
                nodes = [following for node in nodes for following in node.follow(text[last].fold)]
                if not nodes:
                    break
                found += [Mention(name, first, last + 1) for node in nodes for name in node.concepts]
        return found

    def speaks_of(self, text: Sequence[Word]) -> frozenset[str]:
        """The names of all concepts in the text."""
        return frozenset(mention.concept for mention in self.find(text))
