"""Countries: names, adjectives and words for people, in German and as learners write them → country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.model import Country
from knowledge.text import bare_key, key
from knowledge.vocabulary import Vocabulary

_ADJECTIVE_ENDINGS = ("e", "er", "en", "es", "em")
_HOME = "DE"


@dataclass(frozen=True, slots=True)
class Naming:
    """How a country is named: `name` of the country, `people` (Syrerin) or `adjective` (syrische)."""

    country: Country
    kind: str


class Countries:
    """The vocabulary of countries. Germany is left out: it is never the country of a foreign qualification."""

    def __init__(self) -> None:
        self.by_code: dict[str, Country] = {}
        self.names: Vocabulary[Naming] = Vocabulary()

    @classmethod
    def from_tables(cls, rows: list[dict[str, Any]], other: list[dict[str, Any]]) -> Countries:
        """`rows` are those of countries_de.csv, `other` those of country_words.csv: names in other languages."""
        countries = cls()
        for row in rows:
            if row["iso2"] != _HOME:
                countries._add(row)
        for row in other:
            if not countries.names.get(key(row["form"])):
                countries.names.add_exact(row["form"], Naming(countries.by_code[row["iso2"]], "name"))
        return countries

    def _add(self, row: dict[str, Any]) -> None:
        country = Country(row["iso2"], row["name"], row["membership"])
        self.by_code[country.iso2] = country
        # Without an ending an adjective is a language („ich spreche Türkisch“), which says nothing about the country.
        languages = {key(row["adjective"]), bare_key(row["adjective"])}
        for name in filter(None, (row["name"], *row["variants"].split("|"))):
            if key(name) not in languages:
                self.names.add(name, Naming(country, "name"))
        people = {row["demonym_m"], row["demonym_f"], row["demonym_pl"]} - {""}
        people |= {f"{row['demonym_f']}nen"} if row["demonym_f"] else set()
        people |= {f"{row['demonym_pl']}n"} if row["demonym_pl"].endswith("r") else set()
        for word in people - {row["name"]}:
            self.names.add(word, Naming(country, "people"))
        if row["adjective"]:
            for ending in _ADJECTIVE_ENDINGS:
                self.names.add(row["adjective"] + ending, Naming(country, "adjective"))

    def find(self, text: Sequence[str], start: int) -> tuple[int, list[Naming]]:
        """The longest naming of a country that begins at word `start`: (number of words, namings)."""
        return self.names.find(text, start)

    def resolve(self, name: str) -> list[Country]:
        """The countries that `name` may mean, written in any form; more than one for Kongo."""
        return list(dict.fromkeys(naming.country for naming in self.names.get(key(name))))
