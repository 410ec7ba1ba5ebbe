"""A real PostgreSQL for tests: a cluster in a temporary folder, on a free loopback port, ended by the test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.server import free_port

# Seconds until a server that does not answer counts as broken.
_LIMIT = 30.0


def binaries() -> Path:
    """The folder of initdb and postgres: where Debian puts them, or on the path."""
    found = shutil.which("pg_ctl")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or ([Path(found).resolve().parent] if found else [])
    assert folders, "PostgreSQL is missing: apt-get install postgresql"
    return folders[-1]


class Server:
    """A server of our own with an empty database at `url`. `stop` and `start` are what a fault test needs."""

    def __init__(self) -> None:
        # PostgreSQL refuses to run as root; Debian's package brings a user for it.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder, self._port, self._where = Path(tempfile.mkdtemp(prefix="wegweiser-pg-")), free_port(), binaries()
        self.url = f"postgresql://wegweiser@127.0.0.1:{self._port}/postgres"
        if self._user:
            shutil.chown(self._folder, self._user)
        init = [self._where / "initdb", "-D", self._folder / "db", "-U", "wegweiser", "-A", "trust", "-E", "UTF8"]
        init += ["--no-locale", "--no-sync"]
        subprocess.run(init, user=self._user, check=True, capture_output=True, cwd=self._folder)

    def start(self) -> None:
        options = ["-p", str(self._port), "-h", "127.0.0.1", "-k", str(self._folder), "-F"]
        command = [self._where / "postgres", "-D", self._folder / "db", *options]
        self._process = subprocess.Popen(command, user=self._user, cwd=self._folder, stderr=subprocess.DEVNULL)
        end = time.monotonic() + _LIMIT
        ready = [self._where / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self._port), "-U", "wegweiser"]
        while subprocess.run(ready, cwd=self._folder).returncode:
            assert time.monotonic() < end, "PostgreSQL did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(_LIMIT)

    def pids(self) -> list[int]:
        """The server and its processes for each connection."""
        main = self._process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
        return [main, *map(int, children)]

    def remove(self) -> None:
        shutil.rmtree(self._folder)


@contextmanager
def running() -> Iterator[Server]:
    """A server that runs, and is gone afterwards."""
    made = Server()
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.remove()


@contextmanager
def server() -> Iterator[str]:
    """Runs a server; gives the URL of its empty database."""
    with running() as made:
        yield made.url
