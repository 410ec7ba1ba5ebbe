"""How plain a German text is: measured for every text that people read, against the limits of „Einfache Sprache“.

Two readability figures for the whole: LIX (Björnsson 1968; below 40 reads easily, fiction is about 35, news about 50) and
the first Wiener Sachtextformel (Bamberger and Vanecek 1984; the school grade that a text suits, 4 to 15).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyphen

from knowledge.text import sentences

LONGEST_SENTENCE = 20  # words
MEAN_SENTENCE = 12  # words
LONGEST_TEXT = 600  # characters: what a phone shows at once
LONGEST_WORD = 14  # letters, unless the glossary explains the word
MOST_COMMAS = 1  # in a sentence
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+(?:[.,]\d+)*")
# „wird … geprüft“, „werden … anerkannt“: a form of werden and a participle at the end of the sentence.
_PASSIVE = re.compile(
    r"\b(?:wird|werden|wurde|wurden|worden)\b.*\b(?:ge\w{2,}(?:t|en)|(?:be|er|ver|zer|ent|an|auf|aus|ein)\w{3,}t|\w+iert)\b"
)
_ABBREVIATION = re.compile(r"\b(?:[a-zA-ZÄÖÜäöü]\. ?){2,}|\b(?:bzw|ggf|evtl|usw|inkl|ca|vgl|Nr|Abs)\.|\b[A-ZÄÖÜ]{2,}\b")
_LETTERS = re.compile(r"[^\W\d_]")
_hyphens = pyphen.Pyphen(lang="de_DE")


@dataclass(frozen=True)
class Finding:
    """What is not plain in a text. `rule` is the limit, `found` what breaks it; a `hard` one must be mended."""

    where: str
    rule: str
    found: str
    hard: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}: {self.found}"


@dataclass(frozen=True)
class Measure:
    """Figures of a corpus. Lengths in words; `lix` and `wiener` as the module says."""

    texts: int
    sentences: int
    words: int
    mean: float
    longest: int
    lix: float
    wiener: float

    def __str__(self) -> str:
        return (
            f"{self.texts} texts, {self.sentences} sentences, {self.words} words; mean sentence {self.mean:.1f} words, "
            f"longest {self.longest}; LIX {self.lix:.1f}, Wiener Sachtextformel {self.wiener:.1f}"
        )


def findings(where: str, text: str, explained: Callable[[str], bool]) -> Iterator[Finding]:
    """Everything in `text` that breaks a limit. `explained` tells whether a word needs no more explanation."""
    counts = [len(_words(sentence)) for sentence in sentences(text)]
    if counts and max(counts) > LONGEST_SENTENCE:
        yield Finding(where, f"a sentence of more than {LONGEST_SENTENCE} words", f"{max(counts)} words", True)
    # The mean says nothing of a single sentence.
    if len(counts) > 1 and sum(counts) / len(counts) > MEAN_SENTENCE:
        yield Finding(where, f"mean sentence over {MEAN_SENTENCE} words", f"{sum(counts) / len(counts):.1f}", True)
    if len(text) > LONGEST_TEXT:
        yield Finding(where, f"longer than {LONGEST_TEXT} characters", f"{len(text)}", True)
    for word in dict.fromkeys(_words(_without_addresses(text))):
        if max(map(len, word.split("-"))) > LONGEST_WORD and not explained(word):
            yield Finding(where, f"a word of more than {LONGEST_WORD} letters that the glossary does not explain", word, False)
    for sentence in sentences(text):
        if sentence.count(",") > MOST_COMMAS:
            yield Finding(where, f"more than {MOST_COMMAS} comma in a sentence", sentence, False)
        if _PASSIVE.search(sentence):
            yield Finding(where, "passive", sentence, False)
    for short in dict.fromkeys(match.group().strip() for match in _ABBREVIATION.finditer(_without_addresses(text))):
        if not explained(short) and f"({short})" not in text:
            yield Finding(where, "an abbreviation that nobody explains", short, False)


def measure(texts: Sequence[str]) -> Measure:
    """The figures of all `texts` together; at least one must hold a sentence."""
    said = [sentence for text in texts for sentence in sentences(text)]
    counts = [len(_words(sentence)) for sentence in said]
    words = [word for sentence in said for word in _words(sentence) if _LETTERS.search(word)]
    mean = sum(counts) / len(counts)
    long = _share(words, lambda word: len(word) > 6)
    many, one = _share(words, lambda word: syllables(word) >= 3), _share(words, lambda word: syllables(word) == 1)
    wiener = 0.1935 * many + 0.1672 * mean + 0.1297 * long - 0.0327 * one - 0.875
    return Measure(len(texts), len(said), sum(counts), mean, max(counts), mean + long, wiener)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables by the hyphenation patterns of German, at least one.

    >>> syllables("Beratung"), syllables("Amt")
    (3, 1)
    """
    return len(_hyphens.positions(word)) + 1


def _share(words: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return 100 * sum(map(is_one, words)) / len(words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _without_addresses(text: str) -> str:
    return re.sub(r"\S+\.(?:de|com|org|net|eu|info)\b\S*", " ", text)
