"""What the makers of the other programs have for checking their files finds nothing wrong in ours."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

DEPLOY = ROOT / "deploy"
HOSTS = {"WEGWEISER_HOST": "wegweiser.example.org", "WEGWEISER_DESK_HOST": "desk.example.org"}


def checked(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    assert shutil.which(command[0]), f"{command[0]} is missing: apt-get install caddy prometheus"
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def caddy(file: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return checked("caddy", "validate", "--adapter", "caddyfile", "--config", str(file), **HOSTS, HOME=str(home))


def promtool(file: Path) -> subprocess.CompletedProcess[str]:
    return checked("promtool", "check", "config", "--syntax-only", str(file))


def test_caddy_finds_nothing(tmp_path: Path) -> None:
    done = caddy(DEPLOY / "Caddyfile", tmp_path)
    assert done.returncode == 0, done.stderr


def test_prometheus_finds_nothing() -> None:
    done = promtool(DEPLOY / "prometheus.yml")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "old", "new"), [("Caddyfile", "max_size 1MB", "max_size 1XB"), ("prometheus.yml", "job", "jobb")]
)
def test_they_would_find_something(name: str, old: str, new: str, tmp_path: Path) -> None:
    broken = tmp_path / name
    broken.write_text((DEPLOY / name).read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert (caddy(broken, tmp_path) if name == "Caddyfile" else promtool(broken)).returncode
