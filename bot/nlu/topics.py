"""Which topics a text is about: a linear model over letters, words and concepts. Plain scikit-learn and numpy.

Chosen against DIET and others by measure (docs/NLU.md): as good on real questions, trained in seconds, read in a few
milliseconds, and it can say which words decided. Saved as arrays and JSON, never as pickle.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from spacy.lang.de.stop_words import STOP_WORDS

from knowledge.concepts import Lexicon
from knowledge.text import fold, words

# They decide nothing by themselves, so they explain nothing.
_STOP_WORDS = frozenset(fold(word) for word in STOP_WORDS)
# Weight of the concepts beside letters and words; flat between .5 and .8 (docs/NLU.md).
CONCEPT_WEIGHT = 0.5
# Inverse regularisation of the logistic regression: best of 1, 3, 10 on questions kept aside (docs/NLU.md).
C = 3.0


@dataclass(frozen=True)
class Guess:
    """A topic, its probability (0–1, all topics sum to 1) and the words of the text that speak for it."""

    topic: str
    confidence: float
    because: tuple[str, ...]


class TopicModel:
    """Learns from sentences, ranks topics for a text. The lexicon must be the one that it was trained with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.topics: tuple[str, ...] = ()
        letters: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (1, 5), "sublinear_tf": True, "dtype": np.float32}
        plain: dict[str, Any] = {"ngram_range": (1, 2), "sublinear_tf": True, "token_pattern": r"\S+", "dtype": np.float32}
        self._letters = TfidfVectorizer(min_df=2, **letters)
        self._words = TfidfVectorizer(min_df=2, **plain)
        self._concepts = DictVectorizer(dtype=np.float32)
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)

    # --- learning ----------------------------------------------------------------------------------------------------------

    def train(self, texts: Sequence[str], topics: Sequence[str]) -> None:
        """Fit to `texts` and their `topics` (same length). Deterministic: the same data give the same model."""
        folded = [_folded(text) for text in texts]
        concepts = [self._concept_features(text) for text in texts]
        parts = [
            self._letters.fit_transform(folded),
            self._words.fit_transform(folded),
            normalize(self._concepts.fit_transform(concepts)) * CONCEPT_WEIGHT,
        ]
        model = LogisticRegression(C=C, solver="liblinear", multi_class="ovr", random_state=0)
        model.fit(hstack(parts).tocsr(), np.array(topics))
        self.topics = tuple(model.classes_)
        self._weights = model.coef_.astype(np.float32)
        self._bias = model.intercept_.astype(np.float32)

    # --- reading -----------------------------------------------------------------------------------------------------------

    def rank(self, text: str, explain: int = 3) -> list[Guess]:
        """All topics, the most probable first; the first `explain` of them with the words that speak for them."""
        return self.rank_all([text], explain)[0]

    def rank_all(self, texts: Sequence[str], explain: int = 3) -> list[list[Guess]]:
        """`rank` for many texts at once, which is several times faster than one by one."""
        if not texts:
            return []
        features = self._features(texts)
        scores = features @ self._weights.T + self._bias
        # One-vs-rest: each topic's own probability, brought to a common sum, as scikit-learn does it.
        chances = 1.0 / (1.0 + np.exp(-scores))
        chances /= chances.sum(axis=1, keepdims=True)
        return [self._guesses(text, row, explain) for text, row in zip(texts, chances)]

    def _guesses(self, text: str, chances: NDArray[np.float32], explain: int) -> list[Guess]:
        order = np.argsort(-chances, kind="stable")
        best = [(self.topics[i], float(chances[i]), i) for i in order]
        shown = self._because(text, [i for _, _, i in best[:explain]])
        return [Guess(topic, chance, shown.get(i, ())) for topic, chance, i in best]

    def _because(self, text: str, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """For each of `rows`, up to three words or phrases of the text with the greatest weight for that topic."""
        found = words(text)
        spoken: dict[str, str] = {}
        for mention in self._lexicon.find(found):
            here = found[mention.first : mention.last]
            spoken.setdefault(mention.concept, text[here[0].start : here[-1].end])
        vocabulary = self._words.vocabulary_
        offset, concept_offset = len(self._letters.vocabulary_), len(self._letters.vocabulary_) + len(vocabulary)
        telling = (word for word in found if word.fold in vocabulary and word.fold not in _STOP_WORDS)
        columns = {word.text: offset + vocabulary[word.fold] for word in telling}
        known = self._concepts.vocabulary_
        columns |= {phrase: concept_offset + known[name] for name, phrase in spoken.items() if name in known}
        result = {}
        for row in rows:
            weighed = sorted(((float(self._weights[row, column]), word) for word, column in columns.items()), reverse=True)
            result[row] = tuple(word for weight, word in weighed[:3] if weight > 0)
        return result

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        folded = [_folded(text) for text in texts]
        concepts = self._concepts.transform([self._concept_features(text) for text in texts])
        parts = [self._letters.transform(folded), self._words.transform(folded), normalize(concepts) * CONCEPT_WEIGHT]
        return hstack(parts).tocsr()

    def _concept_features(self, text: str) -> dict[str, float]:
        """Concepts that are present, and which of them stand together."""
        present = sorted(self._lexicon.speaks_of(words(text)))
        features = dict.fromkeys(present, 1.0)
        for i, one in enumerate(present):
            for other in present[i + 1 :]:
                features[f"{one}+{other}"] = 1.0
        return features

    # --- keeping -----------------------------------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Write the model to the file `path` (a zip of JSON and numpy arrays)."""
        header = {
            "topics": self.topics,
            "letters": _names(self._letters.vocabulary_),
            "words": _names(self._words.vocabulary_),
            "concepts": self._concepts.feature_names_,
        }
        arrays = {"weights": self._weights, "bias": self._bias, "letters": self._letters.idf_, "words": self._words.idf_}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(_entry("model.json"), json.dumps(header, ensure_ascii=False))
            for name, array in arrays.items():
                buffer = io.BytesIO()
                np.save(buffer, array, allow_pickle=False)
                file.writestr(_entry(f"{name}.npy"), buffer.getvalue())

    @classmethod
    def load(cls, path: Path | IO[bytes], lexicon: Lexicon) -> TopicModel:
        """Read what `save` wrote, from a file or its open content."""
        model = cls(lexicon)
        with zipfile.ZipFile(path) as file:
            header = json.loads(file.read("model.json"))
            arrays = {
                name: np.load(io.BytesIO(file.read(f"{name}.npy")), allow_pickle=False)
                for name in ("weights", "bias", "letters", "words")
            }
        model.topics = tuple(header["topics"])
        model._weights, model._bias = arrays["weights"], arrays["bias"]
        for vectorizer, name in ((model._letters, "letters"), (model._words, "words")):
            vectorizer.vocabulary_ = {term: i for i, term in enumerate(header[name])}
            vectorizer.idf_ = arrays[name]
        model._concepts.feature_names_ = header["concepts"]
        model._concepts.vocabulary_ = {name: i for i, name in enumerate(header["concepts"])}
        return model


def _folded(text: str) -> str:
    return " ".join(word.fold for word in words(text))


def _names(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _entry(name: str) -> zipfile.ZipInfo:
    """A fixed date, so that the same model gives the same file."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
