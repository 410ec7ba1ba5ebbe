"""Handovers: a person agreed that a counsellor gets a summary of the talk. Stored with the words agreed to."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from prescreen.database import Database, now
from prescreen.tables import deliveries, handovers, labels, proofs

# Letters and digits that are not mistaken for each other when read aloud or written down; no vowels, so no words.
CODE_LETTERS = "BCDFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 8
# Tries to store a handover against another process doing the same at the same moment, or a code that exists.
_TRIES = 5
NEW, TAKEN, DONE = STATES = ("new", "taken", "done")


@dataclass(frozen=True)
class Handover:
    """`state` is new, taken or done; times are in UTC; `contact` is None until the person gave one (or wants none).

    `ready` is when it may be delivered: a contact was given, or the person will come with the code.
    """

    code: str
    conversation: str
    created: datetime
    consented: datetime
    land: str | None
    topic: str | None
    language: str
    summary: str
    contact: str | None
    state: str
    consent: str
    ready: datetime | None
    taken_by: str | None
    done: datetime | None


class Handovers:
    """The handovers in the database at `url`; safe to use from several processes at once."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    def open(self, conversation: str, *, summary: str, topic: str | None, land: str | None, language: str, consent: str) -> str:
        """Store a summary with the words consented to and the time. Returns the code for the person.

        A conversation has one new handover: doing it again replaces it, under the same code, and asks for the contact anew.
        """
        if not consent.strip():
            raise ValueError("a handover needs the words that the person agreed to")
        time = now()
        values: dict[str, Any] = {
            "created": time,
            "consented": time,
            "consent": consent,
            "land": land,
            "topic": topic,
            "language": language,
            "summary": summary,
            "contact": None,
            "ready": None,
            "routed": None,
        }
        for _ in range(_TRIES):
            try:
                return self._store(conversation, values)
            except IntegrityError:
                continue
        raise RuntimeError(f"no handover could be stored in {_TRIES} tries")

    def _store(self, conversation: str, values: dict[str, Any]) -> str:
        with self.database.write() as connection:
            old = connection.execute(_new(conversation).with_for_update()).first()
            if old is not None:
                retract(connection, old.id)
                connection.execute(handovers.update().where(handovers.c.id == old.id).values(values))
                return str(old.code)
            code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
            row = values | {"code": code, "conversation": conversation, "state": NEW}
            connection.execute(handovers.insert().values(row))
            return code

    def awaiting_contact(self, conversation: str) -> bool:
        """Whether a handover was opened and the person has said neither a contact nor that they want to give none."""
        with self.database.read() as connection:
            row = connection.execute(_new(conversation)).first()
        return row is not None and row.ready is None

    def give_contact(self, conversation: str, contact: str) -> str | None:
        """Store how to reach the person. Returns the code, None if no new handover is open or `contact` is blank."""
        return self._ready(conversation, contact.strip()) if contact.strip() else None

    def without_contact(self, conversation: str) -> str | None:
        """The person gives no contact and will come with the code. Returns it, None if no new handover is open."""
        return self._ready(conversation, None)

    def _ready(self, conversation: str, contact: str | None) -> str | None:
        with self.database.write() as connection:
            row = connection.execute(_new(conversation).with_for_update()).first()
            if row is None:
                return None
            connection.execute(handovers.update().where(handovers.c.id == row.id).values(contact=contact, ready=now()))
            return str(row.code)

    def of(self, conversation: str) -> list[Handover]:
        """Every handover of a conversation, the oldest first."""
        wanted = sa.select(handovers).where(handovers.c.conversation == conversation).order_by(handovers.c.id)
        with self.database.read() as connection:
            return [read(row) for row in connection.execute(wanted)]

    def conversation(self, code: str) -> str | None:
        """The conversation that a person's code belongs to; spaces and small letters do not matter."""
        code = "".join(code.upper().split())
        with self.database.read() as connection:
            found = connection.execute(sa.select(handovers.c.conversation).where(handovers.c.code == code)).scalar()
        return None if found is None else str(found)

    def conversations(self) -> set[str]:
        """The talks that were handed over."""
        with self.database.read() as connection:
            return set(connection.execute(sa.select(handovers.c.conversation)).scalars())

    def delete(self, conversation: str, reason: str = "request", more: int = 0) -> int:
        """Remove everything of this conversation; returns how many records. Leaves a proof without content.

        `more` = how many records of it were deleted elsewhere, for the proof.
        """
        with self.database.write() as connection:
            taught = connection.execute(labels.delete().where(labels.c.talk == digest(conversation))).rowcount
        return self._delete(handovers.c.conversation == conversation, conversation, reason, more + taught)

    def delete_one(self, code: str, reason: str) -> int:
        """Remove the handover with this code here; the receivers, who keep to rules of their own, are not told."""
        conversation = self.conversation(code)
        return 0 if conversation is None else self._delete(handovers.c.code == code, conversation, reason, 0, tell=False)

    def _delete(self, which: Any, conversation: str, reason: str, more: int, tell: bool = True) -> int:
        with self.database.write() as connection:
            for id in connection.execute(sa.select(handovers.c.id).where(which)).scalars().all():
                if tell:
                    retract(connection, id)
                connection.execute(deliveries.delete().where(deliveries.c.handover_id == id))
            gone = int(connection.execute(handovers.delete().where(which)).rowcount)
            if gone + more:
                proof = {"time": now(), "reason": reason, "hash": digest(conversation), "count": gone + more}
                connection.execute(proofs.insert().values(proof))
        return gone

    def proofs(self, conversation: str) -> list[tuple[datetime, int]]:
        """When something of this conversation was deleted, and how many records."""
        wanted = sa.select(proofs.c.time, proofs.c.count).where(proofs.c.hash == digest(conversation)).order_by(proofs.c.id)
        with self.database.read() as connection:
            return [(row.time, row.count) for row in connection.execute(wanted)]


def retract(connection: Any, id: int) -> None:
    """Turn what went out of the handover `id`, or may just be going out, into requests to delete it there; forget the rest."""
    of = (deliveries.c.handover_id == id) & (deliveries.c.kind == "send")
    connection.execute(deliveries.delete().where(of & (deliveries.c.tries == 0)))
    # `due` stays: while a try is under way it lies behind that try's end.
    again = {"kind": "retract", "state": "waiting", "tries": 0, "error": "", "handover_id": None}
    connection.execute(deliveries.update().where(of).values(again))


def digest(conversation: str) -> str:
    """The trace that a deleted conversation leaves. Its id is random (122 bits), so it cannot be guessed back."""
    return hashlib.sha256(conversation.encode()).hexdigest()


def read(row: Any) -> Handover:
    """A row of the table as a Handover."""
    return Handover(**{name: getattr(row, name) for name in Handover.__dataclass_fields__})


def _new(conversation: str) -> Any:
    return sa.select(handovers).where(handovers.c.conversation == conversation, handovers.c.state == NEW)
