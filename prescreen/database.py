"""The database of the desk: SQLite by default, PostgreSQL by setting; used by several processes at once."""

from __future__ import annotations

import sqlite3
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# Seconds that a writer waits for another process. Every transaction of ours is done in milliseconds.
BUSY = 15
# Names the lock that processes starting together queue for before they migrate; any number does.
_MIGRATION_LOCK = 7_340_211


class Utc(sa.types.TypeDecorator):
    """A point in time. Always aware and in UTC in Python; SQLite keeps no zone, so it is put back when read."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(timezone.utc)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(timezone.utc)


class Database:
    """Opened at `url` (SQLAlchemy's form) and brought to the newest form of the tables."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() == "sqlite":
            self._engine = _sqlite(self.url)
        else:
            self._engine = sa.create_engine(self.url, future=True, pool_pre_ping=True, pool_size=2, max_overflow=8)
        self._reader = self._engine.execution_options(wegweiser_reads=True)
        self._migrate()

    def write(self) -> Any:
        """A context manager with a connection in a transaction that no other writer enters (SQLite) or that locks rows."""
        return self._engine.begin()

    def read(self) -> Any:
        """A context manager with a connection that sees one state of the tables and holds up nobody."""
        return self._reader.connect()

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _migrate(self) -> None:
        newest = max(path.stem[1:].split("_")[0] for path in (MIGRATIONS / "versions").glob("m*.py"))
        with self.read() as connection:
            if _version(connection) == newest:
                return
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    """Bring the tables to the newest form, inside the transaction of `connection`."""
    # Only here: it takes a fifth of a second, and there is almost never anything to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    """The form that the tables have, as Alembic notes it; None for a new database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _sqlite(url: Any) -> Engine:
    if url.database:
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Readable by the owner alone: it holds what people told us.
        path.touch(mode=0o600, exist_ok=True)
    engine = sa.create_engine(url, future=True, connect_args={"timeout": BUSY})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    """Python's own way of opening transactions comes too late to keep two writers apart, so we open them."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    _write_ahead(connection)
    # What is deleted is overwritten, not only forgotten.
    connection.execute("PRAGMA secure_delete = ON")


def _write_ahead(connection: Any) -> None:
    """Readers and the one writer do not wait for each other then. Of several that open a new file at once, SQLite tells all
    but one that it is locked, without waiting as it does elsewhere."""
    end = time.monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get("wegweiser_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
