"""Occupations: names, words of learners and inflected forms → occupation, or the question which one is meant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge import compact
from knowledge.model import Ambiguity, Certainty, Profession, Regulation
from knowledge.profession_tables import SHORTEST_TITLE
from knowledge.sources import Sources
from knowledge.text import key

# Endings of German nouns, taken off one after the other when a form is not in the vocabulary: Ärztinnen → Ärztin.
_ENDINGS = ("nen", "en", "es", "in", "n", "s", "e")
# Plurals that change the stem: Ärzte, Pflegekräfte, Kaufleute.
_PLURALS = (
    ("aerzten", "arzt"),
    ("aerzte", "arzt"),
    ("kraeften", "kraft"),
    ("kraefte", "kraft"),
    ("leute", "mann"),
    ("leuten", "mann"),
    ("koechen", "koch"),
    ("koeche", "koch"),
    ("anwaelten", "anwalt"),
    ("anwaelte", "anwalt"),
)
# „Erzieherdiplom“, „Hebammenausbildung“: what stands before such a part is the occupation.
_PAPERS = tuple(
    "diplom zeugnis ausbildung titel abschluss studium examen urkunde beruf brief lehre kurs stelle pruefung".split()
)
# „Pfleger:in“, „Ärzt*innen“: the second word of a split gender form.
_SPLIT_ENDINGS = ("in", "innen")
# Words that are remembered as parts of an occupation, or as none.
_SEEN = 50_000
# Words of the longest name that is looked for.
_LONGEST_NAME = 12
# A compound counts as what it ends in (Oberarzt, Fachkrankenschwester), if that part has this many letters.
_HEAD = 7
# A compound has an end; „aaaa…“ of a thousand letters has none.
_LONGEST_WORD = 60
_SHORT_HEADS = ("arzt", "aerztin")
# The group of occupations that only our own list of statutes names: what it says is said with „in der Regel“.
LISTED = "liste"


@dataclass(frozen=True)
class Found:
    """An occupation in a text: `length` words long, in the first of them `letters` letters where it is only a part of it.

    `ambiguity` when the word may mean several. `hint`: only a word that goes with the occupation („Supermarkt“), which
    names it as an answer or in few words.
    """

    length: int
    profession: Profession
    ambiguity: Ambiguity | None = None
    hint: bool = False
    letters: int | None = None


class Professions:
    """Three layers, the careful one first: our own records, the list of regulated occupations, the titles of ESCO."""

    def __init__(self, own: dict[str, Any], sources: Sources, parts: dict[str, bytes]) -> None:
        """`own` is the content of professions.yml; `parts` are what `prepare` made of it and of the tables."""
        groups = {group["id"]: group for group in own["groups"]}
        records = [_own(record, groups[record["group"]], sources) for record in own["professions"]]
        listed = list(compact.Records(parts["regulated"], _regulated))
        self.by_id = {profession.id: profession for profession in [*reversed(listed), *records]}
        few = json.loads(parts["few.json"])
        titles = compact.Records(parts["titles"], _title)
        self._own = compact.Names(parts["own.names"], [self.by_id[id] for id in few["own"]].__getitem__)
        self._regulated = compact.Names(parts["regulated.names"], listed.__getitem__)
        self._titles = compact.Names(parts["titles.names"], titles.__getitem__)
        self._hints = compact.Names(parts["hints.names"], [self.by_id[id] for id in few["hints"]].__getitem__)
        self._questions = own["ambiguous"]
        self._terms = compact.Records(parts["ambiguous"], self._ambiguity)
        self._ambiguous = compact.Names(parts["ambiguous.names"], self._terms.__getitem__)
        # Most words of a message have been seen before and are no part of an occupation.
        self._parts: dict[str, Found | None] = {}

    def _ambiguity(self, term: str, question: int) -> Ambiguity:
        record = self._questions[question]
        return Ambiguity(term, tuple(self.by_id[candidate] for candidate in record["candidates"]), record["ask"])

    def find(self, text: Sequence[str], start: int) -> Found | None:
        """The occupation that begins at word `start` of the folded words `text`, the longest name first."""
        for vocabulary in (self._own, self._regulated, self._titles):
            for form in _forms(text[start]):
                length, entries = vocabulary.find([form, *text[start + 1 : start + _LONGEST_NAME]], 0)
                if entries:
                    return self._found([form, *text[start + 1 : start + length]], length, entries)
            # „Pfleger:in“ is „pfleger in“ here, and learners write „röntgen assistentin“.
            for following in text[start + 1 : start + 2]:
                end = "in" if following in _SPLIT_ENDINGS else following if len(following) >= _HEAD else ""
                joined = self._found_as(vocabulary, text[start] + end, 2) if end else None
                if joined:
                    return joined
        found = self._part(text[start])
        if found:
            return found
        length, entries = self._hints.find(text, start)
        return Found(length, entries[0], hint=True) if entries else None

    def _found_as(self, vocabulary: compact.Names[Profession], name: str, length: int) -> Found | None:
        entries = vocabulary.get((name,))
        return self._found((name,), length, entries) if entries else None

    def _found(self, words: Sequence[str], length: int, entries: list[Profession], letters: int | None = None) -> Found:
        return Found(length, entries[0], next(iter(self._ambiguous.get(words)), None), letters=letters)

    def _part(self, word: str) -> Found | None:
        if len(word) > _LONGEST_WORD:
            return None
        if word not in self._parts:
            if len(self._parts) >= _SEEN:
                self._parts.clear()
            self._parts[word] = self._compound(word) or self._modifier(word)
        return self._parts[word]

    def _compound(self, word: str) -> Found | None:
        """„Oberarzt“, „Fachkrankenschwester“: the occupation is the end of the word."""
        for form in _forms(word):
            for cut in range(3, len(form) - 3):
                head = form[cut:]
                if len(head) < _HEAD and head not in _SHORT_HEADS:
                    continue
                entries = self._own.get((head,)) or self._regulated.get((head,))
                if entries:
                    return self._found((head,), 1, entries)
        return None

    def _modifier(self, word: str) -> Found | None:
        """„Erzieherdiplom“, „Hebammenausbildung“: the occupation is the beginning of the word."""
        paper = next((paper for paper in _PAPERS if word.endswith(paper)), None)
        if paper is None:
            return None
        stem = word.removesuffix(paper)
        for name in (stem, stem.removesuffix("s"), stem.removesuffix("n"), stem.removesuffix("en")):
            entries = (self._own.get((name,)) or self._regulated.get((name,))) if len(name) > SHORTEST_TITLE else []
            if entries:
                return self._found((name,), 1, entries, len(name))
        return None

    def ambiguity(self, word: str) -> Ambiguity | None:
        """The question behind a word that may mean several occupations; None when it means one."""
        return next(iter(self._ambiguous.get(key(word))), None)

    def resolve(self, name: str) -> Found | None:
        """The occupation called `name` (the whole of it), or None."""
        words = list(key(name))
        found = self.find(words, 0) if words else None
        return found if found and found.length >= len(words) else None


@lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[str, ...]:
    """The word as it is, then with the endings of plural, case and gender taken off."""
    plurals = [word[: -len(plural)] + singular for plural, singular in _PLURALS if word.endswith(plural)]
    stems = [word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 4]
    return (word, *plurals, *stems)


def _own(record: dict[str, Any], group: dict[str, Any], sources: Sources) -> Profession:
    # Of a record that is only background nothing is said.
    known = Certainty(record["certainty"]).may_be_said
    regulated = Regulation(record.get("regulated", group["regulated"]))
    return Profession(
        id=record["id"],
        name_m=record["name_m"],
        name_f=record["name_f"],
        group=record["group"] if known else "",
        regulated=regulated if known else Regulation.UNKNOWN,
        body=record.get("body", group["body"]) if known else None,
        hint=group["hint"] if known else None,
        source=sources.resolve(record["source"], record["as_of"]) if known else None,
        certain=Certainty(record["certainty"]) is Certainty.CONFIRMED,
    )


def _regulated(id: str, name_m: str, name_f: str, regulated: str) -> Profession:
    return Profession(id, name_m, name_f, LISTED, Regulation(regulated), None, None, None)


def _title(id: str, title: str) -> Profession:
    return Profession(f"esco-{id}", title, title, "", Regulation.UNKNOWN, None, None, None)
