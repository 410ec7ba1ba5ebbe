"""Starts and watches the servers (Rasa, and the actions unless they run inside it) and ends them together.

All listen on loopback only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bot import archive as archives
from bot import model, tensorflow
from bot.retention import Retention
from bot.settings import ROOT, Settings

# Seconds until a server that does not become healthy counts as broken.
START_LIMIT = 120.0
# Restarts of one server within `WINDOW` seconds before the assistant gives up, and the seconds between two.
RESTARTS, WINDOW, PAUSE = 5, 600.0, 1.0
# Seconds between two looks at whether the actions answer, and of silence until what they run in is started anew. Longer than
# any rush, in which they answer late.
LOOK, SILENCE = 10.0, 60.0
# Seconds that a server gets to end its turns after Ctrl-C.
GRACE = 10.0
# Linux ends a child with this signal when its parent has died (prctl). Elsewhere nothing does.
_DIE_WITH_PARENT = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ServerFailed(RuntimeError):
    """A server did not start or keeps dying; the message says which and where its log is."""


class Assistant:
    """The running assistant. Use as a context manager; `wait` keeps it alive until it is told to stop."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 5005) -> None:
        self.host, self.port = host, port
        self.action_port = settings.action_port or 0
        self.url = f"http://{host}:{port}"
        self._settings = settings
        self._environment = model.environment(settings, self.action_port)
        self._logs = settings.data / "logs"
        self.talks = Path(self._environment["WEGWEISER_TRACKER_DB"])
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._restarts: dict[str, list[float]] = {}
        self._next_look, self._silent_since = 0.0, 0.0
        self._retention = Retention(self._environment, self._logs / "retention.log")

    def __enter__(self) -> Assistant:
        if not port_is_free(self.host, self.port):
            raise ServerFailed(f"Port {self.port} is taken. Stop what uses it, or choose another with --port.")
        archive = self._archive = model.ensure(self._settings)
        if self._settings.tensorflow == "off":
            try:
                tensorflow.check(archive)
            except tensorflow.TensorFlowMissing as error:
                raise ServerFailed(str(error)) from error
        self._logs.mkdir(parents=True, exist_ok=True)
        if not self._settings.action_port:
            # Only now: until here somebody else may have taken a port that was free before.
            self.action_port = free_port()
            self._environment["WEGWEISER_ACTION_PORT"] = str(self.action_port)
        self._commands = {"rasa": _rasa(archive, self.host, self.port, self._settings)}
        if self._settings.actions == "server":
            # First, so that both are read in at the same time.
            self._commands = {"actions": [sys.executable, "-m", "actions", "--port", str(self.action_port)], **self._commands}
        try:
            for name in self._commands:
                self._start(name)
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, name: str) -> None:
        if name == "rasa":
            archives.check(self._archive)  # at each start: the file may have changed since the last one
        with (self._logs / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches only us, and we end both in order.
            self._running[name] = subprocess.Popen(
                self._commands[name],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # We may be killed: servers without us would hold the port, and nobody would start them again.
                preexec_fn=_end_with_us,
            )

    def _wait_until_healthy(self) -> None:
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            for name, process in self._running.items():
                if process.poll() is not None:
                    raise ServerFailed(f"The server „{name}“ ended at once. Its log: {self._logs / f'{name}.log'}")
            if healthy(self.url):
                return
            time.sleep(0.02)
        raise ServerFailed(f"The assistant did not get ready within {START_LIMIT:.0f} s. Logs: {self._logs}")

    def wait(self) -> None:
        """Watch the servers until the process is told to stop; one that dies or hangs is started again. Old talks go once a
        day."""
        while True:
            time.sleep(0.5)
            self.revive()
            self.wake()
            self._retention.look()

    def revive(self) -> None:
        """Start again what has died. Raises ServerFailed when that happens too often, ModelRefused for a changed model."""
        for name, process in list(self._running.items()):
            if process.poll() is None:
                continue
            now = time.monotonic()
            lately = [moment for moment in self._restarts.get(name, ()) if moment > now - WINDOW]
            self._restarts[name] = [*lately, now]
            if len(lately) >= RESTARTS:
                raise ServerFailed(f"The server „{name}“ keeps ending. Its log: {self._logs / f'{name}.log'}")
            print(f"The server „{name}“ ended and is started again.", file=sys.stderr)
            time.sleep(PAUSE)
            self._start(name)

    def wake(self) -> None:
        """End what runs the actions where they have been silent for SILENCE seconds; `revive` starts it anew."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK
        if status(self.url) != 503:
            self._silent_since = 0.0
        elif not self._silent_since:
            self._silent_since = now
        elif now - self._silent_since >= SILENCE:
            self._silent_since = 0.0
            name = "actions" if "actions" in self._running else "rasa"
            print(f"The actions are silent: the server „{name}“ is ended.", file=sys.stderr)
            self.kill(name)

    def kill(self, name: str) -> None:
        """End one server at once, as a crash would."""
        os.killpg(self.pid(name), signal.SIGKILL)
        self._running[name].wait()

    @property
    def names(self) -> list[str]:
        """The servers that are running."""
        return list(self._running)

    def pid(self, name: str) -> int:
        """The process of a server, `actions` or `rasa`."""
        return self._running[name].pid

    def stop(self) -> None:
        """End both: Rasa first, so that no turn loses its actions."""
        self._retention.stop()
        for name in ("rasa", "actions"):
            process = self._running.pop(name, None)
            if process is None or process.poll() is not None:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _end_with_us() -> None:
    if _LIBC:
        _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def _rasa(archive: Path, host: str, port: int, settings: Settings) -> list[str]:
    cors = ["--cors", *settings.origins] if settings.origins else []
    options = ["--model", str(archive), "--endpoints", str(settings.endpoints.resolve()), "--credentials", "credentials.yml"]
    return [sys.executable, "-m", "bot.rasa", "run", *options, "--interface", host, "--port", str(port), *cors]


def healthy(url: str) -> bool:
    """Whether the assistant at `url` answers."""
    return status(url) == 200


def status(url: str) -> int | None:
    """What /health answers; 503 where the server is there and its actions are silent, None where there is no answer."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=3) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


# Ports that were given out: what is asked for twice before it is used must not be the same.
_GIVEN: set[int] = set()


def free_port() -> int:
    """A port on loopback that nobody uses just now, and that was not given out before."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
