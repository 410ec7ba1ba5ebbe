"""wegweiser test: everything that checks the project, the same here and in CI."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bot import chromium, model
from bot.settings import ROOT

# Name → command. In this order: what is fast and fails often comes first.
_DATA = ["--data", "bot/data", "--domain", "bot/domain.yml", "--config", "config.yml"]
CHECKS: dict[str, list[str]] = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "knowledge": ["-m", "bot", "knowledge", "check"],
    "unit tests": ["-m", "pytest", "-m", "not assistant and not messengers"],
    "messenger tests": ["-m", "pytest", "-m", "messengers"],
    "training data": ["-m", "rasa", "data", "validate", "--fail-on-warnings", *_DATA],
    "training": ["-m", "bot", "train"],
    "assistant tests": ["-m", "pytest", "-m", "assistant", "--ignore=tests/faults"],
    # By themselves: they stop, kill and fill what others use at the same time.
    "fault tests": ["-m", "pytest", "tests/faults"],
}
# Programs that tests run for real → how to see that they are there. Installed where we may, which is so in CI.
_PROGRAMS = {
    "postgresql": "usr/lib/postgresql/*/bin/postgres",
    "redis-server": "usr/bin/redis-server",
    "faketime": "usr/lib/*/faketime/libfaketimeMT.so.1",
    "chromium": "usr/bin/chromium",
    # These two only check their files in deploy/.
    "caddy": "usr/bin/caddy",
    "prometheus": "usr/bin/promtool",
    "fonts-noto-core": "usr/share/fonts/truetype/noto",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=list(CHECKS), help="run one of the checks")


def run(options: argparse.Namespace) -> int:
    """Run the checks one after the other; all of them, also after one has failed."""
    _install([package for package, pattern in _PROGRAMS.items() if not any(Path("/").glob(pattern))])
    chosen = {options.only: CHECKS[options.only]} if options.only else CHECKS
    # Not the settings of an assistant: two that a test starts would take them for theirs, such as the port of the actions.
    environment = model.quiet()
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


def _install(packages: list[str]) -> None:
    """Debian packages that tests need. Elsewhere the test that misses one says so."""
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=sys.stderr)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, env=quiet, stdout=sys.stderr
        )
