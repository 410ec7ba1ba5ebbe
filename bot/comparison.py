"""Compares our understanding with what Rasa brings, on the same sentences: `./wegweiser eval --compare`.

Each pipeline is trained and read in a process of its own; `python -m bot.comparison MODEL` is the reading one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot import model
from bot.settings import ROOT, Settings

# Messages that a parse is timed on, after as many to warm up.
_TIMED = 200
_LETTERS = {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1}


@dataclass(frozen=True)
class Row:
    """What one pipeline reached: shares of right topics, seconds, milliseconds of a parse, peak memory in MB."""

    name: str
    german: float
    other: float
    three: float
    train_s: float
    train_mb: float
    load_s: float
    p50_ms: float
    p95_ms: float
    mb: float


def pipelines(epochs: int) -> dict[str, list[dict[str, Any]]]:
    """Name → pipeline: ours, Rasa's own linear one, the default of `rasa init` (the slowest last)."""
    own = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return {
        "ours": own,
        "Rasa's LogisticRegression on n-grams": [
            {"name": "WhitespaceTokenizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "word", "min_ngram": 1, "max_ngram": 2},
            _LETTERS | {"max_ngram": 5},
            {"name": "LogisticRegressionClassifier", "random_state": 1},
        ],
        f"rasa init (DIET, {epochs} epochs)": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            _LETTERS | {"max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 1},
        ],
    }


def compare(sentences: int, epochs: int) -> Iterator[Row]:
    """Train and measure each pipeline on up to `sentences` of each topic, evenly picked. Raises TrainingFailed."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "nlu.yml")
        data.write_text(_picked(sentences), encoding="utf-8")
        for name, pipeline in pipelines(epochs).items():
            config = Path(folder, "config.yml")
            config.write_text(
                yaml.safe_dump({"recipe": "default.v1", "language": "de", "pipeline": pipeline}), encoding="utf-8"
            )
            train_s, train_mb = _train(config, data, Path(folder))
            yield Row(name, train_s=train_s, train_mb=train_mb, **_read(Path(folder, "compared.tar.gz")))


def _picked(sentences: int) -> str:
    data = yaml.load((ROOT / "bot/data/nlu.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found: dict[str, list[str]] = {}
    for entry in data["nlu"]:
        found.setdefault(entry["intent"], []).extend(entry["examples"].splitlines())
    entries = []
    for topic, lines in found.items():
        step = max(1.0, len(lines) / sentences)
        picked = [lines[int(i * step)] for i in range(min(sentences, len(lines)))]
        entries.append({"intent": topic, "examples": "\n".join(picked) + "\n"})
    return yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True)


def _train(config: Path, data: Path, out: Path) -> tuple[float, float]:
    """Seconds and peak memory in MB."""
    command = ["-m", "rasa", "train", "nlu", "--config", str(config), "--nlu", str(data), "--domain", "bot/domain.yml"]
    command += ["--out", str(out), "--fixed-model-name", "compared"]
    environment = model.environment(Settings.read()) | {"RASA_CACHE_DIRECTORY": str(out / "cache")}
    with Path(out, "log").open("w+") as log:
        start = time.monotonic()
        child = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            log.seek(0)
            raise model.TrainingFailed(log.read()[-3000:])
    return time.monotonic() - start, used.ru_maxrss / 1024


def _read(path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bot.comparison", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=model.environment(Settings.read()), capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


async def measure(path: Path) -> dict[str, float]:
    """Load a model as Rasa does, parse the questions of all sets."""
    import resource

    import numpy as np
    from rasa.core.agent import Agent

    from bot.evaluation import CASES, SETS, accepted

    records = [json.loads(line) for name in SETS.values() for line in (CASES / name).read_text(encoding="utf-8").splitlines()]
    records = [record for record in records if not record.get("context")]
    start = time.monotonic()
    agent = Agent.load(str(path))
    loaded = time.monotonic() - start
    times, right, three = [], [], []
    for i, record in enumerate([*records[:_TIMED], *records]):
        start = time.perf_counter()
        parsed = await agent.parse_message(record["text"])
        if i >= _TIMED:
            times.append(time.perf_counter() - start)
            names = [guess["name"] for guess in parsed["intent_ranking"] if guess["name"] != "nlu_fallback"]
            right.append(names[0] in accepted(record))
            three.append(bool(set(names[:3]) & accepted(record)))
    foreign = np.array([record["language_mix"] == "other" for record in records])
    return {
        "german": float(np.mean(np.array(right)[~foreign])),
        "other": float(np.mean(np.array(right)[foreign])),
        "three": float(np.mean(three)),
        "load_s": loaded,
        "p50_ms": 1000 * float(np.median(times)),
        "p95_ms": 1000 * float(np.percentile(times, 95)),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    import asyncio

    print(json.dumps(asyncio.run(measure(Path(sys.argv[1])))))
