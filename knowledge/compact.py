"""Long tables in little memory: records as JSON one after the other, names in a trie; both read and written as bytes.

A place or an occupation becomes an object only when a message names it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, Generic, TypeVar

from marisa_trie import BytesTrie

T = TypeVar("T")

# Words of the longest name that is looked for.
_LONGEST_NAME = 12
# Objects that are kept once made; a message has a few.
_KEPT = 2_000
# Words of which it is kept whether a name begins with them: looking takes 2 µs, and most words are the same few.
_SEEN = 4_000


class Records(Generic[T]):
    """A table: `make(*values)` of a row is made when it is asked for."""

    def __init__(self, rows: bytes, make: Callable[..., T]) -> None:
        count = int.from_bytes(rows[:4], "little")
        self._ends = array("I")
        self._ends.frombytes(rows[4 : 4 + 4 * (count + 1)])
        self._rows = memoryview(rows)[4 + 4 * (count + 1) :]
        self._make = make
        self._get = lru_cache(maxsize=_KEPT)(self._read)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> T:
        return self._get(number)

    def __iter__(self) -> Iterator[T]:
        """All, without keeping them."""
        return map(self._read, range(len(self)))

    def _read(self, number: int) -> T:
        return self._make(*json.loads(bytes(self._rows[self._ends[number] : self._ends[number + 1]])))


def rows(values: Iterable[Sequence[Any]]) -> bytes:
    """`values`, the rows of a table, as `Records` takes them."""
    found = [json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() for row in values]
    ends = array("I", accumulate(map(len, found), initial=0))
    return len(found).to_bytes(4, "little") + ends.tobytes() + b"".join(found)


class Names(Generic[T]):
    """A vocabulary (knowledge/vocabulary.py) that does not grow: names → entries, which `entry` makes of their numbers."""

    def __init__(self, names: bytes, entry: Callable[[int], T]) -> None:
        self._trie = BytesTrie().frombytes(names)
        self._entry = entry
        self._begins = lru_cache(maxsize=_SEEN)(self._look)

    def get(self, words: Sequence[str]) -> list[T]:
        """The entries of exactly this name; empty when it is unknown."""
        return self._entries(" ".join(words))

    def find(self, text: Sequence[str], start: int) -> tuple[int, list[T]]:
        """The longest name that begins at word `start`: (number of words, entries), or (0, []) if none does."""
        if not self._begins(text[start]):
            return 0, []
        ahead = " ".join(text[start : start + _LONGEST_NAME])
        for name in reversed(self._trie.prefixes(ahead)):
            if len(name) == len(ahead) or ahead[len(name)] == " ":
                return name.count(" ") + 1, self._entries(name)
        return 0, []

    def _look(self, word: str) -> bool:
        return word in self._trie or next(self._trie.iterkeys(f"{word} "), None) is not None

    def _entries(self, name: str) -> list[T]:
        return [self._entry(number) for packed in self._trie.get(name, ()) for number in array("I", packed)]


def names(numbers: Mapping[str, Iterable[int]]) -> bytes:
    """Name → numbers of its entries, in their order, as `Names` takes them."""
    packed = BytesTrie((name, array("I", found).tobytes()) for name, found in numbers.items()).tobytes()
    return bytes(packed)
