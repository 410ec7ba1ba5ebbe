"""How many people one or two assistants answer at once, and what a message costs each part.

`python -m tests.faults.trial --talks 2000`; docs/SIZING.md reckons with its figures.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
import redis
import sqlalchemy as sa

from tests.faults.pair import Pair, pair
from tests.faults.people import Person, Said, crowd, lost, stored

# What everybody says; each word leads to a sure answer.
WORDS = ("Ich wohne in Kiel.", "Was kostet die Anerkennung?", "Wer berät mich?")


async def talk(person: Person) -> None:
    for words in WORDS:
        await person.say(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=2000)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2)
    parser.add_argument("--actions", choices=("inside", "server"), default="inside")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pair(Path(folder), options.actions) as both:
        urls = both.urls[: options.processes]
        asyncio.run(crowd(20, talk, urls, over=0))
        before, start = _processor_time(both), time.monotonic()
        people = asyncio.run(crowd(options.talks, talk, urls, over=0))
        seconds, after = time.monotonic() - start, _processor_time(both)
        said = [said for person in people for said in person.said]
        print(f"{options.processes} processes, {options.talks} talks at once, {len(said)} messages in {seconds:.1f} s:")
        _print_answers(said, seconds)
        right = sum(person.said[-1].advice.get("land") == "DE-SH" for person in people)
        print(f"lost {len(lost(both.database.url, people))}; talks whose last answer still knew the Land: {right}")
        print(f"talks stored: {len(stored(both.database.url))}")
        spent = ", ".join(f"{part} {1000 * (after[part] - before[part]) / len(said):.1f}" for part in after)
        print(f"processor time of a message in ms: {spent}")
        _print_stores(both)


def _print_answers(said: list[Said], seconds: float) -> None:
    waited = sorted(one.seconds for one in said)
    print(f"{len(said) / seconds:.1f} messages/s; answered {sum(one.acknowledged for one in said)}")
    print(f"waited: median {statistics.median(waited):.2f} s, longest {waited[-1]:.2f} s")


def _processor_time(both: Pair) -> dict[str, float]:
    """Seconds that each part has taken so far, with the processes of it that have ended."""
    assistants = [assistant.pid(name) for assistant in (both.one, both.two) for name in assistant.names]
    parts = {"assistants": assistants, "PostgreSQL": both.database.pids(), "Redis": both.redis.pids()}
    spent = {part: sum(sum(psutil.Process(pid).cpu_times()[:4]) for pid in pids) for part, pids in parts.items()}
    return spent | {"this client": time.process_time()}


def _print_stores(both: Pair) -> None:
    engine = sa.create_engine(both.database.url)
    with engine.connect() as connection:
        counts = "SELECT count(*), count(*) FILTER (WHERE type_name = 'user') FROM events"
        rows, said = connection.execute(sa.text(counts)).one()
        size = connection.execute(sa.text("SELECT pg_total_relation_size('events')")).scalar_one()
        commits = connection.execute(sa.text("SELECT sum(xact_commit) FROM pg_stat_database")).scalar_one()
    engine.dispose()
    print(f"a message in PostgreSQL: {rows / said:.1f} rows, {size / said / 1024:.1f} KiB with indexes", end=", ")
    print(f"{commits / said:.1f} commits")
    with redis.Redis.from_url(both.redis.url) as client:
        commands = client.info("stats")["total_commands_processed"]
        memory = client.info("memory")["used_memory"] / 2**20
        print(f"a message in Redis: {commands / said:.1f} commands; now {memory:.1f} MiB, {client.dbsize()} keys")


if __name__ == "__main__":
    sys.exit(main())
