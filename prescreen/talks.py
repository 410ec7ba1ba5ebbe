"""Reads the talks that Rasa keeps in SQL: for counsellors, statistics, teaching and privacy. Without loading Rasa."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.url import make_url

from knowledge.redaction import redact

# The table as Rasa 3.6 makes it; `data` is the event as JSON, `timestamp` in seconds since 1970.
_events = sa.Table(
    "events",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255)),
    sa.Column("type_name", sa.String(255)),
    sa.Column("timestamp", sa.Float),
    sa.Column("data", sa.Text),
)
_FALLBACK = "nlu_fallback"
_CHOICE = "/choose"
# Rows held in memory at a time.
_CHUNK = 1000


@dataclass(frozen=True)
class Line:
    """Something said: by the person or by the program. Personal data is out of it."""

    time: datetime
    person: bool
    text: str


@dataclass(frozen=True)
class Turn:
    """One message of a person and what became of it. `topic` is None where the assistant was unsure.

    `typed` says that the person wrote it rather than pressed a button; `guesses` are the topics that came into question.
    """

    conversation: str
    time: datetime
    text: str
    typed: bool
    topic: str | None
    land: str | None
    language: str | None
    urgent: bool
    guesses: tuple[tuple[str, float], ...]


class Talks:
    """The talks in the database at `url` (SQLAlchemy's form). Where there is none yet, there are no talks."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = sa.create_engine(self._url, future=True)
        if self._url.get_backend_name() == "sqlite":
            sa.event.listen(self._engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete = ON"))

    def _there(self) -> bool:
        """Whether there is something; a file of SQLite is not made by looking for it."""
        file = self._url.database if self._url.get_backend_name() == "sqlite" else None
        return (file is None or Path(file).is_file()) and sa.inspect(self._engine).has_table("events")

    def lines(self, conversation: str) -> list[Line]:
        """What was said in a talk, in order."""
        said, titles = [], {}
        for _, time, kind, event in self._read(_events.c.sender_id == conversation):
            if kind == "bot":
                titles.update(_titles(event))
            if kind in ("bot", "user") and event.get("text"):
                text = str(event["text"])
                # Numbers in our own answers are those of offices and stay.
                said.append(Line(time, kind == "user", redact(titles.get(text, text)) if kind == "user" else text))
        return [line for line in said if not line.text.startswith("/")]

    def turns(self, since: datetime | None = None) -> Iterator[Turn]:
        """Every turn since `since`, talk by talk. A turn without an answer of ours (after a crash) has no topic."""
        waiting: dict[str, Any] | None = None
        for sender, time, kind, event in self._read(_events.c.timestamp >= since.timestamp() if since else None):
            if kind == "user":
                if waiting:
                    yield _turn(waiting)
                waiting = {"sender": sender, "time": time, "event": event, "advice": {}} if event.get("text") else None
            elif kind == "bot" and waiting and waiting["sender"] == sender:
                waiting["advice"] = waiting["advice"] or _advice(event)
        if waiting:
            yield _turn(waiting)

    def export(self, conversation: str) -> list[dict[str, Any]]:
        """Every stored event of a talk, as it is stored."""
        return [event for _, _, _, event in self._read(_events.c.sender_id == conversation)]

    def delete(self, conversation: str) -> int:
        """Remove every event of a talk; returns how many."""
        return self._delete(_events.c.sender_id == conversation)

    def delete_before(self, moment: datetime) -> int:
        """Remove every event older than `moment`, of talks that go on as well; returns how many. Bit by bit, so that no
        talk waits for the database meanwhile."""
        old = sa.select(_events.c.id).where(_events.c.timestamp < moment.timestamp()).limit(_CHUNK)
        gone = 0
        while some := self._delete(_events.c.id.in_(old)):
            gone += some
        return gone

    def _delete(self, which: Any) -> int:
        if not self._there():
            return 0
        with self._engine.begin() as connection:
            return int(connection.execute(_events.delete().where(which)).rowcount)

    def _read(self, which: Any) -> Iterator[tuple[str, datetime, str, dict[str, Any]]]:
        if not self._there():
            return
        wanted = sa.select(_events).order_by(_events.c.sender_id, _events.c.id)
        with self._engine.connect().execution_options(yield_per=_CHUNK) as connection:
            for row in connection.execute(wanted if which is None else wanted.where(which)):
                time = datetime.fromtimestamp(row.timestamp or 0, timezone.utc)
                yield row.sender_id, time, row.type_name, json.loads(row.data)


def _titles(event: dict[str, Any]) -> dict[str, str]:
    """Payload → title of the buttons under a message: what a person chose is told as they saw it."""
    buttons = (event.get("data") or {}).get("buttons") or []
    return {str(button.get("payload")): str(button.get("title")) for button in buttons}


def _advice(event: dict[str, Any]) -> dict[str, Any]:
    custom = (event.get("data") or {}).get("custom") or {}
    advice = custom.get("advice") if isinstance(custom, dict) else None
    return advice if isinstance(advice, dict) else {}


def _turn(found: dict[str, Any]) -> Turn:
    event, advice = found["event"], found["advice"]
    parsed = event.get("parse_data") or {}
    sure = (parsed.get("intent") or {}).get("name") != _FALLBACK
    ranking = [(str(g.get("name")), float(g.get("confidence") or 0)) for g in parsed.get("intent_ranking") or []]
    return Turn(
        conversation=found["sender"],
        time=found["time"],
        text=redact(str(event["text"])),
        typed=not str(event["text"]).startswith(_CHOICE),
        topic=advice.get("topic") if sure else None,
        land=advice.get("land"),
        language=advice.get("language"),
        urgent=bool(advice.get("urgent")),
        guesses=tuple(guess for guess in ranking if guess[0] != _FALLBACK)[:3],
    )
