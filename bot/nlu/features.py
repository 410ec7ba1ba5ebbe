"""A text as numbers: TF-IDF of its letters, its words and its concepts, each block of length 1.

The same code makes the rows for learning and for reading. Reading one text takes some tenths of a millisecond, where
scikit-learn's vectorizers, made for matrices, take four.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from knowledge.concepts import Lexicon, Mention
from knowledge.text import Word, words

# Longest run of letters that counts as a feature of its own, and of words.
LETTERS, WORDS = 5, 2
# Terms that only one sentence has teach nothing.
LEAST = 2
# Weight of the concepts beside letters and words; flat between .5 and .8 (docs/NLU.md).
CONCEPT_WEIGHT = 0.5
BLOCKS = ("letters", "words", "concepts")
# Words longer than this are noise; their letters would cost time without end.
_LONGEST = 60


class FeatureSpace:
    """Which terms are features, and what each counts. The lexicon must be the one that it was fitted with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._columns: dict[str, dict[str, int]] = {}
        self._idf: dict[str, NDArray[np.float32]] = {}

    @property
    def size(self) -> int:
        """Number of features."""
        return sum(len(columns) for columns in self._columns.values())

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the terms of `texts`; the matrix of their features, one row a text."""
        counted = [self._terms(found, self.lexicon.find(found)) for found in map(words, texts)]
        offset = 0
        for i, block in enumerate(BLOCKS):
            spread = Counter(term for counts in counted for term in counts[i])
            known = sorted(term for term, texts_with in spread.items() if texts_with >= LEAST)
            self._columns[block] = {term: offset + column for column, term in enumerate(known)}
            seen = np.array([spread[term] for term in known], dtype=np.float32)
            # Concepts are signs, not words: a rare one does not weigh more.
            idf = np.ones_like(seen) if block == "concepts" else np.log((1 + len(texts)) / (1 + seen)) + 1
            self._idf[block] = idf.astype(np.float32)
            offset += len(known)
        rows = [self._row(counts) for counts in counted]
        pointers = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, pointers), shape=(len(texts), self.size))

    def read(self, text: str) -> Reading:
        """The features of one text."""
        found = words(text)
        mentions = self.lexicon.find(found)
        return Reading(text, found, mentions, *self._row(self._terms(found, mentions)))

    def column(self, block: str, term: str) -> int | None:
        """The column of a term, None where it is no feature."""
        return self._columns[block].get(term)

    def _terms(self, found: Sequence[Word], mentions: Iterable[Mention]) -> tuple[Counter[str], ...]:
        folded = [word.fold for word in found]
        concepts = sorted({mention.concept for mention in mentions})
        pairs = [f"{one}+{other}" for i, one in enumerate(concepts) for other in concepts[i + 1 :]]
        return Counter(_letters(folded)), Counter(_phrases(folded)), Counter([*concepts, *pairs])

    def _row(self, counts: Sequence[Counter[str]]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        columns, values, offset = [], [], 0
        for block, counted in zip(BLOCKS, counts):
            known = self._columns[block]
            pairs = [(known[term], count) for term, count in counted.items() if term in known]
            at = np.array([column for column, _ in pairs], dtype=np.int32)
            value = (1 + np.log(np.array([count for _, count in pairs], dtype=np.float32))) * self._idf[block][at - offset]
            length = float(np.sqrt((value * value).sum())) or 1.0
            columns.append(at)
            values.append(value * ((CONCEPT_WEIGHT if block == "concepts" else 1.0) / length))
            offset += len(known)
        return np.concatenate(columns), np.concatenate(values)

    def state(self) -> tuple[dict[str, list[str]], dict[str, NDArray[np.float32]]]:
        """What `restore` needs: the terms of each block in order, and what each counts."""
        return {block: list(self._columns[block]) for block in BLOCKS}, dict(self._idf)

    def restore(self, terms: dict[str, list[str]], idf: dict[str, Any]) -> None:
        offset = 0
        for block in BLOCKS:
            self._columns[block] = {term: offset + i for i, term in enumerate(terms[block])}
            self._idf[block] = idf[block]
            offset += len(terms[block])


class Reading:
    """A text with its words, the concepts in it and its features: `values` (float32) at `columns`."""

    def __init__(
        self,
        text: str,
        found: list[Word],
        mentions: list[Mention],
        columns: NDArray[np.int32],
        values: NDArray[np.float32],
    ) -> None:
        self.text = text
        self.words = found
        self.mentions = mentions
        self.columns = columns
        self.values = values


def _letters(folded: Iterable[str]) -> Iterable[str]:
    """Runs of letters inside each word, with a blank before and behind it."""
    for word in folded:
        padded = f" {word[:_LONGEST]} "
        for length in range(1, LETTERS + 1):
            for start in range(max(1, len(padded) - length + 1)):
                yield padded[start : start + length]


def _phrases(folded: Sequence[str]) -> Iterable[str]:
    for length in range(1, WORDS + 1):
        for start in range(len(folded) - length + 1):
            yield " ".join(folded[start : start + length])
