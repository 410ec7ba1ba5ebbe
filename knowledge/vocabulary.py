"""A vocabulary: names of one or more words → entries. Looked up by folded words, the longest name first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from knowledge.text import bare_key, key

T = TypeVar("T")


class Vocabulary(Generic[T]):
    """Several entries may share a name; each name is also known with its umlauts left out (`Koln`)."""

    def __init__(self) -> None:
        # One string a name takes a third of the memory of a tuple of words.
        self._entries: dict[str, list[T]] = {}
        self._longest: dict[str, int] = {}

    def add(self, name: str, entry: T) -> None:
        """Make `entry` known under `name`. A name without letters or digits is ignored."""
        for words in {key(name), bare_key(name)}:
            self._add(words, entry)

    def add_exact(self, name: str, entry: T) -> None:
        """`add`, but only with the umlauts as they are (or as ae, oe, ue)."""
        self._add(key(name), entry)

    def _add(self, words: tuple[str, ...], entry: T) -> None:
        if not words:
            return
        entries = self._entries.setdefault(" ".join(words), [])
        if entry not in entries:
            entries.append(entry)
        self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def get(self, words: tuple[str, ...]) -> list[T]:
        """The entries of exactly this name; empty when it is unknown."""
        return self._entries.get(" ".join(words), [])

    def find(self, text: Sequence[str], start: int) -> tuple[int, list[T]]:
        """The longest name that begins at word `start`: (number of words, entries), or (0, []) if none does."""
        for length in range(min(self._longest.get(text[start], 0), len(text) - start), 0, -1):
            entries = self._entries.get(" ".join(text[start : start + length]))
            if entries:
                return length, entries
        return 0, []

    def numbered(self) -> tuple[dict[str, list[int]], list[T]]:
        """Name → numbers of its entries, and the entries that they count; for knowledge/compact.py."""
        known: dict[T, int] = {}
        names = {name: [known.setdefault(entry, len(known)) for entry in entries] for name, entries in self._entries.items()}
        return names, list(known)
