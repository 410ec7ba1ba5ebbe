"""docs/SECURITY.md is true in what can be checked: each threat has tests that exist, each old version is that of the lock."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import model
from bot.settings import ROOT, Settings

TEXT = (ROOT / "docs/SECURITY.md").read_text(encoding="utf-8")
REST = TEXT.split("## What Rasa's pins keep old")[1]
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith(("| threat", "| package"))]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_each_threat_is_held_by_tests_that_exist(row: str) -> None:
    named = NAMED.findall(row)
    assert named and len(named) == row.count("`tests/")
    for file, name in named:
        assert re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), f"{file}::{name}"


def test_there_are_threats() -> None:
    assert len(ROWS) > 40


def test_the_old_versions_are_those_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"`([a-z0-9-]+==[\d.]+)`", REST)
    assert pinned and [name for name in pinned if f"\n{name} \\" not in lock] == []


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_nothing_of_rasa_runs_that_we_do_not_use() -> None:
    """Pipeline, policies, channels and stores are ours, but for the rules; no broker, no MongoDB, no other service."""
    config = _yaml("config.yml")
    assert all(part["name"].startswith("bot.nlu.") for part in config["pipeline"])
    assert [policy["name"] for policy in config["policies"]] == ["RulePolicy"]
    assert all(channel.startswith("bot.channels.") for channel in _yaml("credentials.yml"))
    for name in ("endpoints.yml", "deploy/endpoints.yml"):
        endpoints = _yaml(name)
        assert set(endpoints) == {"tracker_store", "lock_store", "action_endpoint"}
        assert all(endpoints[store]["type"].startswith("bot.stores.") for store in ("tracker_store", "lock_store"))


def _sources(package: str) -> list[tuple[str, str]]:
    found = importlib.util.find_spec(package)
    assert found is not None and found.origin is not None
    return [(str(path), path.read_text(encoding="utf-8")) for path in Path(found.origin).parent.rglob("*.py")]


def test_rasa_decodes_nothing_with_jsonpickle() -> None:
    sources = _sources("rasa")
    assert any("jsonpickle.encode" in text for _, text in sources)
    assert [path for path, text in sources if re.search(r"jsonpickle\.(decode|loads)|from jsonpickle", text)] == []


def _ours(pattern: str) -> list[str]:
    """Our own files in which `pattern` stands."""
    files = [path for package in ("bot", "actions", "knowledge", "prescreen") for path in (ROOT / package).rglob("*.py")]
    found = [path for path in files if re.search(pattern, path.read_text(encoding="utf-8"))]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def test_we_serve_nothing_with_aiohttp() -> None:
    """Nor do we check anything with pydantic."""
    assert "bot/channels/api.py" in _ours(r"aiohttp\.ClientSession")
    assert _ours(r"aiohttp\.web|from aiohttp import .*web|\bpydantic\b") == []


def test_only_the_cluster_of_prescreening_uses_dask() -> None:
    assert _ours(r"(import|from) (distributed|dask|tornado)") == ["prescreen/cluster.py"]


def test_rasas_telemetry_is_off(tmp_path: Path) -> None:
    assert model.environment(Settings(data=tmp_path))["RASA_TELEMETRY_ENABLED"] == "false"
