"""What the messengers must not forget when the process ends: which events came, which are unanswered, who was greeted.

A webhook is acknowledged only after its event stands here; an event keeps its content only until it is answered.
Ids of events and people stand here as keyed hashes.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

# Events are remembered so that a redelivery is not answered twice: Meta tries again for up to 7 days.
_DAYS = 8
_MOST = 200_000
_TABLES = """
CREATE TABLE IF NOT EXISTS events
  (channel TEXT, id TEXT, at REAL, content TEXT, tries INTEGER DEFAULT 0, PRIMARY KEY (channel, id));
CREATE INDEX IF NOT EXISTS open_events ON events (channel, at) WHERE content IS NOT NULL;
CREATE TABLE IF NOT EXISTS greeted (talk TEXT PRIMARY KEY, at REAL);
CREATE TABLE IF NOT EXISTS places (channel TEXT PRIMARY KEY, place TEXT);
"""


class Journal:
    """One SQLite file for all channels of one process. Each call takes well under a millisecond."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=5)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        # What is deleted must be gone from the file as well.
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(_TABLES)
        self._added = 0

    def add(self, channel: str, id: str, content: str) -> bool:
        """Note an event; False when it came before."""
        self._added += 1
        if self._added % 500 == 1:
            self._clear()
        done = self._db.execute(
            "INSERT OR IGNORE INTO events (channel, id, at, content) VALUES (?, ?, ?, ?)", (channel, id, time.time(), content)
        )
        return done.rowcount == 1

    def done(self, channel: str, id: str) -> None:
        """The event is answered, or given up: its content goes."""
        self._db.execute("UPDATE events SET content = NULL WHERE channel = ? AND id = ?", (channel, id))
        if not self._db.execute("SELECT 1 FROM events WHERE content IS NOT NULL LIMIT 1").fetchone():
            # SQLite's log of changes still holds what was deleted; a quiet moment to empty it.
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def unanswered(self, channel: str) -> list[tuple[str, str, int]]:
        """Events that an earlier process left: (id, content, how often they were taken up before), oldest first."""
        found = self._db.execute(
            "SELECT id, content, tries FROM events WHERE channel = ? AND content IS NOT NULL ORDER BY at, rowid", (channel,)
        ).fetchall()
        self._db.execute("UPDATE events SET tries = tries + 1 WHERE channel = ? AND content IS NOT NULL", (channel,))
        return [(str(id), str(content), int(tries)) for id, content, tries in found]

    def greet(self, talk: str) -> bool:
        """True the first time that somebody writes."""
        return self._db.execute("INSERT OR IGNORE INTO greeted VALUES (?, ?)", (talk, time.time())).rowcount == 1

    def forget(self, talk: str) -> None:
        """Somebody had everything deleted."""
        self._db.execute("DELETE FROM greeted WHERE talk = ?", (talk,))

    def place(self, channel: str) -> str:
        """Up to where a channel that fetches has read; empty at the very first start."""
        found = self._db.execute("SELECT place FROM places WHERE channel = ?", (channel,)).fetchone()
        return str(found[0]) if found else ""

    def move(self, channel: str, place: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO places VALUES (?, ?)", (channel, place))

    def close(self) -> None:
        self._db.close()

    def _clear(self) -> None:
        limit = time.time() - _DAYS * 86_400
        self._db.execute("DELETE FROM events WHERE content IS NULL AND at < ?", (limit,))
        self._db.execute("DELETE FROM events WHERE content IS NULL AND rowid <= (SELECT max(rowid) FROM events) - ?", (_MOST,))
        self._db.execute("DELETE FROM greeted WHERE at < ?", (time.time() - 365 * 86_400,))
