"""Measures understanding and routing on the tables of tests/cases, which nothing was trained on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from bot.nlu.questions import CRISIS
from bot.nlu.understanding import Understander, Understanding
from bot.settings import ROOT
from knowledge.loader import Knowledge
from knowledge.model import Role
from knowledge.routing import DOCUMENT, route
from knowledge.text import key

CASES = ROOT / "tests" / "cases"
# The questions that `must` is held against, and those of other authors; docs/NLU.md tells who wrote them.
DEV = "dev"
# With fewer cases, one more or less is no figure: then the next set decides.
FEWEST = 6
SETS = {DEV: "questions.jsonl", "exam": "exam.jsonl"}
OUT_OF_SCOPE = "out_of_scope"
# A labelled question and what was understood.
Pair = tuple[dict[str, Any], Understanding]


@dataclass(frozen=True)
class Figure:
    """A share: `right` of `of`, with the target as a share, or None where none is set. `wrong` holds what went wrong."""

    name: str
    right: int
    of: int
    must: float | None = None
    wrong: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0

    @property
    def missed(self) -> bool:
        return self.must is not None and self.share < self.must


@dataclass(frozen=True)
class _Measure:
    """What is counted: the questions that it is about, and which of them are right."""

    name: str
    must: float
    about: Callable[[Pair], bool]
    good: Callable[[Pair, Knowledge], bool]


def standing_alone(understander: Understander, name: str = DEV) -> list[Pair]:
    """The questions of a set that make sense without the talk before them, with what was understood."""
    lines = (CASES / SETS[name]).read_text(encoding="utf-8").splitlines()
    records = [record for record in map(json.loads, lines) if not record.get("context")]
    return [(record, understander.understand(record["text"])) for record in records]


def questions(pairs: list[Pair], knowledge: Knowledge) -> list[Figure]:
    """All figures of understanding for one set."""
    return [_figure(measure, [pair for pair in pairs if measure.about(pair)], knowledge) for measure in _MEASURES]


def decisive(row: tuple[Figure, ...]) -> Figure:
    """Of the same figure for all sets the one that `must` is held against."""
    return next((figure for figure in row if figure.of >= FEWEST), row[-1])


def routing(understander: Understander, knowledge: Knowledge) -> Figure:
    """The right office, and no wrong one, in the cases of routing.yml (edition 2015-2018)."""
    cases = yaml.safe_load((CASES / "routing.yml").read_text(encoding="utf-8"))
    wrong = []
    for case in cases:
        understood = understander.understand(case["text"])
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


def accepted(record: dict[str, Any]) -> set[str]:
    """The topics that are right for a question."""
    return {record["topic"], *record.get("accept", [])}


def right(pair: Pair) -> bool:
    """Whether the first topic is one of those that are right."""
    return pair[1].topics[0].topic in accepted(pair[0])


def _figure(measure: _Measure, pairs: list[Pair], knowledge: Knowledge) -> Figure:
    wrong = [pair for pair in pairs if not measure.good(pair, knowledge)]
    told = tuple(f"{record['text']} → {got.topics[0].topic}, {got.second}, {got.case.land}" for record, got in wrong)
    return Figure(measure.name, len(pairs) - len(wrong), len(pairs), measure.must, told)


def _foreign(pair: Pair) -> bool:
    return bool(pair[0]["language_mix"] == "other")


def _takes(*topics: str) -> Callable[[Pair], bool]:
    return lambda pair: bool(accepted(pair[0]) & set(topics))


def _answered(pair: Pair, topic: str) -> bool:
    return pair[1].sure and pair[1].topics[0].topic == topic


def _both(pair: Pair) -> bool:
    found = {pair[1].topics[0].topic, pair[1].second}
    return pair[0]["secondary_topic"] in found and bool(accepted(pair[0]) & found)


def _land(pair: Pair, knowledge: Knowledge) -> bool:
    return pair[1].case.land in {land.code for land in knowledge.places.lands.values() if land.name == pair[0]["land"]}


def _named(field: str) -> Callable[[Pair, Knowledge], bool]:
    """The words overlap: „Kfz-Mechaniker“ for „kfz mechaniker aus Polen“ is right."""

    def found(pair: Pair, _: Knowledge) -> bool:
        span = getattr(pair[1].spans, f"{field}_span")
        return span is not None and bool(set(key(span.text)) & set(key(pair[0][field])))

    return found


_MEASURES = (
    _Measure("topic, German with learner German", 0.90, lambda p: not _foreign(p), lambda p, _: right(p)),
    _Measure("topic, other languages", 0.85, _foreign, lambda p, _: right(p)),
    _Measure(
        "topic among the first three",
        0.97,
        lambda p: True,
        lambda p, _: bool({guess.topic for guess in p[1].topics[:3]} & accepted(p[0])),
    ),
    _Measure("topic where sure", 0.94, lambda p: p[1].sure, lambda p, _: right(p)),
    _Measure("sure", 0.80, lambda p: True, lambda p, _: p[1].sure),
    _Measure("crisis found", 1.0, lambda p: p[0]["topic"] == CRISIS, lambda p, _: right(p)),
    _Measure("no false alarm of a crisis", 0.99, lambda p: not _takes(CRISIS)(p), lambda p, _: p[1].topics[0].topic != CRISIS),
    _Measure(
        "out of scope declined or unsure",
        0.85,
        lambda p: p[0]["topic"] == OUT_OF_SCOPE,
        lambda p, _: right(p) or not p[1].sure,
    ),
    _Measure("in scope kept", 0.97, lambda p: not _takes(OUT_OF_SCOPE)(p), lambda p, _: not _answered(p, OUT_OF_SCOPE)),
    _Measure(
        "both of two questions", 0.70, lambda p: p[0]["two_questions"] and "secondary_topic" in p[0], lambda p, _: _both(p)
    ),
    _Measure("occupation found", 0.90, lambda p: bool(p[0].get("profession")), _named("profession")),
    _Measure("country found", 0.93, lambda p: bool(p[0].get("country")), _named("country")),
    _Measure("Land where one is named", 0.97, lambda p: bool(p[0].get("land")), _land),
    _Measure("no Land invented", 1.0, lambda p: not p[0].get("land"), lambda p, _: not p[1].case.land),
)
