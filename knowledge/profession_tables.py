"""Reads the tables of occupations: names and words of learners → what `knowledge.professions.Professions` takes."""

from __future__ import annotations

import json
from typing import Any

from knowledge import compact
from knowledge.model import Regulation
from knowledge.text import key
from knowledge.vocabulary import Vocabulary

# In profession_words.csv: before a German word that may mean several occupations.
ASKED_LIKE = "?"
# Shorter titles are abbreviations that mean other things as well, and slips of the list.
SHORTEST_TITLE = 3
_TRADE = "Handwerk"


def prepare(own: dict[str, Any], tables: dict[str, list[dict[str, Any]]]) -> dict[str, bytes]:
    """Of the content of professions.yml and of the rows of regulated_professions.csv, professions_esco.csv and
    profession_words.csv, by file name."""
    read = _Reader()
    for record in own["professions"]:
        read.add_own(record)
    for number, record in enumerate(own["ambiguous"]):
        read.add_ambiguous(record, number)
    for row in tables["profession_words.csv"]:
        read.add_word(row["form"], row["profession"])
    for row in tables["regulated_professions.csv"]:
        read.add_regulated(row)
    for row in tables["professions_esco.csv"]:
        if len(row["title"]) >= SHORTEST_TITLE:
            read.titles.add(row["title"], (row["esco_id"], row["title"]))
    return read.parts()


class _Reader:
    """Vocabularies of ids and rows."""

    def __init__(self) -> None:
        self.own: Vocabulary[str] = Vocabulary()
        self.hints: Vocabulary[str] = Vocabulary()
        self.regulated: Vocabulary[tuple[str, ...]] = Vocabulary()
        self.titles: Vocabulary[tuple[str, ...]] = Vocabulary()
        # Folded words → the word as it is, and the number of the record in professions.yml that asks what is meant.
        self.ambiguous: dict[tuple[str, ...], tuple[str, int]] = {}

    def add_own(self, record: dict[str, Any]) -> None:
        for name in (record["name_m"], record["name_f"], *record["synonyms"]):
            self.own.add(name, record["id"])
        for name in record.get("hints", ()):
            self.hints.add(name, record["id"])

    def add_ambiguous(self, record: dict[str, Any], number: int) -> None:
        for term in record["terms"]:
            self.own.add(term, record["candidates"][0])
            if record["ask"]:
                self.ambiguous[key(term)] = term, number

    def add_word(self, form: str, meant: str) -> None:
        """A word of another language: for an occupation (its id), or like an ambiguous German one („?Ingenieur“)."""
        term = meant.removeprefix(ASKED_LIKE)
        if self.own.get(key(form)):
            return
        self.own.add_exact(form, self.own.get(key(term))[0] if term != meant else meant)
        if term != meant and key(term) in self.ambiguous:
            self.ambiguous[key(form)] = form, self.ambiguous[key(term)][1]

    def add_regulated(self, row: dict[str, Any]) -> None:
        regulated = Regulation.SELF_EMPLOYED_ONLY if row["field"] == _TRADE else Regulation.YES
        if row["level"] == "Land" and row["field"] != "Gesundheit":
            regulated = Regulation.DEPENDS_ON_LAND
        name_m = row["profession_m"]
        name_f = row["profession_f"] or name_m
        entry = (f"liste-{'-'.join(key(name_m))}", name_m, name_f, regulated.value)
        for name in filter(None, (name_m, row["profession_f"], *row["variants"].split("|"))):
            self.regulated.add(name, entry)

    def parts(self) -> dict[str, bytes]:
        own, own_ids = self.own.numbered()
        hints, hint_ids = self.hints.numbered()
        regulated, listed = self.regulated.numbered()
        titles, titled = self.titles.numbered()
        asked = {" ".join(words): [number] for number, words in enumerate(self.ambiguous)}
        return {
            "few.json": json.dumps({"own": own_ids, "hints": hint_ids}).encode(),
            "own.names": compact.names(own),
            "hints.names": compact.names(hints),
            "regulated": compact.rows(listed),
            "regulated.names": compact.names(regulated),
            "titles": compact.rows(titled),
            "titles.names": compact.names(titles),
            "ambiguous": compact.rows(self.ambiguous.values()),
            "ambiguous.names": compact.names(asked),
        }
