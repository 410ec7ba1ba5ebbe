"""Keeps the promise of the first message: once a day, what is too old is deleted. `serve` looks after it.

The deletion is `privacy retain` in a process of its own: it may take a while, and no talk waits for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.settings import ROOT

# Seconds until the first deletion (who waited for the start comes first), between two, and until the next try after one that
# failed or was put off.
FIRST, DAY, AGAIN = 60.0, 86_400.0, 3_600.0
# Seconds that the system's clock may jump between two looks. After a larger jump nobody knows what is old.
_JUMP = 3_600.0
COMMAND = (sys.executable, "-m", "bot", "privacy", "retain")


def _modest() -> None:
    os.nice(10)


class Retention:
    """`look` starts it when it is due and tells of its end; call it every second or so. Its output goes to `log`."""

    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        command: Sequence[str] = COMMAND,
        clock: Callable[[], float] = time.time,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._environment, self._log, self._command = environment, log, command
        self._clock, self._passed = clock, passed
        self._due, self._offset = passed() + FIRST, self._now()
        self._running: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Go on with it. Never raises for a deletion that failed: it says so and tries again."""
        if abs(self._now() - self._offset) > _JUMP:
            self._offset = self._now()
            self._put_off("The system's clock has jumped: the deletion of old talks is put off for an hour. Check the clock.")
        if self._running:
            self._end()
        elif self._passed() >= self._due:
            self._start()

    @property
    def running(self) -> bool:
        """Whether one is at work."""
        return self._running is not None

    def stop(self) -> None:
        """End one that is at work; what it has deleted stays deleted, the rest goes the next time."""
        if self._running and self._running.poll() is None:
            self._running.terminate()
            self._running.wait()
        self._running = None

    def _start(self) -> None:
        self._due = self._passed() + DAY
        try:
            with self._log.open("ab") as log:
                # The last in line for the processor, since nobody waits for it.
                self._running = subprocess.Popen(
                    self._command,
                    preexec_fn=_modest,
                    cwd=ROOT,
                    env=dict(self._environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
        except OSError as error:
            self._put_off(f"OLD TALKS WERE NOT DELETED ({error}). Tried again in an hour.")

    def _end(self) -> None:
        assert self._running is not None
        code = self._running.poll()
        if code is None:
            return
        self._running = None
        if code:
            self._put_off(f"OLD TALKS WERE NOT DELETED (exit code {code}). Tried again in an hour. Its log: {self._log}")

    def _put_off(self, why: str) -> None:
        print(why, file=sys.stderr, flush=True)
        self._due = self._passed() + AGAIN

    def _now(self) -> float:
        return self._clock() - self._passed()
