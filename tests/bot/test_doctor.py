"""`doctor`: each fault is made for real, and its line says what to mend."""

from __future__ import annotations

import re
import socket
import sqlite3
import tarfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from bot import archive, model
from bot.__main__ import main
from bot.commands import doctor
from bot.server import free_port
from bot.settings import Settings
from knowledge import store
from knowledge.errors import BrokenKnowledge
from tests.stores.conftest import RedisServer, redis_server

__all__ = ["redis_server"]
Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command with a data folder of its own, with a model file, on a free port. Values are settings."""
    # What another test of this process may have left.
    monkeypatch.delenv("WEGWEISER_TRACKER_DB", raising=False)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    made = model.path(Settings(models=tmp_path / "models"))
    made.parent.mkdir()
    with tarfile.open(made, "w:gz"):
        pass
    archive.seal(made)

    def run(*arguments: str, **values: str) -> tuple[int, str]:
        for name, value in {"DATA": str(folder), "MODELS": str(made.parent), **values}.items():
            monkeypatch.setenv(f"WEGWEISER_{name}", value)
        code = main(["doctor", *(arguments or ("--port", str(free_port())))])
        return code, capsys.readouterr().out

    return run


def test_a_whole_installation_is_good(call: Call) -> None:
    code, said = call()
    assert code == 0, said
    assert said.count("good  ") == len(doctor.CHECKS) and said.endswith("Everything is good.\n")


@pytest.mark.parametrize(
    ("values", "line", "mend"),
    [
        ({"MODELS": "/nowhere"}, "model", "./wegweiser train"),
        ({"DATA": "/proc/nowhere"}, "data folder", "WEGWEISER_DATA"),
        ({"ENDPOINTS": "/nowhere.yml"}, "talks", "no file"),
        ({"DESK_DATABASE": "postgresql://desk:geheim@127.0.0.1:1/desk"}, "desk", "127.0.0.1:1 does not answer"),
        ({"DESK_DATABASE": "geheim"}, "desk", "cannot be read"),
        ({"REDIS_URL": "redis://:geheim@127.0.0.1:1/0"}, "Redis", "does not answer"),
        ({"REDIS_URL": "geheim"}, "Redis", "cannot be read"),
        ({"SLACK_TOKEN": "geheim"}, "messengers", "./wegweiser channels check slack"),
    ],
)
def test_a_fault_is_told_with_its_mend_and_without_a_secret(call: Call, values: dict[str, str], line: str, mend: str) -> None:
    code, said = call(**values)
    assert code == 1
    assert mend in said.split(f"mend  {line}\n")[1].splitlines()[0]
    assert "geheim" not in said


def test_a_taken_port_is_told(call: Call) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = call("--port", str(taken.getsockname()[1]))
    assert code == 1 and "mend  port" in said


def test_a_damaged_file_of_talks_is_told(call: Call, tmp_path: Path) -> None:
    (tmp_path / "data" / "talks.db").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    code, said = call()
    assert code == 1 and "mend  talks" in said


def test_a_good_file_of_talks_is_good(call: Call, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "talks.db") as database:
        database.execute("CREATE TABLE events (id INTEGER)")
    database.close()
    assert call()[0] == 0


def test_files_that_others_can_read_are_told(call: Call, tmp_path: Path) -> None:
    key = tmp_path / "data" / "session.key"
    key.write_text("0")
    key.chmod(0o644)
    assert call()[0] == 0, "the folder itself is shut"
    key.parent.chmod(0o755)
    code, said = call()
    assert code == 1 and "session.key" in said and "chmod 700" in said


def test_a_running_redis_is_good(call: Call, redis_server: RedisServer) -> None:
    assert call(REDIS_URL=redis_server.url)[0] == 0


def test_a_package_of_another_version_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    there = [found for found in metadata.distributions() if not re.fullmatch("(?i)sanic", found.metadata["Name"])]
    monkeypatch.setattr(metadata, "distributions", lambda: there)
    code, said = call()
    assert code == 1 and "(sanic)" in said


def test_broken_knowledge_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise BrokenKnowledge([])

    monkeypatch.setattr(store, "current", broken)
    code, said = call()
    assert code == 1 and "knowledge check" in said


def test_a_clock_before_the_program_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.time, "time", lambda: 0.0)
    code, said = call()
    assert code == 1 and "mend  clock" in said
