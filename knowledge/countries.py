"""Countries: names, adjectives and words for people, in German and as learners write them → country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge import compact
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

    def __init__(self, parts: dict[str, bytes]) -> None:
        """`parts` are what `prepare` made."""
        self.by_code = {country.iso2: country for country in compact.Records(parts["countries"], Country)}
        namings = compact.Records(parts["namings"], lambda code, kind: Naming(self.by_code[code], kind))
        self.names = compact.Names(parts["names"], namings.__getitem__)

    def find(self, text: Sequence[str], start: int) -> tuple[int, list[Naming]]:
        """The longest naming of a country that begins at word `start`: (number of words, namings)."""
        return self.names.find(text, start)

    def resolve(self, name: str) -> list[Country]:
        """The countries that `name` may mean, written in any form; more than one for Kongo."""
        return list(dict.fromkeys(naming.country for naming in self.names.get(key(name))))


def prepare(rows: list[dict[str, Any]], other: list[dict[str, Any]]) -> dict[str, bytes]:
    """What `Countries` takes. `rows` are those of countries_de.csv, `other` those of country_words.csv: names in other
    languages."""
    found: Vocabulary[tuple[str, str]] = Vocabulary()
    abroad = [row for row in rows if row["iso2"] != _HOME]
    for row in abroad:
        _add(found, row)
    for row in other:
        if not found.get(key(row["form"])):
            found.add_exact(row["form"], (row["iso2"], "name"))
    names, namings = found.numbered()
    return {
        "countries": compact.rows((row["iso2"], row["name"], row["membership"]) for row in abroad),
        "names": compact.names(names),
        "namings": compact.rows(namings),
    }


def _add(found: Vocabulary[tuple[str, str]], row: dict[str, Any]) -> None:
    code = row["iso2"]
    # Without an ending an adjective is a language („ich spreche Türkisch“), which says nothing about the country.
    languages = {key(row["adjective"]), bare_key(row["adjective"])}
    for name in filter(None, (row["name"], *row["variants"].split("|"))):
        if key(name) not in languages:
            found.add(name, (code, "name"))
    people = {row["demonym_m"], row["demonym_f"], row["demonym_pl"]} - {""}
    people |= {f"{row['demonym_f']}nen"} if row["demonym_f"] else set()
    people |= {f"{row['demonym_pl']}n"} if row["demonym_pl"].endswith("r") else set()
    for word in people - {row["name"]}:
        found.add(word, (code, "people"))
    if row["adjective"]:
        for ending in _ADJECTIVE_ENDINGS:
            found.add(row["adjective"] + ending, (code, "adjective"))
