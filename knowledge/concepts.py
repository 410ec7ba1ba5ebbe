"""The concept lexicon: which notions a text speaks of, in German and ten other languages.

A form is a word, a beginning (`anerkenn*`), an ending (`*bescheid`) or a phrase of these; all over folded text.
All forms stand in one trie, so that a text is read once, whatever the number of forms. A key of the trie is a path: the parts
of a form, each behind a sign for its kind, endings written backwards (`was kost*` → `=was^kost`); with all its own beginnings.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from marisa_trie import BytesTrie

from knowledge import compact
from knowledge.text import Word, key

# Longer words are noise, and reading them letter by letter would let one message keep a core busy.
LONGEST_WORD = 60
# Letters of the shortest beginning or ending that counts.
_LEAST = 2
_WORD, _BEGINNING, _ENDING = "=", "^", "$"
# Steps that are kept: most are the same few, and a message is read several times.
_SEEN = 8_000


@dataclass(frozen=True)
class Mention:
    """A concept seen in a text: its name and the words `first` to `last` (indices, `last` excluded) that show it."""

    concept: str
    first: int
    last: int


class Lexicon:
    """Finds concepts in a text. Built from `name -> forms`; forms as described at the top of this module."""

    def __init__(self, forms: Mapping[str, Sequence[str]]) -> None:
        self._open(prepare(forms))

    @classmethod
    def of(cls, parts: dict[str, bytes]) -> Lexicon:
        """The lexicon that `prepare` made."""
        lexicon = cls.__new__(cls)
        lexicon._open(parts)
        return lexicon

    def _open(self, parts: dict[str, bytes]) -> None:
        self.names: tuple[str, ...] = tuple(json.loads(parts["names.json"]))
        self._paths = BytesTrie().frombytes(parts["paths"])
        self._steps = lru_cache(maxsize=_SEEN)(self._follow)

    def find(self, text: Sequence[Word]) -> list[Mention]:
        """Every mention, in the order of the text; overlapping ones too."""
        found = []
        for first in range(len(text)):
            paths = self._steps("", text[first].fold)
            last = first + 1
            while paths:
                found += [Mention(name, first, last) for _, names in paths for name in names]
                if last == len(text):
                    break
                paths = [step for path, _ in paths for step in self._steps(path, text[last].fold)]
                last += 1
        return found

    def _follow(self, path: str, word: str) -> list[tuple[str, tuple[str, ...]]]:
        """The paths that go on from `path` with `word`: as a whole, as a beginning, as an ending; each with its concepts."""
        whole = f"{path}{_WORD}{word}"
        beginnings = self._paths.prefixes(f"{path}{_BEGINNING}{word[:LONGEST_WORD]}")
        endings = self._paths.prefixes(f"{path}{_ENDING}{word[::-1][:LONGEST_WORD]}")
        least = len(path) + 1 + _LEAST
        parts = [found for found in (*beginnings, *reversed(endings)) if len(found) >= least]
        return [(found, self._concepts(found)) for found in ([whole] if whole in self._paths else []) + parts]

    def _concepts(self, path: str) -> tuple[str, ...]:
        return tuple(self.names[number] for packed in self._paths.get(path, ()) for number in array("I", packed))

    def speaks_of(self, text: Sequence[Word]) -> frozenset[str]:
        """The names of all concepts in the text."""
        return frozenset(mention.concept for mention in self.find(text))


def prepare(forms: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
    """What `Lexicon.of` takes, of `name -> forms`."""
    paths: dict[str, list[int]] = {}
    for number, of_concept in enumerate(forms.values()):
        for form in of_concept:
            path = ""
            for path in _paths(form):
                paths.setdefault(path, [])
            if path and number not in paths[path]:
                paths[path].append(number)
    return {"names.json": json.dumps(list(forms)).encode(), "paths": compact.names(paths)}


def _paths(form: str) -> Iterator[str]:
    """The path of a form, and before it all of its beginnings."""
    path = ""
    for part in form.split():
        inner = key(part.strip("*"))
        for i, word in enumerate(inner):
            if i == len(inner) - 1 and part.endswith("*"):
                path += _BEGINNING + word
            elif i == 0 and part.startswith("*"):
                path += _ENDING + word[::-1]
            else:
                path += _WORD + word
            yield path
