"""Which language a message is in: by script, then by words that only one language uses often.

German with foreign words stays German; one short word or a greeting decides nothing.
"""

from __future__ import annotations

import re
from collections import Counter

from knowledge.text import fold, words

DEFAULT = "de"
# The most frequent short words of each language that are no words of another one here, folded.
_WORDS = {
    "de": (
        "ich und der die das ist nicht ein eine mit fuer auf wie was wo wer von zu den dem sie wir mein meine habe "
        "kann muss in im aus als bei bin seit noch aber oder wenn nur wird wohne gibt nach ohne"
    ),
    "en": ("the i my is are a you what how and to of for can do does where who with have need want please this that me"),
    "fr": (
        "je puis le la les des et est mon comme sans travailler ma mes un une pour que qui dans avec comment "
        "combien ou suis vous ai du au"
    ),
    "es": "el la los las y es mi mis un una para que con como cuanto donde soy tengo puedo por de en quiero necesito",
    "pl": "jest czy jak nie moje moj moja w na z do i gdzie ile moge mam chce jestem sie dla po co kto potrzebuje",
    "ro": (
        "este si nu cum unde cat am sunt pentru care mea meu in la cu pot vreau ce imi mi trebuie ca fara din romania diploma"
    ),
    "tr": (
        "ve bir bu icin ne nasil nerede mi benim var yok ile kadar diplomam istiyorum olarak almanya mesleki "
        "denklik nedir belge hangi lazim"
    ),
}
_SETS = {language: frozenset(text.split()) for language, text in _WORDS.items()}
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_PERSIAN = re.compile(r"[پچژگکی]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")


def detect(text: str) -> str:
    """ISO 639-1 code of the language; German where nothing else is plain."""
    letters = sum(c.isalpha() for c in text)
    if letters and len(_ARABIC.findall(text)) > letters / 2:
        return "fa" if len(_PERSIAN.findall(text)) > 1 else "ar"
    if letters and len(_CYRILLIC.findall(text)) > letters / 2:
        return "uk" if _UKRAINIAN.search(text) else "ru"
    counts: Counter[str] = Counter()
    for word in (fold(word.text) for word in words(text)):
        counts.update(language for language, known in _SETS.items() if word in known)
    if not counts:
        return DEFAULT
    best, hits = counts.most_common(1)[0]
    return best if hits >= 2 and hits > counts[DEFAULT] else DEFAULT
