"""What the model gains and loses by sentences that a person has labelled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot import evaluation
from bot.nlu.topics import TopicModel
from bot.nlu.understanding import Understander
from bot.settings import ROOT
from knowledge.loader import Knowledge

_TRAINING = ROOT / "bot" / "data" / "nlu.yml"


@dataclass(frozen=True)
class Change:
    """A question of the test tables whose first topic became right (`gained`) or wrong."""

    set: str
    text: str
    before: str
    after: str
    gained: bool


def training(path: Path = _TRAINING) -> Iterator[tuple[str, str, str | None]]:
    """Each training sentence with its topic and, where it asks two things, the topic of the second."""
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        second = (entry.get("metadata") or {}).get("second")
        for line in str(entry.get("examples") or "").splitlines():
            if "intent" in entry and line.startswith("- "):
                yield line[2:], entry["intent"], second


def test_sentences() -> Iterator[str]:
    """The questions of the test tables, which must not be learnt."""
    for name in evaluation.SETS.values():
        for line in (evaluation.CASES / name).read_text(encoding="utf-8").splitlines():
            yield str(json.loads(line)["text"])


def retrained(more: dict[str, list[str]], knowledge: Knowledge) -> Understander:
    """The understanding with `more` (topic → sentences) learnt too. Takes about as long as training."""
    rows = [row for row in training() if row[1] in knowledge.topics]
    rows += [(text, topic, None) for topic, texts in more.items() for text in texts]
    model = TopicModel(knowledge.lexicon)
    model.train([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
    return Understander(model, knowledge)


def compare(before: Understander, after: Understander) -> list[Change]:
    """Every question of the test tables that changes between right and wrong."""
    changes = []
    for name in evaluation.SETS:
        for old, new in zip(evaluation.standing_alone(before, name), evaluation.standing_alone(after, name)):
            if evaluation.right(old) != evaluation.right(new):
                topics = (old[1].topics[0].topic, new[1].topics[0].topic)
                changes.append(Change(name, old[0]["text"], *topics, evaluation.right(new)))
    return changes


def report(more: dict[str, list[str]], changes: list[Change]) -> str:
    """The comparison in words, as Markdown for a pull request."""
    count = sum(map(len, more.values()))
    lines = [f"# {count} new training sentences", "", "| topic | sentences |", "|---|---|"]
    lines += [f"| {topic} | {len(texts)} |" for topic, texts in more.items()]
    for title, gained in (("Gained", True), ("Lost", False)):
        found = [change for change in changes if change.gained == gained]
        lines += ["", f"## {title}: {len(found)} questions", ""]
        lines += [f"- {change.set}: „{change.text}“: {change.before} → {change.after}" for change in found]
    return "\n".join(lines) + "\n"
