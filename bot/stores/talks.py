"""Where talks are kept: Rasa's SQL store, which never holds more of a person than it needs and does not slow down with them.

- Personal data is taken out before anything is written, and of the model's guesses only the best are kept.
- A turn reads the last events only (`READ`), so the 500th message of a talk is as quick as the fifth. Every turn sets all
  slots anew (actions/advise.py), so these events hold the whole case.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import speed
from knowledge.redaction import redact

log = logging.getLogger("wegweiser.talks")
# Events that a turn reads: about eight turns. Policies rebuild their states from all of them, several times a message.
READ = 160
# Guesses of the model that are kept with a message.
GUESSES = 3
# Where a tracker remembers how many of its events are in the database.
_STORED = "wegweiser_stored"
# What Rasa's own table lacks: the last events of a person without sorting, and the old ones of all without reading the table.
_INDEXES = {"wegweiser_sender_id": "sender_id, id", "wegweiser_timestamp": "timestamp"}

speed.apply()


class TalkStore(SQLTrackerStore):
    """For SQLite and PostgreSQL. `endpoints.yml` names it by its class path, with the settings of Rasa's SQL store."""

    def __init__(self, domain: Domain | None = None, host: str | None = None, **settings: Any) -> None:
        super().__init__(domain, host=host, **settings)
        with self.engine.begin() as connection:
            for name, columns in _INDEXES.items():
                connection.execute(sa.text(f"CREATE INDEX IF NOT EXISTS {name} ON events ({columns})"))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the present session, with its last READ events."""
        with self.session_scope() as session:
            newest = session.query(self.SQLEvent.type_name, self.SQLEvent.data).filter_by(sender_id=sender_id)
            rows = newest.order_by(self.SQLEvent.id.desc()).limit(READ).all()
        rows = _this_session(rows)
        if not rows:
            return None
        events = [json.loads(data) for _, data in reversed(rows)]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterable[Event]:
        """The events of `tracker` that are not in the database yet, as they may be kept."""
        stored = getattr(tracker, _STORED, None)
        # A tracker that was made and not read: Rasa counts what the database has of it.
        new = super()._additional_events(session, tracker) if stored is None else list(tracker.events)[stored:]
        return [kept(event) for event in new]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new; a tracker may be saved again after more has happened."""
        await super().save(tracker)
        setattr(tracker, _STORED, len(tracker.events))

    def delete_before(self, moment: float) -> int:
        """Delete every event older than `moment` (seconds since 1970). Returns how many there were."""
        with self.session_scope() as session:
            gone = session.query(self.SQLEvent).filter(self.SQLEvent.timestamp < moment).delete(synchronize_session=False)
            session.commit()
        return int(gone)

    def delete_older_than(self, days: int) -> int:
        """`delete_before`, counted from now."""
        return self.delete_before(time.time() - days * 86_400)


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
