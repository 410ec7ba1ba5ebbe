"""German text for comparing: one spelling for every way that people write a word.

`fold` gives that spelling; `words` cuts a text into words that keep their place in the original.
Training, chat and all vocabularies use these two, so that they can never disagree.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d"}
)
# What Arabic and Persian keyboards write differently for the same letter.
_ARABIC = str.maketrans({"ك": "ک", "ي": "ی", "ى": "ی", "ة": "ه", "ـ": "", "\u200c": " "})
# Letters and digits with the marks that decomposed (NFD) and vocalised Arabic text puts behind them; no underscore, and not
# the Ukrainian apostrophe U+02BC, which most people type as ' and Unicode counts as a letter.
_WORD = re.compile(r"(?:[^\W_\u02bc]|[\u0300-\u036f\u064b-\u065f])+")


# „Hallooo“, „biiitte“: three and more of a letter are one.
_DRAWN = re.compile(r"([^\W\d_])\1{2,}")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, umlauts as ae/oe/ue, ß as ss, no other accents, no drawn-out letters; letters of every script stay.

    >>> fold("Köln"), fold("KRAKÓW"), fold("Ärztin"), fold("Hallooo")
    ('koeln', 'krakow', 'aerztin', 'hallo')
    """
    if text.isascii():
        return _DRAWN.sub(r"\1", text.lower())
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return _DRAWN.sub(r"\1", text.translate(_LETTERS).translate(_ARABIC))


def bare(text: str) -> str:
    """`fold`, but with the dots of umlauts left out, as many keyboards do.

    >>> bare("Köln"), bare("Düsseldorf")
    ('koln', 'dusseldorf')
    """
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    return fold("".join(c for c in decomposed if not unicodedata.combining(c)))


@dataclass(frozen=True)
class Word:
    """A run of letters and digits. `start` and `end` are offsets in the original text, `fold` its folded form."""

    text: str
    start: int
    end: int
    fold: str


def words(text: str) -> list[Word]:
    """The words of a text, in order, without punctuation. Works on any string, also an empty one."""
    return [Word(m.group(), m.start(), m.end(), fold(m.group())) for m in _WORD.finditer(text)]


@lru_cache(maxsize=5_000)
def key(name: str) -> tuple[str, ...]:
    """The folded words of a name: what vocabularies are indexed by.

    >>> key("Halle (Saale)")
    ('halle', 'saale')
    """
    return tuple(_WORD.findall(fold(name)))


def bare_key(name: str) -> tuple[str, ...]:
    """`key` with the dots of umlauts left out."""
    return key(name) if name.isascii() else tuple(_WORD.findall(bare(name)))


def sentences(text: str) -> list[str]:
    """Sentences of our own answer texts: cut behind . ! ? : and line ends, not behind abbreviations such as „z. B."."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„(0-9])|\n+", text.strip())
    return [part for part in parts if part.strip()]
