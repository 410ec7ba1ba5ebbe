"""The assistants that fault tests break: one as `serve` starts it, and two that share PostgreSQL and Redis."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.server import Assistant, free_port, healthy
from bot.settings import Settings
from tests.faults.pair import Pair
from tests.faults.pair import pair as two_assistants


@pytest.fixture(scope="package")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_assistants(tmp_path_factory.mktemp("shared")) as both:
        yield both


@pytest.fixture(scope="package")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("alone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
        patch.setenv("WEGWEISER_RATE_LIMIT", "off")
        assistant = Assistant(Settings(data=folder, actions="server"), port=free_port())
    with assistant as running:
        yield running


def settle(*assistants: Assistant, limit: float = 60.0) -> None:
    """Start again what died, as `serve` does, and wait until all answer."""
    end = time.monotonic() + limit
    while not all(healthy(assistant.url) for assistant in assistants):
        assert time.monotonic() < end, "The assistant did not come back."
        for assistant in assistants:
            assistant.revive()
        time.sleep(0.1)
