"""Checks that records fit together: ids are unique, references lead somewhere, nothing forbidden is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from knowledge.errors import Fault
from knowledge.model import Certainty
from knowledge.profession_tables import ASKED_LIKE
from knowledge.professions import LISTED
from knowledge.text import key
from knowledge.yamlfile import YamlFile

Files = dict[str, YamlFile]
Path = tuple[str | int, ...]
# The rows of each table, by file name.
Rows = dict[str, list[dict[str, Any]]]
# Columns that hold a number, or nothing; people are whole.
_WHOLE, _PART = re.compile(r"[0-9]{1,12}"), re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")
_NUMBERS = {"places.csv": {"population": _WHOLE, "lat": _PART, "lon": _PART}, "kreise.csv": {"population": _WHOLE}}
# Tables whose rows are found by their name.
_NAMED = ("places.csv", "kreise.csv", "regions.csv")
# Answers may rest on these without a record of their own: the whole document, the whole layer of today.
WHOLE = ("flyer", "iq_current")


def references(files: Files) -> Iterator[Fault]:
    """Every fault between records. Expects files whose form is right (see schema.py)."""
    yield from _unique(files)
    yield from _editions(files)
    yield from _topics(files)
    yield from _answers(files)
    yield from _words(files)
    yield from _greetings(files)
    yield from _professions(files)
    yield from _concepts(files)


def tables(files: Files, rows: Rows) -> Iterator[Fault]:
    """Every row of a table of words in other languages that stands for something which does not exist. `rows` may lack what
    was checked before."""
    yield from _numbers(rows)
    yield from _nameless(rows)
    if "profession_words.csv" in rows:
        own = files["professions.yml"].data
        meant = {record["id"] for record in own["professions"]}
        meant |= {f"{ASKED_LIKE}{term}" for record in own["ambiguous"] for term in record["terms"]}
        yield from _dangling(rows, "profession_words.csv", "profession", meant, "use an id of professions.yml")
    if "country_words.csv" in rows:
        countries = {row["iso2"] for row in rows["countries_de.csv"]} - {"DE"}
        yield from _dangling(rows, "country_words.csv", "iso2", countries, "use a code of countries_de.csv, but not DE")
    if "exonyms.csv" in rows:
        places = {row["name"] for table in ("regions.csv", "places.csv") for row in rows[table]}
        places |= {row["short"] for row in rows["places.csv"]}
        yield from _dangling(rows, "exonyms.csv", "name", places, "use the German name of places.csv or regions.csv")


def _numbers(rows: Rows) -> Iterator[Fault]:
    for table, columns in _NUMBERS.items():
        for line, row in enumerate(rows.get(table, ()), start=2):
            for column, form in columns.items():
                if row[column] and not form.fullmatch(row[column]):
                    wrong = f"„{row[column][:40]}“ in the column {column} is no such number"
                    yield Fault(table, line, wrong, "write digits, for a degree with a point: 52.52")


def _nameless(rows: Rows) -> Iterator[Fault]:
    for table in _NAMED:
        for line, row in enumerate(rows.get(table, ()), start=2):
            if not key(row["name"]):
                yield Fault(table, line, "there is no word in the column name", "write the name, or remove the row")


def _dangling(rows: Rows, table: str, column: str, known: set[str], mend: str) -> Iterator[Fault]:
    for line, row in enumerate(rows.get(table, ()), start=2):
        if row[column] not in known:
            yield Fault(table, line, f"„{row[column]}“ does not exist", mend)


def _records(files: Files) -> Iterator[tuple[YamlFile, Path, dict[str, Any]]]:
    """Every record with an id, with its file and its path there."""

    def walk(file: YamlFile, value: Any, path: Path) -> Iterator[tuple[YamlFile, Path, dict[str, Any]]]:
        if isinstance(value, dict):
            if "id" in value:
                yield file, path, value
            for name, inner in value.items():
                yield from walk(file, inner, (*path, name))
        elif isinstance(value, list):
            for i, inner in enumerate(value):
                yield from walk(file, inner, (*path, i))

    for file in files.values():
        yield from walk(file, file.data, ())


def _unique(files: Files) -> Iterator[Fault]:
    seen: dict[tuple[str, str], tuple[YamlFile, Path]] = {}
    for file, path, record in _records(files):
        # An occupation may be called like its group, and a topic like its answer: unique within their own list. A further
        # edition has the same bodies again.
        edition = file.name.split("/")[1] if file.name.startswith("editions/") else ""
        kind = f"{edition} {path[0]}" if path else edition
        other, there = seen.setdefault((kind, record["id"]), (file, path))
        if (other, there) != (file, path):
            at = f"{other.name}:{other.line((*there, 'id'))}"
            yield Fault(file.name, file.line((*path, "id")), f"the id „{record['id']}“ stands also in {at}", "rename one")


def _editions(files: Files) -> Iterator[Fault]:
    subjects = {subject["contact"] for subject in files["topics.yml"].data["subjects"]}
    for name, file in files.items():
        if name.endswith("/landesnetzwerke.yml"):
            lands = [record["land"] for record in file.data["landesnetzwerke"]]
            for i, land in enumerate(lands):
                if land in lands[:i]:
                    line = file.line(("landesnetzwerke", i, "land"))
                    yield Fault(name, line, f"{land} has two Landesnetzwerke", "remove one, or correct its Land")
            if len(set(lands)) < 16:
                yield Fault(name, 1, f"only {len(set(lands))} of 16 Länder have a Landesnetzwerk", "add the missing ones")
        if name == "editions/today/fachstellen.yml":
            for i, record in enumerate(file.data["fachstellen"]):
                if record.get("follows") not in {None, *subjects}:
                    line = file.line(("fachstellen", i, "follows"))
                    yield Fault(name, line, f"there is no body „{record['follows']}“", "correct the id, or take `follows` out")
        elif name.endswith("/fachstellen.yml"):
            for i, record in enumerate(file.data["fachstellen"]):
                if record["id"] not in subjects:
                    line = file.line(("fachstellen", i, "id"))
                    yield Fault(name, line, f"„{record['id']}“ has no subject", "add it under `subjects` in topics.yml")


def _topics(files: Files) -> Iterator[Fault]:
    file = files["topics.yml"]
    topics = {record["id"] for record in file.data["topics"]}
    answered = {value.data["topic"] for name, value in files.items() if name.startswith("answers/")}
    for i, record in enumerate(file.data["topics"]):
        for j, other in enumerate(record["next"]):
            if other not in topics:
                yield Fault(file.name, file.line(("topics", i, "next", j)), f"there is no topic „{other}“", "correct the id")
        if record["id"] not in answered:
            line = file.line(("topics", i))
            yield Fault(file.name, line, f"„{record['id']}“ has no answer", f"write answers/{record['id']}.yml")


def _answers(files: Files) -> Iterator[Fault]:
    topics = {record["id"] for record in files["topics.yml"].data["topics"]}
    facts = facts_of(files)
    services = {r["id"]: r for f, _, r in _records(files) if f.name in ("services.yml", "crisis.yml")}
    concepts = {record["name"] for record in files["concepts.yml"].data["concepts"]}
    own = files["professions.yml"].data
    occupations = {LISTED, *(record["id"] for kind in ("groups", "professions") for record in own[kind])}
    for name, file in files.items():
        if not name.startswith("answers/"):
            continue
        if file.data["topic"] not in topics or name != f"answers/{file.data['topic']}.yml":
            yield Fault(name, file.line(("topic",)), f"„{file.data['topic']}“ is not the topic of this file", "correct it")
        for i, record in enumerate(file.data["answers"]):
            if bool(record["when"]) != bool(i):
                mend = "the first answer of a file is its default (when: {}), all others have a condition"
                yield Fault(name, file.line(("answers", i, "when")), "the default is not the first answer", mend)
            for kind, names, where in (("concepts", concepts, "concepts.yml"), ("occupations", occupations, "professions.yml")):
                for j, word in enumerate(record["when"].get(kind, [])):
                    if word not in names:
                        line = file.line(("answers", i, "when", kind, j))
                        yield Fault(name, line, f"„{word}“ does not exist", f"use a name of {where}")
            for kind, known in (("facts", facts), ("services", services)):
                for j, used in enumerate(record.get(kind, [])):
                    yield from _usable(file, ("answers", i, kind, j), used, known)


def _greetings(files: Files) -> Iterator[Fault]:
    """Every language has a label for every topic."""
    topics = [record["id"] for record in files["topics.yml"].data["topics"]]
    file = files["greetings.yml"]
    for i, record in enumerate(file.data["greetings"]):
        missing = [topic for topic in topics if topic not in record["topics"]]
        if missing:
            line = file.line(("greetings", i, "topics"))
            yield Fault(file.name, line, f"{record['language']} lacks a label for {', '.join(missing)}", "add it")


def facts_of(files: Files) -> dict[str, Any]:
    return {r["id"]: r for f, _, r in _records(files) if f.name.endswith(("procedure.yml", "today/programme.yml"))}


def _words(files: Files) -> Iterator[Fault]:
    """The glossary and the warnings: their facts may be said, their topics exist, no word means two things."""
    topics = {record["id"] for record in files["topics.yml"].data["topics"]}
    facts = facts_of(files)
    for name, kind in (("glossary.yml", "glossary"), ("warnings.yml", "warnings")):
        for i, record in enumerate(files[name].data[kind]):
            for j, used in enumerate(record["facts"]):
                yield from _usable(files[name], (kind, i, "facts", j), used, facts)
    file, seen = files["glossary.yml"], dict[tuple[str, ...], str]()
    for i, record in enumerate(file.data["glossary"]):
        if record["topic"] not in topics:
            wrong = f"there is no topic „{record['topic']}“"
            yield Fault(file.name, file.line(("glossary", i, "topic")), wrong, "use an id of topics.yml")
        for form in {key(form): form for form in (record["term"], *record["also"])}.values():
            if seen.setdefault(key(form), record["id"]) != record["id"]:
                wrong = f"„{form}“ is also a word of „{seen[key(form)]}“"
                yield Fault(file.name, file.line(("glossary", i, "also")), wrong, "keep it in one record")


def _usable(file: YamlFile, path: Path, used: str, known: dict[str, Any]) -> Iterator[Fault]:
    line = file.line(path)
    if used not in known:
        if used not in WHOLE:
            yield Fault(file.name, line, f"there is no record „{used}“", "correct the id, or add the record")
    elif not Certainty(known[used]["certainty"]).may_be_said:
        wrong = f"„{used}“ is only {known[used]['certainty']}, so it may not be said"
        yield Fault(file.name, line, wrong, "take it out of the text, or find a better source")


def _professions(files: Files) -> Iterator[Fault]:
    file = files["professions.yml"]
    groups = {record["id"] for record in file.data["groups"]}
    known = {record["id"] for record in file.data["professions"]}
    for i, record in enumerate(file.data["professions"]):
        if record["group"] not in groups:
            line = file.line(("professions", i, "group"))
            yield Fault(file.name, line, f"there is no group „{record['group']}“", "use one of the groups above")
    for i, record in enumerate(file.data["ambiguous"]):
        for j, candidate in enumerate(record["candidates"]):
            if candidate not in known:
                line = file.line(("ambiguous", i, "candidates", j))
                yield Fault(file.name, line, f"there is no occupation „{candidate}“", "correct the id")


def _concepts(files: Files) -> Iterator[Fault]:
    """Every line of the forms must hold a letter or digit."""
    file = files["concepts.yml"]
    for i, record in enumerate(file.data["concepts"]):
        for below, form in enumerate(record["forms"].splitlines(), start=1):
            if not any(letter.isalnum() for letter in form):
                line = file.line(("concepts", i, "forms")) + below
                yield Fault(file.name, line, f"the form {form!r} is no text", "write a word there, or take the line out")
