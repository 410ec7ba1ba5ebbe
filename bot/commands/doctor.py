"""wegweiser doctor: is everything there that the assistant needs, and what is to be mended?"""

from __future__ import annotations

import argparse
import os
import re
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import redis
import sqlalchemy as sa

from bot import archive, model, tracker
from bot.commands.channels import CHANNELS, load
from bot.server import port_is_free
from bot.settings import ROOT, Settings
from knowledge import store
from knowledge.errors import BrokenKnowledge

# Bytes that must be free where talks are kept: some months of a busy office.
_ROOM = 1_000_000_000
# Seconds that a database or Redis gets to answer.
_LIMIT = 5
# Seconds by which the clock of a database on another machine may differ: sessions and signatures depend on it.
_APART = 30.0
# Files of the data folder that only their owner may read.
_PRIVATE = ("*.key", "*.db", "*.sqlite")
Check = Callable[[argparse.Namespace, Settings], Iterator[str]]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=5005, help="port that the assistant shall get (default: 5005)")
    parser.add_argument("--host", default="127.0.0.1", help="address that it shall get (default: 127.0.0.1)")


def run(options: argparse.Namespace) -> int:
    """Print one line a check. Returns 1 when something is to be mended."""
    settings, mend = Settings.read(), 0
    for name, check in CHECKS.items():
        found = list(check(options, settings))
        print(f"{'mend' if found else 'good'}  {name}")
        for finding in found:
            print(f"      - {finding}")
        mend += len(found)
    print(f"{mend} to mend." if mend else "Everything is good.")
    return 1 if mend else 0


def _python(_: argparse.Namespace, __: Settings) -> Iterator[str]:
    wanted = (ROOT / ".python-version").read_text(encoding="ascii").strip()
    if f"{sys.version_info.major}.{sys.version_info.minor}" != wanted:
        yield f"This is Python {sys.version.split()[0]}; Rasa needs {wanted}. Delete .venv and call ./wegweiser again."


def _packages(_: argparse.Namespace, __: Settings) -> Iterator[str]:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    # With a marker after the version a package may rightly be missing here.
    pinned = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+) \\$", lock, re.MULTILINE)
    there = {_plain(found.metadata["Name"]): found.version for found in metadata.distributions()}
    wrong = [name for name, version in pinned if there.get(_plain(name)) != version]
    if wrong:
        names = ", ".join(wrong[:5]) + (" …" if len(wrong) > 5 else "")
        yield f"{len(wrong)} packages are not as requirements.lock has them ({names}). Delete .venv and call ./wegweiser again."


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _model(_: argparse.Namespace, settings: Settings) -> Iterator[str]:
    if not model.path(settings).exists():
        yield f"There is no model for the present data in {settings.models}. Call ./wegweiser train (about a minute)."
        return
    try:
        archive.check(model.path(settings))
    except archive.ModelRefused as error:
        yield str(error)


def _knowledge(_: argparse.Namespace, __: Settings) -> Iterator[str]:
    try:
        store.current()
    except BrokenKnowledge as error:
        yield f"{error} (./wegweiser knowledge check tells every fault)"


def _folder(_: argparse.Namespace, settings: Settings) -> Iterator[str]:
    folder = settings.data
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield f"{there} cannot be written to by this user. Change its owner, or set WEGWEISER_DATA to another folder."
        return
    space = os.statvfs(there)
    if space.f_bavail * space.f_frsize < _ROOM:
        yield f"Less than 1 GB is free at {there}. Make room, or set WEGWEISER_DATA to a folder on another disk."
    if folder.exists():
        yield from _readable(folder)


def _readable(folder: Path) -> Iterator[str]:
    """The folder may be closed as a whole, or each private file of its own."""
    if not folder.stat().st_mode & (stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH):
        return
    files = [path for pattern in _PRIVATE for path in sorted(folder.glob(pattern))]
    others = [path.name for path in files if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)]
    if others:
        yield f"Other users of this machine can read {', '.join(others)}. Call chmod 700 {folder}"


def _port(options: argparse.Namespace, _: Settings) -> Iterator[str]:
    try:
        free = port_is_free(options.host, options.port)
    except (socket.gaierror, OverflowError):
        yield f"„{options.host}“, port {options.port} is no address of this machine. Choose another with --host and --port."
        return
    if not free:
        yield f"Port {options.port} is taken or not allowed. Stop what uses it (the assistant itself?), or choose another."


def _talks(_: argparse.Namespace, settings: Settings) -> Iterator[str]:
    if not settings.endpoints.is_file():
        yield f"WEGWEISER_ENDPOINTS is {settings.endpoints}, which is no file."
        return
    try:
        url = tracker.url(settings.endpoints, model.environment(settings))
    except (tracker.NoTalks, ValueError) as error:
        yield f"{settings.endpoints}: {error}"
        return
    except OSError:
        return  # the data folder, which has its own check
    yield from _database(url, "of the talks")


def _desk(_: argparse.Namespace, settings: Settings) -> Iterator[str]:
    yield from _database(settings.desk_url, "of the desk (WEGWEISER_DESK_DATABASE)")


def _database(url: str, what: str) -> Iterator[str]:
    try:
        address = sa.engine.make_url(url)
    except sa.exc.ArgumentError:
        yield f"The address of the database {what} cannot be read; it is like postgresql://user:password@host/name"
        return
    sqlite = address.get_backend_name() == "sqlite"
    if sqlite and not Path(address.database or "").exists():
        return  # made when it is first needed; the folder has its own check
    options = {"timeout": _LIMIT} if sqlite else {"connect_timeout": _LIMIT}
    try:
        engine = sa.create_engine(address, connect_args=options, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            if sqlite:
                if connection.execute(sa.text("PRAGMA quick_check(1)")).scalar() != "ok":
                    yield f"The file {address.database} {what} is damaged. Bring it back from the backup (docs/OPERATING.md)."
                return
            apart = abs(
                float(connection.execute(sa.text("SELECT extract(epoch FROM clock_timestamp())")).scalar()) - time.time()
            )
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        # Only the kind: the message of a driver may hold the password.
        kind = type(error).__name__
        where = address.database if sqlite else f"{address.host}:{address.port or 5432}"
        yield f"The database {what} at {where} does not answer ({kind}). Does it run? Are name and password right?"
        return
    if apart > _APART:
        yield f"The clocks of this machine and of the database {what} are {apart:.0f} s apart. Set both by NTP."


def _redis(_: argparse.Namespace, settings: Settings) -> Iterator[str]:
    if not settings.redis_url:
        return
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=_LIMIT, socket_connect_timeout=_LIMIT) as client:
            client.ping()
    except ValueError:
        yield "WEGWEISER_REDIS_URL cannot be read; it is like redis://:password@host:6379/0"
    except (redis.RedisError, OSError) as error:
        yield f"Redis (WEGWEISER_REDIS_URL) does not answer ({type(error).__name__}). Does it run, is the password right?"


def _clock(_: argparse.Namespace, __: Settings) -> Iterator[str]:
    # No clock is asked elsewhere: nothing leaves the machine. But the code cannot be younger than today.
    newest = max(path.stat().st_mtime for path in (ROOT / "bot").glob("*.py"))
    if time.time() < newest - 86_400:
        yield f"The clock says {time.strftime('%Y-%m-%d')}, which is before this program was written. Set it by NTP."


def _messengers(_: argparse.Namespace, __: Settings) -> Iterator[str]:
    for name in CHANNELS:
        options = load(name).options
        if options.begun and not options.on:
            missing = ", ".join(options.variable(part) for part in options.missing)
            yield f"{name} is half set up and stays off: {missing} is not set. Then call ./wegweiser channels check {name}"


# What is looked at → the check, which yields one sentence for each thing to mend.
CHECKS: dict[str, Check] = {
    "Python": _python,
    "packages": _packages,
    "model": _model,
    "knowledge": _knowledge,
    "data folder": _folder,
    "port": _port,
    "talks": _talks,
    "desk": _desk,
    "Redis": _redis,
    "clock": _clock,
    "messengers": _messengers,
}
