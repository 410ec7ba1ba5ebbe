"""Who may use the desk: users with a role and the Länder of their office, log-in with lock-out, sessions, audit log."""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.exc import IntegrityError

from prescreen.database import Database, Utc, now
from prescreen.tables import attempts, audit, sessions, users

ROLES = COUNSELLOR, ADMIN = ("counsellor", "admin")
# Stands among a user's Länder for what has no Land.
NO_LAND = "none"
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
# Wrong passwords in a row until a name (or an address, which many share behind a proxy) waits, and for how long.
FAILURES, FAILURES_OF_ADDRESS, LOCKED = 5, 50, timedelta(minutes=15)
# A session ends after this time without a page, and after a working day in any case.
IDLE, LONGEST_SESSION = timedelta(minutes=30), timedelta(hours=10)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_HASHER = PasswordHasher()
# One more try. Old ones are forgotten, and who is locked out does not make it longer by trying on. As one statement, since
# two processes may be doing it for one name.
_COUNT = sa.text(
    "INSERT INTO attempts (key, failures, last) VALUES (:key, 1, :time) ON CONFLICT (key) DO UPDATE SET "
    "failures = CASE WHEN attempts.last < :start THEN 1 ELSE attempts.failures + 1 END, "
    "last = CASE WHEN attempts.last < :start OR attempts.failures <= :limit THEN excluded.last ELSE attempts.last END"
).bindparams(sa.bindparam("time", type_=Utc), sa.bindparam("start", type_=Utc))


class BadAccount(ValueError):
    """A name, password, role or Land that cannot be; the message is for people, in German."""


@dataclass(frozen=True)
class User:
    id: int
    name: str
    role: str
    lands: frozenset[str]
    active: bool

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN

    def sees(self, land: str | None) -> bool:
        """Whether something of this Land (None = of none) is this user's business."""
        return (land or NO_LAND) in self.lands

    def manages(self, other: User) -> bool:
        """Whether this user may change `other`: an admin, within the Länder of the office."""
        return self.is_admin and other.lands <= self.lands


@dataclass(frozen=True)
class Session:
    """`csrf` must come back with each form."""

    user: User
    csrf: str


class Accounts:
    """Users and sessions in `database`. `lands` are the codes that exist."""

    def __init__(self, database: Database, lands: Iterable[str]) -> None:
        self._database = database
        self.lands = frozenset(lands) | {NO_LAND}

    def add(self, name: str, password: str, role: str, lands: Iterable[str]) -> User:
        """A new user. Raises BadAccount."""
        lands = frozenset(lands)
        if not _NAME.fullmatch(name):
            raise BadAccount("Der Name braucht 2 bis 64 Zeichen: kleine Buchstaben, Ziffern, Punkt, Strich.")
        check_password(password, name)
        self._check(role, lands)
        row = {
            "name": name,
            "password": _HASHER.hash(password),
            "role": role,
            "lands": ",".join(sorted(lands)),
            "active": True,
            "created": now(),
        }
        try:
            with self._database.write() as connection:
                connection.execute(users.insert().values(row))
        except IntegrityError as error:
            raise BadAccount(f"Den Namen „{name}“ gibt es schon.") from error
        found = self.find(name)
        assert found is not None
        return found

    def _check(self, role: str, lands: frozenset[str]) -> None:
        if role not in ROLES:
            raise BadAccount(f"Die Rolle „{role}“ gibt es nicht.")
        if not lands or not lands <= self.lands:
            raise BadAccount("Bitte wählen Sie mindestens ein Land, das es gibt.")

    def change(self, user: User, *, role: str, lands: Iterable[str], active: bool) -> None:
        """Change what a user may do; who is switched off is logged out at once. Raises BadAccount."""
        lands = frozenset(lands)
        self._check(role, lands)
        values = {"role": role, "lands": ",".join(sorted(lands)), "active": active}
        with self._database.write() as connection:
            connection.execute(users.update().where(users.c.id == user.id).values(values))
            if not active:
                connection.execute(sessions.delete().where(sessions.c.user_id == user.id))

    def set_password(self, user: User, password: str) -> None:
        """A new password; ends every session of the user. Raises BadAccount."""
        check_password(password, user.name)
        with self._database.write() as connection:
            connection.execute(users.update().where(users.c.id == user.id).values(password=_HASHER.hash(password)))
            connection.execute(sessions.delete().where(sessions.c.user_id == user.id))
            connection.execute(attempts.delete().where(attempts.c.key == _key("name", user.name)))

    def knows(self, user: User, password: str) -> bool:
        """Whether this is the password of the user."""
        with self._database.read() as connection:
            stored = connection.execute(sa.select(users.c.password).where(users.c.id == user.id)).scalar()
        return _matches(str(stored), password)

    def find(self, name: str) -> User | None:
        """The user of that name."""
        return next((user for user in self.all() if user.name == name), None)

    def all(self) -> list[User]:
        """Every user, by name."""
        with self._database.read() as connection:
            return [_user(row) for row in connection.execute(sa.select(users).order_by(users.c.name))]

    def log_in(self, name: str, password: str, address: str) -> str | None:
        """The id of a new session; None for a wrong name or password, a user switched off, or while locked out."""
        keys = {_key("name", name): FAILURES, _key("address", address): FAILURES_OF_ADDRESS}
        # Counted before the password is looked at: many tries at the same moment are as many failures.
        if not self._count(keys):
            return None
        with self._database.read() as connection:
            row = connection.execute(sa.select(users).where(users.c.name == name)).first()
        right = _matches(row.password if row else _nobody(), password)
        if row is None or not right or not row.active:
            return None
        id, time = secrets.token_urlsafe(32), now()
        session = {"digest": _digest(id), "user_id": row.id, "csrf": secrets.token_urlsafe(32), "created": time, "seen": time}
        with self._database.write() as connection:
            connection.execute(attempts.delete().where(attempts.c.key.in_(keys)))
            connection.execute(sessions.insert().values(session))
        return id

    def _count(self, keys: dict[str, int]) -> bool:
        """Count one more try for each key; whether none of them has used up its tries."""
        free, time = True, now()
        with self._database.write() as connection:
            for key, limit in keys.items():
                connection.execute(_COUNT, {"key": key, "time": time, "start": time - LOCKED, "limit": limit})
                failures = connection.execute(sa.select(attempts.c.failures).where(attempts.c.key == key)).scalar()
                free = free and failures <= limit
        return free

    def session(self, id: str) -> Session | None:
        """The session with this id, if it is alive and its user is; keeps it alive."""
        time = now()
        wanted = sa.select(sessions, users).join(users).where(sessions.c.digest == _digest(id))
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        if row is None or not row.active or time - row.seen > IDLE or time - row._mapping[sessions.c.created] > LONGEST_SESSION:
            return None
        # Once a minute is enough, and spares the database a write for every page.
        if time - row.seen > timedelta(minutes=1):
            with self._database.write() as connection:
                connection.execute(sessions.update().where(sessions.c.digest == row.digest).values(seen=time))
        return Session(_user(row), row.csrf)

    def log_out(self, id: str) -> None:
        """End a session."""
        with self._database.write() as connection:
            connection.execute(sessions.delete().where(sessions.c.digest == _digest(id)))

    def note(self, user: str, action: str, subject: str = "") -> None:
        """Write down who did what; `subject` is a name or a code, never content."""
        row = {"time": now(), "user": user[:64], "action": action, "subject": subject[:64]}
        with self._database.write() as connection:
            connection.execute(audit.insert().values(row))

    def audit(self, names: Iterable[str] | None, limit: int = 500) -> list[tuple[datetime, str, str, str]]:
        """The newest entries of these users (None = of everybody, also of names that are nobody's)."""
        wanted = sa.select(audit.c.time, audit.c.user, audit.c.action, audit.c.subject)
        if names is not None:
            wanted = wanted.where(audit.c.user.in_(list(names)))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(audit.c.id.desc()).limit(limit))
            return [(row.time, row.user, row.action, row.subject) for row in rows]


def check_password(password: str, name: str) -> None:
    """Raises BadAccount for a password that is too short, too long or the name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadAccount(f"Das Passwort braucht {SHORTEST_PASSWORD} bis {LONGEST_PASSWORD} Zeichen.")
    if name in password.lower() or len(set(password)) < 5:
        raise BadAccount("Dieses Passwort ist zu leicht zu erraten.")


@functools.cache
def _nobody() -> str:
    """Checked when there is no such user, so that the time of an answer does not tell who exists."""
    return _HASHER.hash(secrets.token_hex(16))


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password[:LONGEST_PASSWORD])
    except VerifyMismatchError:
        return False


def _user(row: Any) -> User:
    return User(row._mapping[users.c.id], row.name, row.role, frozenset(row.lands.split(",")), row.active)


def _digest(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()


def _key(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()}"
