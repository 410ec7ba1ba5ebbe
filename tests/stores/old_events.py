"""Does a store with a million old events answer as fast as an empty one? `python -m tests.stores.old_events` measures it,
for SQLite and PostgreSQL: reading and writing of a turn, and the daily deletion."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from sqlalchemy.engine.url import make_url

from bot.settings import ROOT
from bot.stores.talks import TalkStore
from prescreen.database import now
from prescreen.talks import Talks
from tests.prescreen import postgres

# Events of one old talk, and days since it.
EVENTS, DAYS = 20, 40
_ROUNDS = 300


def fill(store: TalkStore, talks: int, first: int = 0, days: float = DAYS) -> None:
    """Put `talks` old talks of EVENTS events each into the database, named talk<number>."""
    then = time.time() - days * 86_400
    data = json.dumps({"event": "bot", "timestamp": then, "text": "Eine Antwort, so lang wie eine Antwort eben ist. " * 8})
    row = {"type_name": "bot", "timestamp": then, "data": data}
    with store.engine.begin() as connection:
        for start in range(first, first + talks, 1000):
            names = [f"talk{n}" for n in range(start, min(start + 1000, first + talks))]
            connection.execute(
                sa.insert(store.SQLEvent.__table__), [row | {"sender_id": n} for n in names for _ in range(EVENTS)]
            )


async def turns(store: TalkStore, rounds: int) -> tuple[float, float]:
    """Median and 95th of 100 of the seconds in which a turn is read and written, over talks of four turns."""
    seconds = []
    for n in range(rounds):
        sender = f"new{n // 4}"
        new: list[Event] = [ActionExecuted("action_listen"), UserUttered("Was kostet es?"), ActionExecuted("action_advise")]
        new += [SlotSet("land", "DE-SH"), BotUttered("Das kostet eine Gebühr. " * 20)]
        start = time.perf_counter()
        tracker = await store.get_or_create_tracker(sender)
        tracker.update_with_events(new, store.domain)
        await store.save(tracker)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


def measure(settings: dict[str, Any], url: str, talks: int) -> None:
    store = TalkStore(Domain.load(str(ROOT / "bot/domain.yml")), **settings)
    asyncio.run(turns(store, 20))
    empty = asyncio.run(turns(store, _ROUNDS))
    fill(store, talks)
    full = asyncio.run(turns(store, _ROUNDS))
    start = time.perf_counter()
    gone = Talks(url).delete_before(now() - timedelta(days=DAYS - 10))
    seconds = time.perf_counter() - start
    name = store.engine.dialect.name
    for what, (median, late) in (("empty", empty), (f"{talks * EVENTS} old events", full)):
        print(f"{name}, {what}: a turn is read and written in {1000 * median:.2f} ms, 95 of 100 in {1000 * late:.2f} ms")
    print(f"{name}: {gone} old events deleted in {seconds:.1f} s", flush=True)
    store.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    talks = parser.parse_args().events // EVENTS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "talks.db")
        measure({"dialect": "sqlite", "db": str(file)}, f"sqlite:///{file}", talks)
    with postgres.server() as address:
        url = make_url(address)
        server = {"host": url.host, "port": url.port, "db": url.database, "username": url.username}
        measure({"dialect": "postgresql", **server}, address, talks)


if __name__ == "__main__":
    sys.exit(main())
