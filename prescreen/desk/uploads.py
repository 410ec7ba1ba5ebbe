"""Files that a counsellor has sorted on the desk: worked on beside, kept for a day, seen by nobody else."""

from __future__ import annotations

import csv
import io
import json
import logging
import secrets
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

import sqlalchemy as sa

from prescreen import readers
from prescreen.accounts import User
from prescreen.casework import NotThere
from prescreen.database import Database, now
from prescreen.desk.screening import NotReady, Screening
from prescreen.flat import harmless
from prescreen.items import InputError, Item
from prescreen.readers import KINDS
from prescreen.tables import uploads

log = logging.getLogger("wegweiser.desk")

# More is work for the command, which is made for it.
MOST = 5000
KEPT = timedelta(days=1)
# Work that was not seen for this long has ended with its server.
_DEAD = timedelta(minutes=2)
# Files of one user that are worked on at the same time.
AT_ONCE = 3
# Enquiries between two notes of how far it is.
_STEP = 50
COLUMNS = ("id", "urgent", "sure", "topic", "land", "profession", "country", "language", "missing", "contact", "text", "error")


class BadFile(ValueError):
    """A file that cannot be read; the message is for people, in German."""


@dataclass(frozen=True)
class Upload:
    """`results` is None until all is done; `broken` says that nobody works on it any more."""

    id: str
    name: str
    created: datetime
    total: int
    done: int
    broken: bool
    results: list[dict[str, Any]] | None


class Uploads:
    """The uploads in `database`."""

    def __init__(self, database: Database, screening: Screening) -> None:
        self._database = database
        self._screening = screening

    def add(self, user: User, name: str, content: bytes) -> str:
        """Begin to sort a file; returns its id. Raises BadFile."""
        items = enquiries(name, content)
        if sum(upload.done < upload.total and not upload.broken for upload in self.list(user)) >= AT_ONCE:
            raise BadFile("Bitte warten Sie, bis Ihre anderen Dateien fertig sind.")
        id, time = secrets.token_hex(16), now()
        row = {"id": id, "user_id": user.id, "name": PurePath(name).name[:255], "created": time, "seen": time}
        with self._database.write() as connection:
            connection.execute(uploads.delete().where(uploads.c.created < time - KEPT))
            connection.execute(uploads.insert().values(**row, total=len(items), done=0))
        threading.Thread(target=self._work, args=(id, items), name=f"upload-{id[:6]}", daemon=True).start()
        return id

    def _work(self, id: str, items: list[Item]) -> None:
        results = []
        try:
            for number, item in enumerate(items, start=1):
                results.append(self._screening.item(item))
                if number % _STEP == 0 and not self._write(id, done=number):
                    return
        except NotReady:
            log.warning("The model is not ready; an upload is given up.")
            return
        self._write(id, done=len(items), results=json.dumps(results, ensure_ascii=False))

    def _write(self, id: str, **values: Any) -> bool:
        """Whether it is still there; its owner may have deleted it."""
        with self._database.write() as connection:
            change = uploads.update().where(uploads.c.id == id).values(seen=now(), **values)
            return bool(connection.execute(change).rowcount)

    def list(self, user: User) -> list[Upload]:
        """The user's own, the newest first, without their results."""
        columns = [column for column in uploads.c if column.name != "results"]
        wanted = sa.select(*columns, uploads.c.results.is_not(None).label("finished"))
        wanted = wanted.where(uploads.c.user_id == user.id, uploads.c.created >= now() - KEPT)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(uploads.c.created.desc()))
            return [_upload(row, None, row.finished) for row in rows]

    def get(self, user: User, id: str) -> Upload:
        """One of the user's own. Raises NotThere, also for those of others."""
        mine = (uploads.c.id == id) & (uploads.c.user_id == user.id) & (uploads.c.created >= now() - KEPT)
        with self._database.read() as connection:
            row = connection.execute(sa.select(uploads).where(mine)).first()
        if row is None:
            raise NotThere(id)
        return _upload(row, json.loads(row.results) if row.results else None, row.results is not None)

    def delete(self, user: User, id: str) -> None:
        """Remove one of the user's own. Raises NotThere."""
        with self._database.write() as connection:
            this = (uploads.c.id == id) & (uploads.c.user_id == user.id)
            if not connection.execute(uploads.delete().where(this)).rowcount:
                raise NotThere(id)


def _upload(row: Any, results: list[dict[str, Any]] | None, finished: bool) -> Upload:
    broken = not finished and now() - row.seen > _DEAD
    return Upload(row.id, row.name, row.created, row.total, row.done, broken, results)


def enquiries(name: str, content: bytes) -> list[Item]:
    """The enquiries in a file, read as the command reads them. Raises BadFile."""
    kind = PurePath(name).suffix.lower()
    if kind not in KINDS:
        raise BadFile(f"Diese Datei kann ich nicht lesen. Möglich sind: {', '.join(KINDS)}.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"upload{kind}")
        path.write_bytes(content)
        try:
            items = list(islice(readers.read(str(path)), MOST + 1))
        except InputError as error:
            raise BadFile("Diese Datei ist beschädigt, oder eine Spalte mit dem Namen „text“ fehlt.") from error
    if not any(found.error is None for found in items):
        raise BadFile("In dieser Datei steht keine Anfrage.")
    if len(items) > MOST:
        raise BadFile(f"Die Datei hat mehr als {MOST} Anfragen. Dafür gibt es den Befehl „prescreen“.")
    return items


def chosen(results: Iterable[dict[str, Any]], topic: str, land: str, only: str) -> list[dict[str, Any]]:
    """The results that fit the filters; what is urgent stands first, then as in the file. Empty filters fit all."""
    tests = {"urgent": "urgent", "unsure": "sure", "error": "error"}
    fits = [
        result
        for result in results
        if (not topic or result["topic"] == topic)
        and (not land or land in result["lands"])
        and (only not in tests or bool(result[tests[only]]) == (only != "unsure"))
    ]
    return sorted(fits, key=lambda result: not result["urgent"])


def as_csv(results: Iterable[dict[str, Any]]) -> bytes:
    """A table for Excel: UTF-8 with its mark, semicolons, no cell that is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    for result in results:
        flat = result | {
            "profession": (result["profession"] or {}).get("name"),
            "country": (result["country"] or {}).get("iso2"),
            "missing": ", ".join(result["missing"]),
            "contact": result["contacts"][0]["name"] if result["contacts"] else "",
        }
        writer.writerow([harmless(flat[column]) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")
