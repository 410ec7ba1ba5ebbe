"""A text as numbers: TF-IDF of its letters, its words and its concepts, each block of length 1.

The same code makes the rows for learning and for reading. Reading one text takes some tenths of a millisecond, where
scikit-learn's vectorizers, made for matrices, take four.
"""

from __future__ import annotations

import math
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
# Rarer terms cost memory and teach nothing: with 2 a third more of them, and the same figures (docs/NLU.md).
LEAST = 3
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
        self._idf = np.zeros(0, dtype=np.float32)

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the terms of `texts`; the matrix of their features, one row a text."""
        counted = [self._terms(found, self.lexicon.find(found)) for found in map(words, texts)]
        terms, idf = {}, []
        for i, block in enumerate(BLOCKS):
            spread = Counter(term for counts in counted for term in counts[i])
            terms[block] = sorted(term for term, texts_with in spread.items() if texts_with >= LEAST)
            seen = np.array([spread[term] for term in terms[block]], dtype=np.float32)
            # Concepts are signs, not words: a rare one does not weigh more.
            idf.append(np.ones_like(seen) if block == "concepts" else np.log((1 + len(texts)) / (1 + seen)) + 1)
        self.restore(terms, np.concatenate(idf))
        rows = [self._row(counts) for counts in counted]
        pointers = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, pointers), shape=(len(texts), len(self._idf)))

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
        columns: list[int] = []
        often: list[int] = []
        ends = []
        for block, counted in zip(BLOCKS, counts):
            known = self._columns[block]
            for term, count in counted.items():
                column = known.get(term)
                if column is not None:
                    columns.append(column)
                    often.append(count)
            ends.append(len(columns))
        at = np.array(columns, dtype=np.int32)
        values = (1 + np.log(np.array(often, dtype=np.float32))) * self._idf[at]
        for block, start, end in zip(BLOCKS, (0, *ends), ends):
            length = math.sqrt(values[start:end] @ values[start:end]) or 1.0
            values[start:end] *= (CONCEPT_WEIGHT if block == "concepts" else 1.0) / length
        return at, values

    def state(self) -> tuple[dict[str, list[str]], NDArray[np.float32]]:
        """What `restore` needs: the terms of each block in order, and what each of them counts."""
        return {block: list(self._columns[block]) for block in BLOCKS}, self._idf

    def restore(self, terms: dict[str, list[str]], idf: NDArray[Any]) -> None:
        """Take over what `state` gave."""
        offset = 0
        for block in BLOCKS:
            self._columns[block] = {term: offset + i for i, term in enumerate(terms[block])}
            offset += len(terms[block])
        self._idf = idf.astype(np.float32)


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
