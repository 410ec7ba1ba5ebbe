"""Handovers as counsellors work on them: each sees those of the office's Länder, takes one, writes notes, ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from prescreen.accounts import NO_LAND, User
from prescreen.database import Database, now
from prescreen.handovers import DONE, NEW, TAKEN, Handover, read
from prescreen.tables import handovers, notes

LONGEST_NOTE = 5000
# From → to: what a counsellor may do with a handover. Who has taken it, or an admin, may end it or give it back.
_MOVES = {(NEW, TAKEN), (TAKEN, DONE), (TAKEN, NEW), (DONE, TAKEN)}


class NotThere(LookupError):
    """There is no such handover, or it is none of this user's business; the two are not told apart."""


class NotNow(Exception):
    """It is in a state in which this cannot be done; often somebody else was quicker."""


@dataclass(frozen=True)
class Note:
    time: datetime
    user: str
    text: str


class Casework:
    """`shown(land, topic)` says which handovers the rules send to the desk."""

    def __init__(self, database: Database, shown: Callable[[str | None, str | None], bool]) -> None:
        self._database = database
        self._shown = shown

    def handovers(self, user: User, state: str | None = None) -> list[Handover]:
        """The handovers that are the user's business, the oldest first, those that are done last."""
        wanted = sa.select(handovers).where(_business(user)).order_by(handovers.c.state == DONE, handovers.c.created)
        if state is not None:
            wanted = wanted.where(handovers.c.state == state)
        with self._database.read() as connection:
            found = [read(row) for row in connection.execute(wanted)]
        return [handover for handover in found if self._shown(handover.land, handover.topic)]

    def get(self, user: User, code: str) -> Handover:
        """One handover. Raises NotThere."""
        with self._database.read() as connection:
            return read(self._row(connection, user, code))

    def notes(self, user: User, code: str) -> list[Note]:
        """Its notes, the oldest first. Raises NotThere."""
        with self._database.read() as connection:
            row = self._row(connection, user, code)
            rows = connection.execute(sa.select(notes).where(notes.c.handover_id == row.id).order_by(notes.c.id))
            return [Note(note.time, note.user, note.text) for note in rows]

    def add_note(self, user: User, code: str, text: str) -> None:
        """Write a note. Raises NotThere, ValueError for a blank or endless one."""
        text = text.strip()
        if not 0 < len(text) <= LONGEST_NOTE:
            raise ValueError(f"a note has 1 to {LONGEST_NOTE} characters")
        with self._database.write() as connection:
            row = self._row(connection, user, code)
            note = {"handover_id": row.id, "time": now(), "user": user.name, "text": text}
            connection.execute(notes.insert().values(note))

    def move(self, user: User, code: str, state: str) -> None:
        """Take, end, give back or reopen it. Raises NotThere, NotNow."""
        with self._database.write() as connection:
            row = self._row(connection, user, code, lock=True)
            other = row.state == TAKEN and row.taken_by != user.name
            if (row.state, state) not in _MOVES or (other and not user.is_admin) or not self._free(connection, row, state):
                raise NotNow
            values: dict[str, Any] = {"state": state, "done": now() if state == DONE else None}
            if state != DONE:
                values["taken_by"] = user.name if state == TAKEN else None
            connection.execute(handovers.update().where(handovers.c.id == row.id).values(values))

    def _free(self, connection: Any, row: Any, state: str) -> bool:
        """Whether it may be new again: not when the person has opened another one meanwhile."""
        same = (handovers.c.conversation == row.conversation) & (handovers.c.state == NEW)
        return state != NEW or connection.execute(sa.select(handovers.c.id).where(same)).first() is None

    def _row(self, connection: Any, user: User, code: str, lock: bool = False) -> Any:
        wanted = sa.select(handovers).where(handovers.c.code == code, _business(user))
        row = connection.execute(wanted.with_for_update() if lock else wanted).first()
        if row is None or not self._shown(row.land, row.topic):
            raise NotThere(code)
        return row


def _business(user: User) -> Any:
    """Only what the person has finished, of the user's Länder."""
    lands = handovers.c.land.in_(sorted(user.lands - {NO_LAND}))
    return handovers.c.ready.is_not(None) & (sa.or_(lands, handovers.c.land.is_(None)) if NO_LAND in user.lands else lands)
