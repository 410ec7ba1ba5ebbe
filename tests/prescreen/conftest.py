"""Databases for the tests of the desk: a SQLite file a test, one PostgreSQL for all of them, emptied each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from prescreen import accounts
from tests.prescreen import postgres
from tests.prescreen.tracker import Tracker


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.assistant)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite'}"
    address = str(request.getfixturevalue("postgres_server"))
    engine = sa.create_engine(address, future=True)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return address


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real argon2, with little work: its work is for those who try to break it."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[Tracker]:
    """An empty tracker store."""
    made = Tracker(tmp_path / "talks.db")
    yield made
    made.close()
