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


@contextmanager
def server() -> Iterator[str]:
    """Runs a server; gives the URL of its empty database."""
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    folder, port, where = Path(tempfile.mkdtemp(prefix="wegweiser-pg-")), free_port(), binaries()
    if user:
        shutil.chown(folder, user)
    init = [where / "initdb", "-D", folder / "db", "-U", "wegweiser", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    subprocess.run(init, user=user, check=True, capture_output=True, cwd=folder)
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    process = subprocess.Popen(
        [where / "postgres", "-D", folder / "db", *options], user=user, cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        _wait(where, folder, port)
        yield f"postgresql://wegweiser@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(_LIMIT)
        shutil.rmtree(folder)


def _wait(where: Path, folder: Path, port: int) -> None:
    end = time.monotonic() + _LIMIT
    ready = [where / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "wegweiser"]
    while subprocess.run(ready, cwd=folder).returncode:
        assert time.monotonic() < end, "PostgreSQL did not start"
        time.sleep(0.05)
