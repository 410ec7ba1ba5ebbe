"""The outbox: makes out the deliveries of each handover, tries them with growing pauses, keeps those that failed for good."""

from __future__ import annotations

import logging
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from prescreen.database import Database, now
from prescreen.delivery.message import DeliveryFailed
from prescreen.delivery.rules import Rules
from prescreen.handovers import DONE, NEW, Handover, read
from prescreen.tables import deliveries, handovers

log = logging.getLogger("wegweiser.delivery")

# Pauses between tries: a short breakdown costs minutes, a long one is bridged for two days. Then a person must look.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 960, 1440))
# A try is over by then in any case (each way has its own, shorter, time-outs); only after it may another begin.
LEASE = timedelta(minutes=3)
# Seconds between two looks for something to do.
_LOOK = 2.0


@dataclass(frozen=True)
class Delivery:
    """`kind` is send or retract, `state` waiting, sent or dead."""

    id: str
    code: str
    land: str | None
    way: str
    kind: str
    state: str
    tries: int
    due: datetime
    error: str
    created: datetime


class Outbox:
    """Works off the deliveries of `database` by `rules`; several processes may do so at once."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until `stop` is called."""
        while not self._stop.wait(_LOOK):
            try:
                self.work()
            except sa.exc.SQLAlchemyError:
                log.exception("The database of the desk does not answer; deliveries wait.")

    def stop(self) -> None:
        """End `run`."""
        self._stop.set()

    def work(self) -> int:
        """Make out what is new and try everything that is due. Returns how many were tried."""
        self._route()
        tried = 0
        while not self._stop.is_set() and self._try_one():
            tried += 1
        return tried

    def _route(self) -> None:
        """Only what a person has agreed to and finished (`ready`) gets deliveries."""
        time = now()
        wanted = sa.select(handovers).where(handovers.c.ready.is_not(None), handovers.c.routed.is_(None))
        with self._database.write() as connection:
            for row in connection.execute(wanted.with_for_update(skip_locked=True)).all():
                connection.execute(handovers.update().where(handovers.c.id == row.id).values(routed=time))
                for way in self._rules.outside(row.land, row.topic):
                    values = {"id": secrets.token_hex(16), "handover_id": row.id, "code": row.code, "land": row.land}
                    values |= {"way": way, "kind": "send", "state": "waiting", "tries": 0, "error": ""}
                    connection.execute(deliveries.insert().values(**values, due=time, created=time))

    def _try_one(self) -> bool:
        taken = self._take()
        if taken is None:
            return False
        row, handover = taken
        way = self._rules.ways.get(row.way)
        try:
            if way is None:
                raise DeliveryFailed("this way is no longer in the rules", final=True)
            if row.kind == "retract":
                way.retract(row.id + "-delete", row.code, row.reference or "")
                reference = row.reference
            elif handover is None or not handover.consent.strip() or handover.ready is None:
                raise DeliveryFailed("there is no consent", final=True)
            else:
                reference = way.send(row.id, handover)
        except DeliveryFailed as failure:
            log.warning("Delivery %s by %s failed: %s", row.code, row.way, failure)
            self._failed(row, failure)
        else:
            self._sent(row, reference, handover)
        return True

    def _take(self) -> tuple[Any, Handover | None] | None:
        """One delivery that is due, ours until its lease ends, with the handover as it is now."""
        time = now()
        due = (deliveries.c.state == "waiting") & (deliveries.c.due <= time)
        wanted = sa.select(deliveries).where(due).order_by(deliveries.c.due).limit(1).with_for_update(skip_locked=True)
        with self._database.write() as connection:
            row = connection.execute(wanted).first()
            if row is None:
                return None
            mine = {"tries": row.tries + 1, "due": time + LEASE}
            connection.execute(deliveries.update().where(deliveries.c.id == row.id).values(mine))
            handover = connection.execute(sa.select(handovers).where(handovers.c.id == row.handover_id)).first()
            return row, read(handover) if handover else None

    def _failed(self, row: Any, failure: DeliveryFailed) -> None:
        tries = row.tries + 1
        if failure.final or tries > len(PAUSES):
            values: dict[str, Any] = {"state": "dead"}
        else:
            values = {"due": now() + PAUSES[tries - 1]}
        self._settle(row, values | {"error": str(failure)[:200]}, None)

    def _sent(self, row: Any, reference: str | None, handover: Handover | None) -> None:
        self._settle(row, {"state": "sent", "error": "", "reference": reference, "due": now()}, reference)
        if handover and not self._rules.on_desk(handover.land, handover.topic):
            # Nobody ends it here, so that it is done for us; without that it would be kept for ever.
            with self._database.write() as connection:
                this = (handovers.c.id == row.handover_id) & (handovers.c.state == NEW)
                connection.execute(handovers.update().where(this).values(state=DONE, done=now()))

    def _settle(self, row: Any, values: dict[str, Any], reference: str | None) -> None:
        """Write down how the try ended. Where the person deleted meanwhile, only what deleting needs is written."""
        this = deliveries.c.id == row.id
        with self._database.write() as connection:
            done = connection.execute(deliveries.update().where(this & (deliveries.c.kind == row.kind)).values(values))
            if not done.rowcount:
                connection.execute(deliveries.update().where(this).values(reference=reference, due=now()))

    def list(self, state: str) -> list[Delivery]:
        """The deliveries in this state, the oldest first."""
        wanted = sa.select(deliveries).where(deliveries.c.state == state).order_by(deliveries.c.created).limit(500)
        with self._database.read() as connection:
            return [_delivery(row) for row in connection.execute(wanted)]

    def again(self, id: str) -> bool:
        """Try a dead delivery anew. Whether there was one."""
        # Not 0: what was tried once may have reached the other side, and must be deleted there if the person wishes it.
        values = {"state": "waiting", "tries": 1, "due": now(), "error": ""}
        this = (deliveries.c.id == id) & (deliveries.c.state == "dead")
        with self._database.write() as connection:
            return bool(connection.execute(deliveries.update().where(this).values(values)).rowcount)


def _delivery(row: Any) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__dataclass_fields__})
