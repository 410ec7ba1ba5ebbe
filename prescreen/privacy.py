"""Rights of the person behind a talk, over every store: what is kept, deleting it, and deleting what is old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from prescreen.database import now
from prescreen.handovers import CODE_LENGTH, DONE, Handovers, digest
from prescreen.tables import attempts, audit, deliveries, handovers, labels, notes, sessions, uploads
from prescreen.talks import Talks

# How long it is kept who did what.
_AUDIT = timedelta(days=365)


@dataclass(frozen=True)
class Report:
    """How many records went, by kind."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Privacy:
    """Talks and handovers together."""

    def __init__(self, handovers: Handovers, talks: Talks) -> None:
        self._handovers = handovers
        self._talks = talks

    def conversation(self, code: str) -> str | None:
        """The id of a talk: that of a handover's code, or the id itself where a talk has it."""
        if len("".join(code.split())) == CODE_LENGTH and (found := self._handovers.conversation(code)):
            return found
        return code if self._talks.export(code) or self._handovers.of(code) else None

    def export(self, conversation: str) -> dict[str, Any]:
        """Everything that is kept of a talk, for the person; as it is stored."""
        stored = self._handovers.of(conversation)
        return {
            "conversation": conversation,
            "events": self._talks.export(conversation),
            "handovers": [{name: _plain(value) for name, value in vars(handover).items()} for handover in stored],
            "notes": self._notes(conversation),
            "deliveries": self._deliveries([handover.code for handover in stored]),
            "labels": self._labels(conversation),
        }

    def delete(self, conversation: str, reason: str = "request") -> Report:
        """Remove everything of a talk and have it removed where it was sent to. Leaves a proof without content."""
        sent = self._sent([handover.code for handover in self._handovers.of(conversation)])
        events = self._talks.delete(conversation)
        gone = self._handovers.delete(conversation, reason, more=events)
        return Report({"events": events, "handovers": gone, "receivers told": sent})

    def retain(self, days: int) -> Report:
        """Remove what is old: what was said `days` ago, handovers done (or never finished by the person) for as long."""
        limit = now() - timedelta(days=days)
        counts = {"events": self._talks.delete_before(limit), "handovers": 0}
        database = self._handovers.database
        old = sa.or_(
            (handovers.c.state == DONE) & (handovers.c.done < limit),
            handovers.c.ready.is_(None) & (handovers.c.created < limit),
        )
        with database.read() as connection:
            codes = connection.execute(sa.select(handovers.c.code).where(old)).scalars().all()
        for code in codes:
            counts["handovers"] += self._handovers.delete_one(code, "retention")
        with database.write() as connection:
            settled = (deliveries.c.state == "sent") & (deliveries.c.kind == "retract") & (deliveries.c.created < limit)
            day = now() - timedelta(days=1)
            for name, statement in (
                ("deliveries", deliveries.delete().where(settled)),
                ("labels", labels.delete().where(labels.c.time < limit)),
                ("audit", audit.delete().where(audit.c.time < now() - _AUDIT)),
                ("uploads", uploads.delete().where(uploads.c.created < day)),
                ("sessions", sessions.delete().where(sessions.c.created < day)),
                ("failed log-ins", attempts.delete().where(attempts.c.last < day)),
            ):
                counts[name] = connection.execute(statement).rowcount
        return Report(counts)

    def _notes(self, conversation: str) -> list[dict[str, Any]]:
        wanted = sa.select(notes.c.time, notes.c.text).join(handovers).where(handovers.c.conversation == conversation)
        with self._handovers.database.read() as connection:
            return [{"time": row.time.isoformat(), "text": row.text} for row in connection.execute(wanted)]

    def _labels(self, conversation: str) -> list[dict[str, Any]]:
        wanted = sa.select(labels.c.text, labels.c.topic).where(labels.c.talk == digest(conversation))
        with self._handovers.database.read() as connection:
            return [dict(row._mapping) for row in connection.execute(wanted)]

    def _deliveries(self, codes: list[str]) -> list[dict[str, Any]]:
        columns = (deliveries.c.code, deliveries.c.way, deliveries.c.kind, deliveries.c.state)
        with self._handovers.database.read() as connection:
            return [dict(row._mapping) for row in connection.execute(sa.select(*columns).where(deliveries.c.code.in_(codes)))]

    def _sent(self, codes: list[str]) -> int:
        """How many receivers have it, or may have."""
        return len([d for d in self._deliveries(codes) if d["kind"] == "send" and d["state"] != "waiting"])


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
