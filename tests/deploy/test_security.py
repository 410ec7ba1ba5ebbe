"""docs/SECURITY.md is true in what can be checked: each threat has tests that exist, each old version is that of the lock."""

from __future__ import annotations

import re

import pytest

from bot.settings import ROOT

TEXT = (ROOT / "docs/SECURITY.md").read_text(encoding="utf-8")
THREATS, REST = TEXT.split("## What Rasa's pins keep old")
ROWS = [line for line in THREATS.splitlines() if line.startswith("| ") and not line.startswith("| threat")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_each_threat_is_held_by_tests_that_exist(row: str) -> None:
    named = NAMED.findall(row)
    assert named and len(named) == row.count("`tests/")
    for file, name in named:
        assert re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), f"{file}::{name}"


def test_there_are_threats() -> None:
    assert len(ROWS) > 20


def test_the_old_versions_are_those_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"`([a-z-]+==[\d.]+)`", REST)
    assert pinned and [name for name in pinned if f"\n{name} \\" not in lock] == []
