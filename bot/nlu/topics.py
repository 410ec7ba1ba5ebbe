"""Which topics a text is about: a linear model over letters, words and concepts (bot/nlu/features.py).

Chosen against DIET and others by measure (docs/NLU.md): better on real questions, trained in seconds, read in a
millisecond, and it can say which words decided. Saved as arrays and JSON, never as pickle.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from spacy.lang.de.stop_words import STOP_WORDS

from bot.nlu.features import FeatureSpace, Reading
from knowledge.concepts import Lexicon
from knowledge.text import fold

# They decide nothing by themselves, so they explain nothing.
_STOP_WORDS = frozenset(fold(word) for word in STOP_WORDS)
# Inverse regularisation of the support vector machine: best of .05 to 1 on questions kept aside (docs/NLU.md).
C = 0.4
# Parts that the sentences are cut into to see how sure the model may be of what it has not learnt.
FOLDS = 3


@dataclass(frozen=True)
class Guess:
    """A topic, its probability (0–1, all topics sum to 1) and the words of the text that speak for it."""

    topic: str
    confidence: float
    because: tuple[str, ...]


class TopicModel:
    """Learns from sentences, ranks topics for a text. The lexicon must be the one that it was trained with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.topics: tuple[str, ...] = ()
        self._space = FeatureSpace(lexicon)
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)
        self._scale = 1.0
        # Shares on sentences kept aside while learning: the first topic right, the right one among the first three.
        self.held_out: dict[str, float] = {}

    def train(self, texts: Sequence[str], topics: Sequence[str], seconds: Sequence[str | None] = ()) -> None:
        """Fit to `texts`, their `topics` and where they ask two things the topic of the second (all of the same length).
        Deterministic: the same data give the same model."""
        features = self._space.fit(texts)
        first, second = np.array(topics), np.array(seconds or [None] * len(texts))
        self.topics = tuple(sorted(set(topics)))
        wanted = np.array([(first == topic) | (second == topic) for topic in self.topics]).T
        weights, self._bias = _separate(features, wanted)
        # One row a feature, so that reading a text takes a few rows together.
        self._weights = np.ascontiguousarray(weights.T)
        self._scale, self.held_out = _sureness(features, wanted, np.searchsorted(self.topics, first))

    def rank(self, text: str, explain: int = 3) -> list[Guess]:
        """All topics, the most probable first; the first `explain` of them with the words that speak for them."""
        reading = self._space.read(text)
        chances = self._chances(reading)
        order = np.argsort(-chances, kind="stable")
        shown = self._because(reading, order[:explain])
        return [Guess(self.topics[i], float(chances[i]), shown.get(i, ())) for i in order]

    def _chances(self, reading: Reading) -> NDArray[np.float32]:
        scores = reading.values @ self._weights[reading.columns] + self._bias
        return _softmax(self._scale * scores)

    def _because(self, reading: Reading, topics: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """For each of `topics`, up to three words or phrases of the text with the greatest weight for it."""
        columns: dict[str, int] = {}
        for word in reading.words:
            column = self._space.column("words", word.fold)
            if column is not None and word.fold not in _STOP_WORDS:
                columns[word.text] = column
        for mention in reading.mentions:
            column = self._space.column("concepts", mention.concept)
            here = reading.words[mention.first : mention.last]
            if column is not None:
                columns.setdefault(reading.text[here[0].start : here[-1].end], column)
        result = {}
        for topic in topics:
            weighed = sorted(((float(self._weights[column, topic]), word) for word, column in columns.items()), reverse=True)
            result[topic] = tuple(word for weight, word in weighed[:3] if weight > 0)
        return result

    def save(self, path: Path) -> None:
        """Write the model to the file `path` (a zip of JSON and numpy arrays)."""
        terms, idf = self._space.state()
        header = {"topics": self.topics, "scale": self._scale, "held_out": self.held_out, "terms": terms}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(_entry("model.json"), json.dumps(header, ensure_ascii=False))
            for name, array in {"weights": self._weights, "bias": self._bias, "idf": idf}.items():
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
                name: np.load(io.BytesIO(file.read(f"{name}.npy")), allow_pickle=False) for name in ("weights", "bias", "idf")
            }
        model.topics, model._scale, model.held_out = tuple(header["topics"]), float(header["scale"]), header["held_out"]
        model._weights, model._bias = arrays["weights"], arrays["bias"]
        model._space.restore(header["terms"], arrays["idf"])
        return model


def _separate(features: csr_matrix, wanted: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One linear support vector machine a topic: weights (topics × features) and bias. `wanted` is sentences × topics."""
    # Only learning needs scikit-learn; reading starts a second sooner without it.
    from sklearn.svm import LinearSVC

    machines = [LinearSVC(C=C, random_state=0).fit(features, column) for column in wanted.T]
    weights = np.array([machine.coef_[0] for machine in machines], dtype=np.float32)
    return weights, np.array([machine.intercept_[0] for machine in machines], dtype=np.float32)


def _sureness(features: csr_matrix, wanted: NDArray[np.bool_], right: NDArray[np.int64]) -> tuple[float, dict[str, float]]:
    """The factor of the margins with which their softmax is as sure as it is right (temperature scaling: Guo et al., On
    Calibration of Modern Neural Networks, 2017), and how often it is right, both on sentences kept aside."""
    fold = np.arange(len(right)) % FOLDS
    margins = np.zeros(wanted.shape, dtype=np.float32)
    for i in range(FOLDS):
        weights, bias = _separate(features[fold != i], wanted[fold != i])
        margins[fold == i] = features[fold == i] @ weights.T + bias
    own = np.arange(len(right))

    def surprise(scale: float) -> float:
        chances = _softmax(scale * margins)[own, right]
        return float(-np.log(chances + 1e-9).mean())

    scales: list[float] = np.arange(0.5, 8.0, 0.1).round(1).tolist()
    place = (margins > margins[own, right][:, None]).sum(axis=1)
    return min(scales, key=surprise), {"right": float((place == 0).mean()), "three": float((place < 3).mean())}


def _softmax(scores: NDArray[Any]) -> NDArray[np.float32]:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: NDArray[np.float32] = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return chances


def _entry(name: str) -> zipfile.ZipInfo:
    """A fixed date, so that the same model gives the same file."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
