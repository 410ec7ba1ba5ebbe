"""wegweiser test: everything that checks the project, the same here and in CI."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from bot import chromium, model
from bot.settings import ROOT, Settings

# Name → command. In this order: what is fast and fails often comes first.
_DATA = ["--data", "bot/data", "--domain", "bot/domain.yml", "--config", "config.yml"]
CHECKS: dict[str, list[str]] = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "knowledge": ["-m", "bot", "knowledge", "check"],
    "unit tests": ["-m", "pytest", "-m", "not assistant"],
    "training data": ["-m", "rasa", "data", "validate", "--fail-on-warnings", *_DATA],
    "training": ["-m", "bot", "train"],
    "assistant tests": ["-m", "pytest", "-m", "assistant"],
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=list(CHECKS), help="run one of the checks")


def run(options: argparse.Namespace) -> int:
    """Run the checks one after the other; all of them, also after one has failed."""
    chosen = {options.only: CHECKS[options.only]} if options.only else CHECKS
    environment = model.environment(Settings.read())
    if not chromium.path():
        print(chromium.HOW, flush=True)
    failed, times = [], []
    for name, command in chosen.items():
        print(f"=== {name}", flush=True)
        start = time.monotonic()
        if subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode:
            failed.append(name)
        times.append(f"{name} {time.monotonic() - start:.0f} s")
    print(f"=== {', '.join(times)}")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks are good.")
    return 1 if failed else 0
