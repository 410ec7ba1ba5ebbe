"""Measures understanding and routing on the tables of tests/cases, which nothing was trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bot.nlu.understanding import Understander, Understanding
from bot.settings import ROOT
from knowledge.loader import Knowledge
from knowledge.model import Role
from knowledge.routing import DOCUMENT, route
from knowledge.text import key

CASES = ROOT / "tests" / "cases"


@dataclass(frozen=True)
class Figure:
    """A share: `right` of `of`, with the target as a share, or None where none is set. `wrong` holds what went wrong."""

    name: str
    right: int
    of: int
    must: float | None
    wrong: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0

    @property
    def missed(self) -> bool:
        return self.must is not None and self.share < self.must


def measure(understander: Understander, knowledge: Knowledge) -> list[Figure]:
    """All figures, those of the questions first."""
    return [*_questions(understander, knowledge), routing(understander, knowledge)]


def routing(understander: Understander, knowledge: Knowledge) -> Figure:
    """The right office, and no wrong one, in the cases of routing.yml (edition 2015-2018)."""
    cases = yaml.safe_load((CASES / "routing.yml").read_text(encoding="utf-8"))
    wrong = []
    for case, understood in zip(cases, understander.understand_all([case["text"] for case in cases])):
        found = route(understood.enquiry(knowledge), knowledge, DOCUMENT)
        ids = [referral.contact.id for referral in found.referrals]
        networks = [r.contact.id for r in found.referrals if r.contact.role is Role.LANDESNETZWERK]
        if "asks" in case:
            good = found.asks == case["asks"] and not networks
        else:
            good = ids[:1] == [case["primary"]] and not set(ids) & set(case.get("must_not", []))
        if not good:
            wrong.append(f"{case['text']} → {ids[:2]}, asks {found.asks}")
    return Figure("right office, no wrong one", len(cases) - len(wrong), len(cases), 0.95, tuple(wrong))


def standing_alone(understander: Understander) -> list[tuple[dict[str, Any], Understanding]]:
    """The questions that make sense without the talk before them, with what was understood."""
    lines = (CASES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    records = [record for record in map(json.loads, lines) if not record.get("context")]
    return list(zip(records, understander.understand_all([record["text"] for record in records])))


def _questions(understander: Understander, knowledge: Knowledge) -> list[Figure]:
    plain = standing_alone(understander)
    german = [(record, got) for record, got in plain if record["language_mix"] != "other"]
    other = [(record, got) for record, got in plain if record["language_mix"] == "other"]
    placed = [(record, got) for record, got in plain if record.get("land")]
    lands = {land.name: land.code for land in knowledge.places.lands.values()}
    return [
        _figure("topic, German", german, _right_topic),
        _figure("topic, other languages", other, _right_topic),
        _figure("topic among the first three", plain, lambda r, u: any(g.topic in accepted(r) for g in u.topics[:3])),
        _figure("topic where sure", [(r, u) for r, u in plain if u.sure], _right_topic),
        _figure("sure", plain, lambda _, u: u.sure),
        _figure("crisis found", [(r, u) for r, u in plain if r["topic"] == "crisis"], _right_topic, 1.0),
        _figure("both of two questions", [(r, u) for r, u in plain if r["two_questions"] and r.get("secondary_topic")], _both),
        _figure("occupation found", [(r, u) for r, u in plain if r.get("profession")], _occupation),
        _figure("country found", [(r, u) for r, u in plain if r.get("country")], _country),
        _figure("Land", placed, lambda r, u: u.case.land == lands[r["land"]]),
        _figure("no Land invented", [(r, u) for r, u in plain if not r.get("land")], lambda _, u: not u.case.land),
    ]


def accepted(record: dict[str, Any]) -> set[str]:
    """The topics that are right for a question."""
    return {record["topic"], *record.get("accept", [])}


def _both(record: dict[str, Any], understood: Understanding) -> bool:
    return {record["topic"], record["secondary_topic"]} <= {understood.topics[0].topic, understood.second}


def _occupation(record: dict[str, Any], understood: Understanding) -> bool:
    """The words overlap: „Kfz-Mechaniker“ for „kfz mechaniker aus Polen“ is right."""
    span = understood.spans.profession_span
    return span is not None and bool(set(key(span.text)) & set(key(record["profession"])))


def _country(record: dict[str, Any], understood: Understanding) -> bool:
    span = understood.spans.country_span
    return span is not None and key(span.text) == key(record["country"])


def _right_topic(record: dict[str, Any], understood: Understanding) -> bool:
    return understood.topics[0].topic in accepted(record)


def _figure(
    name: str,
    pairs: Sequence[tuple[dict[str, Any], Understanding]],
    good: Callable[[dict[str, Any], Understanding], bool],
    must: float | None = None,
) -> Figure:
    wrong = [f"{record['text']} → {got.topics[0].topic}, {got.case.land}" for record, got in pairs if not good(record, got)]
    return Figure(name, len(pairs) - len(wrong), len(pairs), must, tuple(wrong))
