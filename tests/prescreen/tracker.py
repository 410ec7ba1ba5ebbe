"""Talks in a database as Rasa's own tracker store writes them (compared with the real one in test_talks.py)."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

_TABLE = (
    "CREATE TABLE events (id INTEGER NOT NULL PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL, "
    "timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"
)
NOON = datetime(2026, 3, 3, 12, tzinfo=timezone.utc)


class Tracker:
    """A tracker store at `path`."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self._database = sqlite3.connect(path)
        # Nobody minds when these are lost with the machine.
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(_TABLE)

    def close(self) -> None:
        self._database.close()

    def turn(self, talk: str, text: str, topic: str | None = "documents", *, time: datetime = NOON, **advice: Any) -> None:
        """One message and its answer; `topic` None = unsure. `advice`: land, language …; `answer`, `buttons` of the answer."""
        ranking = [{"name": topic or "smalltalk", "confidence": 0.9 if topic else 0.3}]
        fallback = [] if topic else [{"name": "nlu_fallback", "confidence": 0.7}]
        parsed = {"intent": (fallback or ranking)[0], "intent_ranking": fallback + ranking}
        self._event(talk, "user", time, text=text, parse_data=parsed)
        answer, buttons = advice.pop("answer", "Antwort."), advice.pop("buttons", [])
        custom = {"advice": {"topic": topic or "smalltalk", "land": None, "language": "de", "urgent": False} | advice}
        self._event(talk, "bot", time, text=answer, data={"buttons": buttons, "custom": custom})
        self._event(talk, "bot", time, text="Noch etwas.", data={"custom": {}})

    def _event(self, talk: str, kind: str, time: datetime, **content: Any) -> None:
        data = json.dumps({"event": kind, "timestamp": time.timestamp()} | content)
        row = (talk, kind, time.timestamp(), data)
        self._database.execute("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)", row)
        self._database.commit()
