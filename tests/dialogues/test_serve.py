"""`serve` as its user has it: the printed address, an edit while it runs, Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import model
from bot.server import free_port, healthy, port_is_free
from bot.settings import ROOT, Settings
from tests.dialogues.talk import Talk

pytestmark = pytest.mark.assistant
NETWORKS = "knowledge/data/editions/2015-2018/landesnetzwerke.yml"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose files a test may edit."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("bot", "actions", "knowledge", "prescreen", "web"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def served(copy: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    model.ensure(Settings.read())
    port = free_port()
    environment = {**os.environ, "WEGWEISER_MODELS": str(Settings.read().models)}
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/demo/" in line
        yield process, port
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


def test_a_changed_office_shows_in_the_running_chat_without_training_or_restart(
    copy: Path, served: tuple[subprocess.Popen[str], int]
) -> None:
    talk = Talk(f"http://127.0.0.1:{served[1]}")
    assert "RKW Nord GmbH" in talk.say("Wer berät mich in Oldenburg, Niedersachsen?").text
    file = copy / NETWORKS
    file.write_text(file.read_text(encoding="utf-8").replace("RKW Nord GmbH", "RKW Nordwest gGmbH"), encoding="utf-8")
    end = time.monotonic() + 10
    while "RKW Nordwest gGmbH" not in talk.say("Wer berät mich in Oldenburg, Niedersachsen?").text:
        assert time.monotonic() < end
        time.sleep(0.3)


def test_ctrl_c_ends_both_servers_cleanly(served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    assert healthy(f"http://127.0.0.1:{port}")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors and "Stopped." in errors
    assert port_is_free("127.0.0.1", port)


def test_a_taken_port_is_told_in_one_sentence(served: tuple[subprocess.Popen[str], int]) -> None:
    command = [sys.executable, "-m", "bot", "serve", "--port", str(served[1])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"Port {served[1]} is taken" in done.stderr and "Traceback" not in done.stderr
