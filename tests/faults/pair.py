"""Two assistants that share PostgreSQL and Redis, as deploy/endpoints.yml sets them up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine.url import make_url

from bot.server import Assistant, free_port
from bot.settings import ROOT, Settings
from tests.prescreen import postgres
from tests.stores.conftest import RedisServer


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
def pair(folder: Path, actions: str = "server") -> Iterator[Pair]:
    """Starts all of it, with the setting `actions`. The key that signs sessions is in `folder`, the data folder of both."""
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
            "ACTIONS": actions,
            # All people come from one address here.
            "RATE_LIMIT": "off",
        }
        with pytest.MonkeyPatch.context() as environment:
            for name, value in values.items():
                environment.setenv(f"WEGWEISER_{name}", str(value))
            assistants = [Assistant(Settings.read(), port=free_port()) for _ in range(2)]
        one, two = (stack.enter_context(assistant) for assistant in assistants)
        yield Pair(one, two, database, locks)
