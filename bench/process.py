"""Processes of a bot: started, waited for, weighed, ended with all that they started."""

from __future__ import annotations

import contextlib
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

# Seconds until a bot that does not become healthy counts as broken; the default one takes a minute on two busy cores.
START_LIMIT = 300.0
# Seconds that a process gets to end by itself.
GRACE = 20.0


class BotFailed(RuntimeError):
    """A bot did not start, or has ended; the message holds the end of its log."""


class Processes:
    """The processes of one bot, which write to `log`."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._started: list[psutil.Popen] = []

    def start(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        with self._log.open("ab") as log:
            self._started.append(
                psutil.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            )

    def wait_for(self, *urls: str) -> None:
        """Until all `urls` answer with 200. Raises BotFailed."""
        end = time.monotonic() + START_LIMIT
        while not all(map(_answers, urls)):
            if any(process.poll() is not None for process in self._started) or time.monotonic() > end:
                raise BotFailed(f"{self._log.name}:\n{self._log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
            time.sleep(0.02)

    def memory(self) -> float:
        """MB of all of them and their children, what they share counted once (PSS)."""
        return sum(process.memory_full_info().pss for process in self._all()) / 1e6

    def cpu(self) -> float:
        """Seconds of processor time that all of them have taken so far: other work on the machine hardly changes it."""
        times = [process.cpu_times() for process in self._all()]
        return sum(time.user + time.system for time in times)

    def stop(self) -> None:
        """End them, the last started first, and whatever is left of their children."""
        everyone = self._all()
        for started in reversed(self._started):
            with contextlib.suppress(psutil.NoSuchProcess):
                started.terminate()
        for process in psutil.wait_procs(everyone, timeout=GRACE)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        for started in self._started:
            started.wait()
        self._started = []

    def _all(self) -> list[psutil.Process]:
        found = []
        for process in self._started:
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [process, *process.children(recursive=True)]
        return found


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
