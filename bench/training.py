"""Seconds of a training on the same sentences: ours by our command line, the default bot's by Rasa's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench import default_bot, subset
from bot import model
from bot.settings import ROOT, Settings


def ours(folder: Path, sentences: int) -> float:
    """Topics and rules, as `./wegweiser train` does it, on the subset. Raises TrainingFailed."""
    data = folder / "training"
    data.mkdir(parents=True, exist_ok=True)
    (data / "nlu.yml").write_text(subset.nlu(sentences), encoding="utf-8")
    shutil.copy(ROOT / "bot/data/rules.yml", data)
    command = ["-m", "bot.rasa", "train", "--config", "config.yml", "--domain", "bot/domain.yml", "--data", str(data)]
    return _timed([*command, "--out", str(folder / "models")], ROOT, model.environment(Settings.read()), folder)


def default(folder: Path, sentences: int, epochs: int | None) -> float:
    """Write the project of the default bot into `folder` and train it there. Raises TrainingFailed."""
    default_bot.write(folder, sentences, epochs)
    return _timed(["-m", "rasa", "train"], folder, model.environment(Settings.read()), folder)


def _timed(command: list[str], cwd: Path, environment: dict[str, str], folder: Path) -> float:
    # An empty cache: nothing is taken over from an earlier training.
    fresh = os.environ | environment | {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=fresh, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    seconds = time.monotonic() - start
    if done.returncode:
        raise model.TrainingFailed((done.stdout + done.stderr)[-3000:])
    return seconds
