"""`serve` deletes once a day, tries again where it failed, and believes no clock that has jumped."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from bot.retention import AGAIN, DAY, FIRST, Retention

COUNT = "import pathlib, sys; p = pathlib.Path(sys.argv[1]); p.write_text(p.read_text() + 'x' if p.exists() else 'x')"


class Clock:
    """The time of the system, and the time that has passed."""

    def __init__(self) -> None:
        self.system, self.passed = 1.8e9, 0.0

    def go(self, seconds: float) -> None:
        self.system, self.passed = self.system + seconds, self.passed + seconds


def made(folder: Path, clock: Clock, code: str) -> Retention:
    """One that is just due."""
    command = [sys.executable, "-c", code, str(folder / "count")]
    retention = Retention({}, folder / "retention.log", command, lambda: clock.system, lambda: clock.passed)
    clock.go(FIRST)
    return retention


def done(retention: Retention, folder: Path) -> int:
    """How often it has run, after the one that is at work has ended."""
    end = time.monotonic() + 20
    retention.look()
    while retention.running:
        assert time.monotonic() < end
        time.sleep(0.02)
        retention.look()
    return len((folder / "count").read_text()) if (folder / "count").exists() else 0


def test_nothing_runs_while_people_wait_for_the_start(tmp_path: Path) -> None:
    clock = Clock()
    retention = made(tmp_path, clock, COUNT)
    clock.passed -= 1
    assert done(retention, tmp_path) == 0


def test_it_runs_after_the_start_and_once_a_day(tmp_path: Path) -> None:
    clock = Clock()
    retention = made(tmp_path, clock, COUNT)
    runs = [done(retention, tmp_path)]
    for seconds in (DAY / 2, DAY / 2, DAY / 2, DAY / 2):
        for _ in range(24):
            clock.go(seconds / 24)
            runs.append(done(retention, tmp_path))
    assert (runs[0], runs[47], runs[48], runs[95], runs[96]) == (1, 1, 2, 2, 3)


def test_one_that_fails_is_told_and_tried_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    retention = made(tmp_path, clock, f"{COUNT}; sys.exit('no database')")
    assert done(retention, tmp_path) == 1
    assert "OLD TALKS WERE NOT DELETED (exit code 1)" in capsys.readouterr().err
    assert "no database" in (tmp_path / "retention.log").read_text()
    clock.go(AGAIN - 1)
    assert done(retention, tmp_path) == 1
    clock.go(1)
    assert done(retention, tmp_path) == 2


def test_a_clock_that_jumped_deletes_nothing_for_an_hour(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    retention = made(tmp_path, clock, COUNT)
    assert done(retention, tmp_path) == 1
    clock.go(DAY)
    clock.system += 400 * DAY
    assert done(retention, tmp_path) == 1
    assert "The system's clock has jumped" in capsys.readouterr().err
    clock.system -= 400 * DAY
    clock.go(AGAIN)
    assert done(retention, tmp_path) == 1
    clock.go(AGAIN)
    assert done(retention, tmp_path) == 2


def test_stopping_ends_one_that_is_at_work(tmp_path: Path) -> None:
    retention = made(tmp_path, Clock(), "import time; time.sleep(60)")
    retention.look()
    assert retention.running
    retention.stop()
    assert not retention.running
