"""The watch over the servers: what ends is started again, what keeps ending is given up."""

import sys
from pathlib import Path

import pytest

from bot import server
from bot.server import RESTARTS, WINDOW, Assistant, ServerFailed
from bot.settings import Settings


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """An assistant whose only server is a real process that ends at once."""
    monkeypatch.setattr(server, "PAUSE", 0.0)
    assistant = Assistant(Settings(data=tmp_path))
    (tmp_path / "logs").mkdir()
    assistant._commands = {"short": [sys.executable, "-c", ""]}
    assistant._start("short")
    return assistant


def _ends(assistant: Assistant) -> None:
    assistant._running["short"].wait(30)
    assistant.revive()


def test_a_server_that_keeps_ending_is_given_up(watch: Assistant) -> None:
    for _ in range(RESTARTS):
        _ends(watch)
    with pytest.raises(ServerFailed, match="keeps ending"):
        _ends(watch)


def test_one_that_ends_now_and_then_is_started_for_ever(watch: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(server.time, "monotonic", lambda: now)
    for _ in range(2 * RESTARTS):
        now += WINDOW / RESTARTS
        _ends(watch)
    watch._running["short"].wait(30)
