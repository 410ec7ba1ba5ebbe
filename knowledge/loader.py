"""YAML and CSV → model. Loads once, checks everything, and reports all faults together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import check, files, tables
from knowledge.concepts import Lexicon
from knowledge.countries import Countries
from knowledge.editions import DATA, TODAY
from knowledge.errors import BrokenKnowledge, Fault
from knowledge.glossary import Glossary
from knowledge.model import (
    Answer,
    Certainty,
    Contact,
    Edition,
    Fact,
    Greeting,
    Handlungsschwerpunkt,
    Programme,
    Regulation,
    Role,
    Source,
    Stage,
    Statement,
    Subject,
    Term,
    Topic,
    Warning,
)
from knowledge.phrases import Phrases
from knowledge.places import Places
from knowledge.prepared import Cupboard, Parts, stamp
from knowledge.professions import Professions
from knowledge.sources import Sources
from knowledge.text import key
from knowledge.urgency import Reason
from knowledge.yamlfile import YamlFile

Record = dict[str, Any]


@dataclass(frozen=True)
class Knowledge:
    """Everything the assistant knows, ready to use and unchangeable."""

    topics: dict[str, Topic]
    subjects: tuple[Subject, ...]
    answers: dict[str, tuple[Answer, ...]]
    editions: dict[str, Edition]
    facts: dict[str, Fact]
    services: dict[str, Contact]
    glossary: Glossary
    warnings: tuple[Warning, ...]
    greetings: dict[str, Greeting]
    phrases: Phrases
    stages: tuple[Stage, ...]
    texts: dict[str, str]
    languages: dict[str, frozenset[str]]
    lexicon: Lexicon
    places: Places
    countries: Countries
    professions: Professions
    urgency: tuple[Reason, ...]

    @property
    def contacts(self) -> dict[str, Contact]:
        """Every contact that can be shown, by id."""
        found = dict(self.services)
        for edition in self.editions.values():
            found |= {contact.id: contact for contact in edition.contacts}
        return found


# The name under which the content of the YAML files is kept once it has been checked.
_RECORDS = "records"


def faults(folder: Path = DATA) -> list[Fault]:
    """All faults of the data in `folder`, in the order of file and line; an empty list when it is sound."""
    return sorted(_read(folder, tables.KINDS)[2])


def load(folder: Path = DATA, cupboard: Cupboard | None = None) -> Knowledge:
    """The knowledge in `folder`; what `cupboard` has of it is neither read nor checked again. Raises BrokenKnowledge with
    every fault when there is one."""
    cupboard = cupboard or Cupboard()
    stamps = {kind: stamp(folder, names) for kind, names in tables.KINDS.items()}
    parts = {kind: kept for kind in tables.KINDS if (kept := cupboard.find(kind, stamps[kind])) is not None}
    missing = [kind for kind in tables.KINDS if kind not in parts]
    checked = stamp(folder, files.parts(folder))
    if not missing and (kept := cupboard.find(_RECORDS, checked)) is not None:
        return _build(json.loads(kept[_RECORDS]), parts)
    read, rows, found = _read(folder, missing)
    if found:
        raise BrokenKnowledge(found)
    data = {name: file.data for name, file in read.items()}
    if stamp(folder, files.parts(folder)) == checked:
        # A date is only ever shown, so its text will do.
        cupboard.keep(_RECORDS, checked, {_RECORDS: json.dumps(data, default=str).encode()})
    for kind in missing:
        parts[kind] = tables.MAKE[kind](data, rows)
        # Not what was edited while it was read.
        if stamp(folder, tables.KINDS[kind]) == stamps[kind]:
            cupboard.keep(kind, stamps[kind], parts[kind])
        for name in tables.KINDS[kind]:
            rows.pop(name, None)
    return _build(data, parts)


def _read(folder: Path, kinds: Iterable[str]) -> tuple[dict[str, YamlFile], tables.Rows, list[Fault]]:
    """All YAML files and the tables of `kinds`, and all faults in them; how records fit together is only checked where each
    by itself is sound."""
    read, found = files.read_all(folder)
    rows, table_faults = tables.read(folder, kinds)
    found += table_faults
    return read, rows, found or list(dict.fromkeys([*check.references(read), *check.tables(read, rows)]))


def _build(data: dict[str, Any], parts: dict[str, Parts]) -> Knowledge:
    sources = Sources.from_record(data["sources.yml"])
    build = _Builder(sources)
    fact_records = [*data["procedure.yml"]["facts"], *data[f"editions/{TODAY}/programme.yml"]["facts"]]
    editions = {}
    for name in sorted({file.split("/")[1] for file in data if file.startswith("editions/")}):
        part = {file.rsplit("/", 1)[1]: value for file, value in data.items() if file.startswith(f"editions/{name}/")}
        editions[name] = build.today(part) if name == TODAY else build.edition(part)
    service_records = data["services.yml"]["services"]
    services = [*build.contacts(service_records, Role.SERVICE), *build.contacts(data["crisis.yml"]["services"], Role.NOTRUF)]
    return Knowledge(
        topics={record["id"]: build.topic(record) for record in data["topics.yml"]["topics"]},
        subjects=tuple(
            Subject(record["contact"], tuple(record["topics"]), tuple(_stem(stem) for stem in record["stems"]))
            for record in data["topics.yml"]["subjects"]
        ),
        answers={
            value["topic"]: tuple(build.answer(value["topic"], record) for record in value["answers"])
            for file, value in data.items()
            if file.startswith("answers/")
        },
        editions=editions,
        facts={record["id"]: build.fact(record) for record in fact_records},
        services={contact.id: contact for contact in services},
        glossary=Glossary([build.term(record) for record in data["glossary.yml"]["glossary"]]),
        warnings=tuple(build.warning(record) for record in data["warnings.yml"]["warnings"]),
        greetings={record["language"]: build.greeting(record) for record in data["greetings.yml"]["greetings"]},
        phrases=Phrases(
            {record["act"]: record["phrases"].splitlines() for record in data["phrases.yml"]["acts"]},
            data["phrases.yml"]["filler"].split(","),
        ),
        stages=tuple(
            Stage(record["id"], record["label"], tuple(_stem(stem) for stem in record["mentions"]), record.get("topic"))
            for record in data["stages.yml"]["stages"]
        ),
        texts={name: text.strip() for name, text in data["texts.yml"].items()},
        languages={code: frozenset(key(text)) for code, text in data["languages.yml"].items()},
        lexicon=Lexicon.of(parts["lexicon"]),
        places=Places(parts["places"]),
        countries=Countries(parts["countries"]),
        professions=Professions(data["professions.yml"], sources, parts["professions"]),
        urgency=tuple(Reason.from_record(record) for record in data["urgency.yml"]["reasons"]),
    )


def _stem(text: str) -> str:
    """A word beginning or phrase in the form that enquiries are compared in: folded words with blanks between.

    A `$` at its end means that the word ends there.
    """
    return " ".join(key(text)) + (" " if text.endswith("$") else "")


class _Builder:
    """Records of YAML files → the dataclasses of model.py."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def source(self, record: Record) -> Source:
        return self._sources.resolve(record["source"], record["as_of"])

    def contact(self, record: Record, role: Role, about: str = "") -> Contact:
        return Contact(
            id=record["id"],
            role=role,
            name=record["name"],
            carrier=record.get("carrier"),
            also=tuple(record.get("also", ())),
            about=record.get("about", about),
            land=record.get("land"),
            url=record.get("url"),
            phone=record.get("phone"),
            source=self.source(record),
            certainty=Certainty(record.get("certainty", "confirmed")),
            follows=record.get("follows"),
        )

    def contacts(self, records: Iterable[Record], role: Role) -> list[Contact]:
        return [self.contact(record, role) for record in records]

    def edition(self, part: dict[str, Any]) -> Edition:
        head, programme = part["edition.yml"]["edition"], part["programme.yml"]
        return Edition(
            id=head["id"],
            name=head["name"],
            networks=tuple(self.contacts(part["landesnetzwerke.yml"]["landesnetzwerke"], Role.LANDESNETZWERK)),
            fachstellen=tuple(self.contacts(part["fachstellen.yml"]["fachstellen"], Role.FACHSTELLE)),
            federal=tuple(self.contact(record, Role(record["role"])) for record in programme["federal"]),
            programme=self.programme(head, programme),
        )

    def today(self, part: dict[str, Any]) -> Edition:
        head = part["edition.yml"]["edition"]
        networks = self.contacts(part["netzwerke.yml"]["netzwerke"], Role.NETZWERK_HEUTE)
        fachstellen = self.contacts(part["fachstellen.yml"]["fachstellen"], Role.FACHSTELLE_HEUTE)
        return Edition(head["id"], head["name"], tuple(networks), tuple(fachstellen), (), None, str(head["as_of"])[:4])

    def programme(self, head: Record, record: Record) -> Programme:
        return Programme(
            name=head["programme"],
            running_since=head["running_since"],
            website=head["website"],
            handlungsschwerpunkte=tuple(
                Handlungsschwerpunkt(
                    number=focus["number"],
                    name=focus["name"],
                    addresses=tuple(focus["addresses"]),
                    examples=tuple(focus["examples"]),
                    aim=focus["aim"],
                    funding=focus["funding"],
                    source=self.source(focus),
                )
                for focus in record["handlungsschwerpunkte"]
            ),
            structure=self.statements(record["structure"]),
            funding=self.statements(record["funding"]),
            partners=tuple(Statement(p["name"], p["name"], self.source(p)) for p in record["partners"]),
            figures=self.statements(record["figures"]),
            goals=self.statements(record["goals"]),
        )

    def statements(self, records: list[Record]) -> tuple[Statement, ...]:
        return tuple(Statement(record["id"], record["text"], self.source(record)) for record in records)

    def topic(self, record: Record) -> Topic:
        before, after = tuple(record.get("before", ())), tuple(record.get("after", ()))
        return Topic(
            record["id"],
            record["label"],
            record["kind"],
            tuple(record["needs"]),
            tuple(record["next"]),
            before,
            after,
            record.get("of_person", False),
        )

    def fact(self, record: Record) -> Fact:
        certainty = Certainty(record["certainty"])
        return Fact(record["id"], record["fact"], self.source(record), certainty, record.get("membership"))

    def answer(self, topic: str, record: Record) -> Answer:
        when = record["when"]
        memberships = when.get("membership", [])
        return Answer(
            id=record["id"],
            topic=topic,
            askers=tuple(when.get("asker", ())),
            regulated=tuple(Regulation(value) for value in when.get("regulated", ())),
            occupations=frozenset(when.get("occupations", ())),
            membership=memberships[0] if memberships else None,
            mentions=tuple(_stem(stem) for stem in when.get("mentions", ())),
            concepts=frozenset(when.get("concepts", ())),
            answer=" ".join(record["answer"].split()),
            next=" ".join(record["next"].split()),
            facts=tuple(record["facts"]),
            services=tuple(record.get("services", ())),
        )

    def warning(self, record: Record) -> Warning:
        when = record["when"]
        mentions = tuple(_stem(stem) for stem in when.get("mentions", ()))
        text = " ".join(record["text"].split())
        return Warning(record["id"], mentions, frozenset(when.get("concepts", ())), text, tuple(record["facts"]))

    def greeting(self, record: Record) -> Greeting:
        asks = {"land": record["where"], "profession": record["profession"], "topic": record["meaning"]}
        text = " ".join(record["text"].split())
        topics, yes, no = dict(record["topics"]), record["affirm"], record["deny"]
        return Greeting(record["language"], record["dir"], text, topics, yes, no, asks)

    def term(self, record: Record) -> Term:
        text = " ".join(record["text"].split())
        return Term(record["id"], record["term"], tuple(record["also"]), record["topic"], text, tuple(record["facts"]))
