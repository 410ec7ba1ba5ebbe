"""Which language a message is in: by script, by letters, and by words that only one language uses often.

German with foreign words stays German; one short word or a greeting decides nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from knowledge.text import Word, words

DEFAULT = "de"
# A language that is not plain needs so many signs, and more than German has.
_SIGNS = 2
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_PERSIAN = re.compile(r"[پچژگکی]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
# Letters that only one of our languages with Latin script has.
_LETTERS = {
    "de": re.compile(r"ß"),
    "es": re.compile(r"[ñ¿¡]"),
    "fr": re.compile(r"[èêœù]"),
    "pl": re.compile(r"[łąęśżźćń]", re.IGNORECASE),
    "ro": re.compile(r"[ăîșțţ]", re.IGNORECASE),
    "tr": re.compile(r"[ğışİ]"),
}


def detect(text: str, languages: Mapping[str, frozenset[str]]) -> str:
    """ISO 639-1 code of the language; German where nothing else is plain. `languages` are frequent words, folded, by code."""
    said = words(text)
    counts = Counter({code: sum(word.fold in known for word in said) for code, known in languages.items()})
    if _most(_ARABIC, said):
        return "fa" if len(_PERSIAN.findall(text)) > 1 else "ar"
    if _most(_CYRILLIC, said):
        return "uk" if _UKRAINIAN.search(text) or counts["uk"] > counts["ru"] else "ru"
    for code, pattern in _LETTERS.items():
        counts[code] += sum(bool(pattern.search(word.text)) for word in said) + (code == "es") * len(re.findall("[¿¡]", text))
    best = max(languages, key=lambda code: (counts[code], code == DEFAULT))
    return best if counts[best] >= _SIGNS and counts[best] > counts[DEFAULT] else DEFAULT


def _most(script: re.Pattern[str], said: list[Word]) -> bool:
    """Whether at least half of the words are in a script."""
    return bool(said) and 2 * sum(bool(script.search(word.text)) for word in said) >= len(said)
