"""The training data that both bots learn from: the same few sentences of each topic, evenly picked."""

from __future__ import annotations

import json
from functools import lru_cache

import yaml

from bot.settings import ROOT


@lru_cache(maxsize=4)
def sentences(number: int) -> dict[str, list[str]]:
    """Topic → up to `number` of its training sentences, over the whole of them, in order."""
    data = yaml.load((ROOT / "bot/data/nlu.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found: dict[str, list[str]] = {}
    for entry in data["nlu"]:
        found.setdefault(entry["intent"], []).extend(entry["examples"].splitlines())
    return {topic: _spread(lines, number) for topic, lines in found.items()}


def _spread(lines: list[str], number: int) -> list[str]:
    step = max(1.0, len(lines) / number)
    return [lines[int(i * step)] for i in range(min(number, len(lines)))]


def nlu(number: int) -> str:
    """The subset as a file of training data."""
    entries = [{"intent": topic, "examples": "\n".join(lines) + "\n"} for topic, lines in sentences(number).items()]
    return yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True)


def questions() -> list[str]:
    """What the talks of the benchmark ask: German questions that nobody is trained on, in the order of their file."""
    lines = (ROOT / "tests/cases/questions.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [record["text"] for record in records if record["language_mix"] != "other"]
