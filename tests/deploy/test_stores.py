"""The assistant with the endpoints of deploy/: a real PostgreSQL and a real Redis, and two Rasa processes that share them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from sqlalchemy.engine.url import make_url

from bot.server import Assistant, free_port
from bot.settings import ROOT, Settings
from tests.dialogues.talk import Talk
from tests.prescreen import postgres
from tests.stores.conftest import RedisServer, redis_server

pytestmark = pytest.mark.assistant
__all__ = ["redis_server"]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres.server() as url:
        yield url


def test_a_talk_goes_on_in_the_other_process(
    database: str, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = make_url(database)
    values = {
        "DB_HOST": parts.host,
        "DB_PORT": str(parts.port),
        "DB_NAME": parts.database,
        "DB_USER": parts.username,
        "DB_PASSWORD": "x",
        "REDIS_URL": redis_server.url,
        "DESK_DATABASE": database,
        "ENDPOINTS": str(ROOT / "deploy" / "endpoints.yml"),
        "DATA": str(tmp_path_factory.mktemp("shared")),
    }
    for name, value in values.items():
        monkeypatch.setenv(f"WEGWEISER_{name}", str(value))
    with ExitStack() as both:
        one, two = (both.enter_context(Assistant(Settings.read(), port=free_port())) for _ in range(2))
        talk = Talk(one.url)
        talk.say("Ich wohne in Erlangen.")
        talk._url = f"{two.url}/webhooks/website"
        assert "landesnetzwerk-by" in talk.say("Wer berät mich zur Anerkennung?").contacts
    with sa.create_engine(database).connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM events WHERE type_name = 'user'")).scalar() == 2
