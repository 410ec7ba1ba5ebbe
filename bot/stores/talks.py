"""Where talks are kept: Rasa's SQL store, which never holds more of a person than it needs and does not slow down with them.

- Personal data is taken out before anything is written, and of the model's guesses only the best are kept.
- A turn reads the last events only (`READ`), so the 500th message of a talk is as quick as the fifth. The action sets a slot
  again before its last event is older than they are (actions/advise.py), so these events hold the whole case.
- The database is asked in a thread: one that hangs holds up nobody but who waits for it.
- Where it fails, the turn fails, and the person gets a sentence with a human contact. Rasa would go on in memory, so that
  what was answered would be lost.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import rasa.core.agent
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore, create_engine_kwargs
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine
from sqlalchemy.orm import sessionmaker

from bot import speed
from knowledge.redaction import redact

log = logging.getLogger("wegweiser.talks")
# Events that a turn reads: about twelve turns. Policies rebuild their states from all of them, several times a message.
READ = 100
# Guesses of the model that are kept with a message.
GUESSES = 3
# Where a tracker remembers how many of its events are in the database.
_STORED = "wegweiser_stored"
# What Rasa's own table lacks: the last events of a person without sorting, and the old ones of all without reading the table.
_INDEXES = {"wegweiser_sender_id": "sender_id, id", "wegweiser_timestamp": "timestamp"}
# Seconds that the database may take; then the person is told, instead of waiting.
_LIMIT = 2
# Questions to PostgreSQL at once: each takes milliseconds. SQLite locks its file for each, and who finds it locked tries again
# by chance; so one after the other there, or some wait a second and a few longer than _LIMIT.
_THREADS = 8

T = TypeVar("T")

speed.apply()


def _as_it_is(store: TrackerStore) -> TrackerStore:
    """In place of Rasa's wrapper, which goes on in memory when the database fails."""
    return store


rasa.core.agent.FailSafeTrackerStore = _as_it_is


class TalkStore(SQLTrackerStore):
    """For SQLite and PostgreSQL. `endpoints.yml` names it by its class path, with the settings of Rasa's SQL store.

    With an `event_broker` in endpoints.yml it publishes what it has written, and nothing else.
    """

    def __init__(self, domain: Domain | None = None, host: str | None = None, **settings: Any) -> None:
        super().__init__(domain, host=host, **settings)
        rasas: Engine = self.engine
        rasas.dispose()
        self.engine: Engine = _engine(rasas.url)
        self.sessionmaker = sessionmaker(bind=self.engine)
        self._threads = ThreadPoolExecutor(1 if self.engine.dialect.name == "sqlite" else _THREADS, "talks")
        with self.engine.begin() as connection:
            for name, columns in _INDEXES.items():
                connection.execute(sa.text(f"CREATE INDEX IF NOT EXISTS {name} ON events ({columns})"))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the present session, with its last READ events. Raises SQLAlchemyError."""
        rows = _this_session(await self._beside(lambda: self._newest(sender_id)))
        if not rows:
            return None
        events = [json.loads(data) for _, data in reversed(rows)]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new; a tracker may be saved again after more has happened. Raises SQLAlchemyError."""
        written = await self._beside(lambda: self._write(tracker))
        setattr(tracker, _STORED, len(tracker.events))
        for record in written if self.event_broker else []:
            self.event_broker.publish({"sender_id": tracker.sender_id} | record)

    async def _beside(self, ask: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, ask)

    def _newest(self, sender_id: str) -> list[Any]:
        with self.session_scope() as session:
            newest = session.query(self.SQLEvent.type_name, self.SQLEvent.data).filter_by(sender_id=sender_id)
            return list(newest.order_by(self.SQLEvent.id.desc()).limit(READ).all())

    def _write(self, tracker: DialogueStateTracker) -> list[dict[str, Any]]:
        """Write the events that are not in the database yet, as they may be kept; returns them."""
        with self.session_scope() as session:
            written = [kept(event).as_dict() for event in self._additional_events(session, tracker)]
            if written:
                session.execute(sa.insert(self.SQLEvent.__table__), [_row(tracker.sender_id, record) for record in written])
            session.commit()
        return written

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterable[Event]:
        stored = getattr(tracker, _STORED, None)
        # A tracker that was made and not read: Rasa counts what the database has of it.
        return list(super()._additional_events(session, tracker) if stored is None else list(tracker.events)[stored:])


def _row(sender_id: str, record: dict[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": record["event"],
        "timestamp": record.get("timestamp"),
        "intent_name": ((record.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": record.get("name"),
        "data": json.dumps(record),
    }


def _engine(url: Any) -> Engine:
    """As Rasa's, but it waits for no database for long, sees that one was started anew, and wipes what it deletes."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": _LIMIT})
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete = ON"))
        return engine
    options = create_engine_kwargs(url)
    asked = options.pop("connect_args", {})
    bounds = f"{asked.get('options', '')} -c statement_timeout={_LIMIT}s".strip()
    connect = {"connect_timeout": _LIMIT, "tcp_user_timeout": _LIMIT * 1000, **asked, "options": bounds}
    return sa.create_engine(url, pool_pre_ping=True, connect_args=connect, **options)


def _this_session(rows: list[Any]) -> list[Any]:
    """`rows` (newest first) up to the start of the session, where it is among them."""
    for i, (type_name, _) in enumerate(rows):
        if type_name == SessionStarted.type_name:
            # The action that began the session stands before it.
            return rows[: i + 2]
    return rows


def kept(event: Event) -> Event:
    """The event as it may be written: a message without personal data, channel data and the long tail of guesses."""
    if not isinstance(event, UserUttered):
        return event
    record = event.as_dict()
    parse = record.get("parse_data") or {}
    record["text"] = redact(record["text"]) if record.get("text") else record.get("text")
    parse["text"] = redact(parse["text"]) if parse.get("text") else parse.get("text")
    parse["intent_ranking"] = (parse.get("intent_ranking") or [])[:GUESSES]
    parse.pop("response_selector", None)
    record["metadata"] = {name: value for name, value in (record.get("metadata") or {}).items() if name == "model_id"}
    parse["metadata"] = record["metadata"]
    made = Event.from_parameters(record | {"parse_data": parse})
    assert isinstance(made, UserUttered)
    return made
