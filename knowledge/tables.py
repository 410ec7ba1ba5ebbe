"""The long tables: read, checked row by row, and prepared for looking up (knowledge/prepared.py)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from knowledge import concepts, countries, files, places, profession_tables
from knowledge.errors import Fault
from knowledge.prepared import Parts

Rows = dict[str, list[dict[str, Any]]]

# What is prepared → the data files that it is made of; no record of another file decides about it.
KINDS: dict[str, tuple[str, ...]] = {
    "places": ("regions.csv", "kreise.csv", "places.csv", "plz.csv", "cautions.csv", "exonyms.csv"),
    "professions": ("professions.yml", "profession_words.csv", "regulated_professions.csv", "professions_esco.csv"),
    "countries": ("countries_de.csv", "country_words.csv"),
    "lexicon": ("concepts.yml",),
}
# The same → how, of the content of the YAML files and the rows of the tables.
MAKE: dict[str, Callable[[dict[str, Any], Rows], Parts]] = {
    "places": lambda data, rows: places.prepare(rows),
    "professions": lambda data, rows: profession_tables.prepare(data["professions.yml"], rows),
    "countries": lambda data, rows: countries.prepare(rows["countries_de.csv"], rows["country_words.csv"]),
    "lexicon": lambda data, rows: concepts.prepare(
        {record["name"]: record["forms"].splitlines() for record in data["concepts.yml"]["concepts"]}
    ),
}


def read(folder: Path, kinds: Iterable[str] = KINDS) -> tuple[Rows, list[Fault]]:
    """The tables of `kinds`, by file name, and all faults in their form."""
    rows: Rows = {}
    found: list[Fault] = []
    for name in (name for kind in kinds for name in KINDS[kind] if name in files.TABLES):
        try:
            with (folder / name).open(encoding="utf-8", newline="") as file:
                reader = csv.DictReader(file, strict=True)
                missing = [column for column in files.TABLES[name] if column not in (reader.fieldnames or ())]
                if missing:
                    found.append(Fault(name, 1, f"the column {missing[0]} is missing", "put its name into the first line"))
                    continue
                rows[name] = list(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            found.append(Fault(name, 1, f"the table cannot be read: {error}", "put the file back or save it as UTF-8"))
            continue
        found += _short_rows(name, rows[name])
    return rows, found


def _short_rows(name: str, rows: list[dict[str, Any]]) -> Iterator[Fault]:
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            yield Fault(name, line, "this row has more or fewer cells than the first line", "count its commas and quotes")
