"""`serve` itself under faults: a broken edit, a clock that jumps, kill -9 of `serve`, a model that is broken."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import archive, model
from bot.retention import FIRST
from bot.server import free_port, healthy, port_is_free
from bot.settings import ROOT, Settings
from tests.dialogues.talk import Talk, post
from tests.dialogues.test_serve import NETWORKS, copy
from tests.faults.people import HUMAN, promise

__all__ = ["copy"]
pytestmark = pytest.mark.assistant
DAY = 86_400
# Messages of a talk in a minute.
_LIMIT = 6
JUMPED = "The system's clock has jumped"


@dataclass
class Served:
    """`serve` in a copy of the project, under a clock of the test's own."""

    project: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.project / "data"

    def start(self) -> None:
        with (self.project / "serve.log").open("a") as log:
            command = [sys.executable, "-m", "bot", "serve", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, cwd=self.project, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        assert "/demo/" in self.process.stdout.readline(), self.said()

    def end(self, how: signal.Signals) -> None:
        assert self.process is not None and self.process.stdout is not None
        self.process.send_signal(how)
        self.process.wait(30)
        self.process.stdout.close()

    def said(self) -> str:
        """What `serve` told its operator."""
        return (self.project / "serve.log").read_text(encoding="utf-8")

    def set_clock(self, seconds: float) -> None:
        """So much away from the true time, for all its processes, who see it after a second."""
        (self.project / "clock").write_text(f"{seconds:+.0f}\n", encoding="ascii")
        time.sleep(1.5)


def until(true: Callable[[], bool], limit: float = 30.0) -> None:
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.fixture(scope="module")
def served(copy: Path) -> Iterator[Served]:
    settings = {"WEGWEISER_MODELS": str(model.ensure(Settings.read()).parent), "WEGWEISER_RATE_LIMIT": f"{_LIMIT}/minute"}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WEGWEISER_")}
    running = Served(copy, free_port(), ours | settings)
    running.start()
    yield running
    running.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def clocked(served: Served) -> Served:
    """The same, started again under libfaketime. Not for the other tests: it disturbs how threads take turns."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    assert library, "libfaketime is missing: apt-get install faketime"
    served.end(signal.SIGTERM)
    served.environment |= {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(served.project / "clock"),
        # Read anew each second; the times of files stay true, as they do when a real clock jumps.
        "FAKETIME_CACHE_DURATION": "1",
        "NO_FAKE_STAT": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    served.set_clock(0)
    served.start()
    return served


def test_serve_deletes_what_is_old_a_minute_after_it_has_started(served: Served) -> None:
    until((served.data / "logs" / "retention.log").exists, FIRST + 30)
    until(lambda: "Removed:" in (served.data / "logs" / "retention.log").read_text())


def test_a_broken_edit_changes_nothing_and_is_told(served: Served) -> None:
    file, log = served.project / NETWORKS, served.data / "logs" / "rasa.log"
    good = file.read_text(encoding="utf-8")
    assert _asked(served, "RKW Nord GmbH")
    file.write_text(good.replace("land:", "lant:") + "\n  - [", encoding="utf-8")
    try:
        until(lambda: _asked(served, "RKW Nord GmbH") and "The edit of the knowledge was refused" in log.read_text())
        assert _asked(served, "RKW Nord GmbH")
    finally:
        file.write_text(good.replace("RKW Nord GmbH", "RKW Nordwest gGmbH"), encoding="utf-8")
    until(lambda: _asked(served, "RKW Nordwest gGmbH"))


def _asked(served: Served, office: str) -> bool:
    """Whether the answer names the office; everybody gets a sentence in time, also while the knowledge is read again."""
    talk, start = Talk(served.url), time.monotonic()
    answer = talk.say("Wer berät mich in Oldenburg, Niedersachsen?")
    assert time.monotonic() - start < promise() and (answer.contacts or HUMAN in answer.text)
    return office in answer.text


def test_serve_killed_takes_its_servers_with_it_and_the_talk_goes_on_with_the_next(served: Served) -> None:
    talk = Talk(served.url)
    talk.say("Ich wohne in Kiel.")
    served.end(signal.SIGKILL)
    until(lambda: port_is_free("127.0.0.1", served.port))
    served.start()
    assert healthy(served.url)
    assert talk.say("Wer berät mich?").advice["land"] == "DE-SH"


def _sent(served: Served, talk: Talk, text: str) -> int:
    return post(f"{served.url}/webhooks/website/message", {"session": talk.session, "text": text})[0]


def test_a_clock_set_back_by_a_day_locks_nobody_out(clocked: Served) -> None:
    talk = Talk(clocked.url)
    assert [_sent(clocked, talk, "Ich wohne in Kiel.") for _ in range(_LIMIT + 1)] == [*[200] * _LIMIT, 429]
    clocked.set_clock(-DAY)
    try:
        # Long before the minute of the limit is over; without a mend they would wait for a day and a minute.
        until(lambda: _sent(clocked, talk, "Wer berät mich?") == 200, limit=20)
        assert talk.say("Wer berät mich?").advice["land"] == "DE-SH"
        assert Talk(clocked.url).say("Ich wohne in München.").advice["land"] == "DE-BY"
    finally:
        clocked.set_clock(0)
    until(lambda: _sent(clocked, talk, "Wer berät mich?") == 200, limit=20)


def test_a_clock_set_forward_by_40_days_deletes_nothing_at_once_and_people_begin_anew(clocked: Served) -> None:
    talk = Talk(clocked.url)
    talk.say("Ich wohne in Zwiefalten.")
    before = clocked.said().count(JUMPED)
    clocked.set_clock(40 * DAY)
    try:
        # The session is over, as the widget expects it: it begins a new one.
        until(lambda: _sent(clocked, talk, "Wer berät mich?") == 401, limit=20)
        assert Talk(clocked.url).say("Ich wohne in München.").advice["land"] == "DE-BY"
        until(lambda: clocked.said().count(JUMPED) > before)
    finally:
        clocked.set_clock(0)
    with sqlite3.connect(clocked.data / "talks.db") as database:
        assert database.execute("SELECT count(*) FROM events WHERE data LIKE '%Zwiefalten%'").fetchone()[0] > 0


def _tar(name: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as made_up:
        made_up.addfile(tarfile.TarInfo(name))
    return made.getvalue()


@pytest.mark.parametrize("content", ["nothing", "text", "half", "another archive"])
def test_a_broken_model_is_told_in_one_sentence(tmp_path: Path, content: str) -> None:
    good = model.ensure(Settings.read())
    whole = good.read_bytes()
    contents = {"nothing": b"", "text": b"no model", "half": whole[: len(whole) // 2], "another archive": _tar("letter.txt")}
    path = model.path(Settings(models=tmp_path))
    path.write_bytes(contents[content])
    archive.seal_of(path).write_bytes(archive.seal_of(good).read_bytes())
    environment = os.environ | {"WEGWEISER_MODELS": str(tmp_path), "WEGWEISER_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "bot", "serve", "--port", str(free_port())]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout == ""
    assert path.name in done.stderr and "./wegweiser train --force" in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) <= 2
