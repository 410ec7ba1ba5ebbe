"""Two assistants that share PostgreSQL and Redis, as deploy/endpoints.yml sets them up, each with its own action server.

`python -m tests.faults.pair --talks 2000` lets that many people talk at once and says how it went.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from sqlalchemy.engine.url import make_url

from bot.server import Assistant, free_port
from bot.settings import ROOT, Settings
from tests.faults.people import Person, crowd, lost, stored
from tests.prescreen import postgres
from tests.stores.conftest import RedisServer

# What everybody says; each word leads to a sure answer.
WORDS = ("Ich wohne in Kiel.", "Was kostet die Anerkennung?", "Wer berät mich?")


@dataclass(frozen=True)
class Pair:
    """The two, and the stores that they share."""

    one: Assistant
    two: Assistant
    database: postgres.Server
    redis: RedisServer

    @property
    def urls(self) -> list[str]:
        return [self.one.url, self.two.url]


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Starts all of it. The key that signs sessions is in `folder`, the data folder of both."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres.running())
        locks = RedisServer(folder)
        stack.callback(locks.stop)
        parts = make_url(database.url)
        values = {
            "DB_HOST": parts.host,
            "DB_PORT": str(parts.port),
            "DB_NAME": parts.database,
            "DB_USER": parts.username,
            "DB_PASSWORD": "x",
            "REDIS_URL": locks.url,
            "DESK_DATABASE": database.url,
            "ENDPOINTS": str(ROOT / "deploy" / "endpoints.yml"),
            "DATA": str(folder),
            "ACTIONS": "server",
            # All people come from one address here.
            "RATE_LIMIT": "off",
        }
        with pytest.MonkeyPatch.context() as environment:
            for name, value in values.items():
                environment.setenv(f"WEGWEISER_{name}", str(value))
            assistants = [Assistant(Settings.read(), port=free_port()) for _ in range(2)]
        one, two = (stack.enter_context(assistant) for assistant in assistants)
        yield Pair(one, two, database, locks)


async def talk(person: Person) -> None:
    for words in WORDS:
        await person.say(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=2000)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pair(Path(folder)) as both:
        urls = both.urls[: options.processes]
        asyncio.run(crowd(20, talk, urls, over=0))
        start = time.monotonic()
        people = asyncio.run(crowd(options.talks, talk, urls, over=0))
        seconds = time.monotonic() - start
        said = [said for person in people for said in person.said]
        waited = sorted(one.seconds for one in said)
        good = sum(one.acknowledged for one in said)
        print(f"{options.processes} processes, {options.talks} talks at once, {len(said)} messages in {seconds:.1f} s:")
        print(f"{len(said) / seconds:.1f} messages/s; answered {good}; lost {len(lost(both.database.url, people))}")
        print(f"waited: median {statistics.median(waited):.2f} s, longest {waited[-1]:.2f} s")
        right = sum(person.said[-1].advice.get("land") == "DE-SH" for person in people)
        print(f"talks whose last answer still knew the Land: {right}; stored {len(stored(both.database.url))}")
        print(_kept(both))


def _kept(both: Pair) -> str:
    """What a message costs the stores, for the arithmetic of docs/SIZING.md."""
    engine = sa.create_engine(both.database.url)
    with engine.connect() as connection:
        rows, said = connection.execute(
            sa.text("SELECT count(*), count(*) FILTER (WHERE type_name = 'user') FROM events")
        ).one()
        size = connection.execute(sa.text("SELECT pg_total_relation_size('events')")).scalar_one()
        commits = connection.execute(sa.text("SELECT sum(xact_commit) FROM pg_stat_database")).scalar_one()
    engine.dispose()
    with redis.Redis.from_url(both.redis.url) as client:
        used, keys, commands = client.info("memory")["used_memory"], client.dbsize(), client.info("stats")
    return (
        f"a message in PostgreSQL: {rows / said:.1f} rows, {size / said / 1024:.1f} KiB with indexes, {commits / said:.1f} commits\n"
        f"a message in Redis: {commands['total_commands_processed'] / said:.1f} commands; now {used / 2**20:.1f} MiB, {keys} keys"
    )


if __name__ == "__main__":
    sys.exit(main())
