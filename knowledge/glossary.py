"""Technical words in plain words: finds the word that somebody asks about („Was heißt Defizitbescheid?“)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.model import Term
from knowledge.text import key
from knowledge.vocabulary import Vocabulary

# What asks for a meaning, as folded words. The term must follow at once, with nothing but small words between: „Was heißt das
# Wort …?“ asks for the word, „Was heißt das für meinen Antrag?“ does not.
_MEANING = tuple(
    map(
        key,
        "was heißt,was heisst,was heist,was bedeutet,was bedeuten,was heißen,was meint,was meinen,was meinst du mit,"
        "was meinen sie mit,was versteht man unter,bedeutung,erklär,erkläre,erklären,das wort,der begriff,definition".split(
            ","
        ),
    )
)
# Behind these the sentence must end with the term: „Was ist die Frist für …?“ asks for the thing, not for the word.
_BEING = tuple(map(key, "was ist,was sind,was is,wer ist,was war".split(",")))
_SMALL = set(
    "ein eine einen einer eines der die das den dem des dieser diese dieses mit unter von nur so denn eigentlich wort begriff "
    "sie mir uns bitte also nun es".split()
)
_AFTER = set(
    "bitte genau eigentlich denn das nochmal und wofuer ist sind heisst bedeutet im brief ueberhaupt erklaeren was".split()
)
_ENDINGS = ("en", "er", "es", "em", "e", "n", "s")


class Glossary:
    """The terms, findable by every name they have."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._forms: Vocabulary[Term] = Vocabulary()
        for term in self.terms:
            for form in (term.term, *term.also):
                self._forms.add(form, term)

    def asked(self, text: Sequence[str]) -> Term | None:
        """The term whose meaning the folded words `text` ask for, or None when they ask for something else."""
        whole = self._at(text, 0)
        if whole and whole[0] == len(text):
            return whole[1]
        for phrases, must_end in ((_MEANING, False), (_BEING, True)):
            for phrase in phrases:
                start = _find(text, phrase)
                if start is None:
                    continue
                found = self._next(text, start + len(phrase))
                if found and (not must_end or _rest(text[found[0] :])):
                    return found[1]
                # „Anerkennungszuschuss, was ist das?“, „Defizitbescheid bedeutet was“
                found = self._next(text[:start], 0)
                if found and found[0] == start and _rest(text[start + len(phrase) :]):
                    return found[1]
        return None

    def terms_in(self, text: str) -> list[Term]:
        """Every term in the text, in its order, each once."""
        words, found, at = key(text), dict[str, Term](), 0
        while at < len(words):
            hit = self._at(words, at)
            if hit:
                found[hit[1].id] = hit[1]
            at += hit[0] if hit else 1
        return list(found.values())

    def explains(self, word: str) -> bool:
        """Whether the word (or phrase) is one of ours, in any of its endings."""
        text = key(word)
        found = self._at(text, 0)
        return bool(found and found[0] == len(text))

    def _next(self, text: Sequence[str], start: int) -> tuple[int, Term] | None:
        """The term behind small words from `start` on: (where it ends, the term)."""
        for at in range(start, len(text)):
            found = self._at(text, at)
            if found:
                return at + found[0], found[1]
            if text[at] not in _SMALL:
                return None
        return None

    def _at(self, text: Sequence[str], start: int) -> tuple[int, Term] | None:
        if start >= len(text):
            return None
        length, terms = self._forms.find(text, start)
        if terms:
            return length, terms[0]
        word = text[start]
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                length, terms = self._forms.find([word[: -len(ending)], *text[start + 1 :]], 0)
                if terms:
                    return length, terms[0]
        return None


def _find(text: Sequence[str], phrase: Sequence[str]) -> int | None:
    length = len(phrase)
    return next((i for i in range(len(text) - length + 1) if tuple(text[i : i + length]) == tuple(phrase)), None)


def _rest(words: Sequence[str]) -> bool:
    return all(word in _AFTER for word in words)
