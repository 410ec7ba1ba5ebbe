"""Backup and restore exactly as docs/OPERATING.md writes them, on SQLite files that are open while they are copied."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bot.settings import ROOT
from prescreen.handovers import Handovers

BACKUP, RESTORE = re.findall(
    r"test_backup.py runs this block -->\n```sh\n(.*?)```", (ROOT / "docs/OPERATING.md").read_text(encoding="utf-8"), re.DOTALL
)


def sh(script: str, data: Path, backup: Path) -> None:
    values = os.environ | {"DATA": str(data), "BACKUP": str(backup), "PYTHON": sys.executable}
    done = subprocess.run(["sh", "-c", script], env=values, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def opened(handovers: Handovers) -> str:
    return handovers.open("talk", summary="Pflege", topic="documents", land="DE-BY", language="de", consent="Ja?")


def test_what_was_there_at_the_backup_is_there_after_the_loss_of_everything(tmp_path: Path) -> None:
    data, backup = tmp_path / "with space" / "data", tmp_path / "backup"
    data.mkdir(parents=True)
    (data / "session.key").write_text("secret")
    url = f"sqlite:///{data / 'desk.sqlite'}"
    opened(Handovers(url))
    with closing(sqlite3.connect(data / "talks.db")) as talks:
        talks.execute("PRAGMA journal_mode=WAL")
        talks.execute("CREATE TABLE events (text TEXT)")
        talks.execute("INSERT INTO events VALUES ('before')")
        talks.commit()
        # Half a turn: written by the assistant, and not committed while the backup runs.
        talks.execute("INSERT INTO events VALUES ('half')")
        sh(BACKUP, data, backup)
        talks.commit()
        talks.execute("INSERT INTO events VALUES ('after')")
        talks.commit()
        # What a crash leaves beside the file must not be read into the restored one.
        leftover = (data / "talks.db-wal").read_bytes()
    assert leftover
    shutil.rmtree(data)
    data.mkdir()
    (data / "talks.db-wal").write_bytes(leftover)
    sh(RESTORE, data, backup)
    with closing(sqlite3.connect(data / "talks.db")) as talks:
        assert talks.execute("SELECT text FROM events").fetchall() == [("before",)]
    assert Handovers(url).delete("talk") == 1
    assert (data / "session.key").read_text() == "secret"
    for path in (data, *backup.iterdir()):
        if path.suffix != ".key":
            assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
