"""The knowledge of a running assistant: an edit of a data file shows within seconds, a broken edit changes nothing.

`current()` never waits for a reload: it gives the last good state while the new one is read beside it.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import threading
import time
from pathlib import Path

from knowledge import loader, prepared
from knowledge.editions import DATA
from knowledge.errors import BrokenKnowledge
from knowledge.loader import Knowledge
from knowledge.prepared import Cupboard

log = logging.getLogger("wegweiser.knowledge")

# How often the files are looked at, in seconds. Looking costs about a millisecond.
LOOK_EVERY = 1.0


class Store:
    """Holds the last good state of the data in `folder`. What is made of the long tables is kept in the folder `kept_in`,
    and in memory, so that after an edit of another file nothing of it is made again."""

    def __init__(self, folder: Path = DATA, kept_in: Path | None = None) -> None:
        self._folder = folder
        self._cupboard = Cupboard(kept_in)
        self._lock = threading.Lock()
        self._seen = self._stamp()
        self._looked = time.monotonic()
        self._knowledge = _load(folder, self._cupboard)
        self._reader: threading.Thread | None = None

    def current(self) -> Knowledge:
        """The newest sound knowledge. Starts a reload beside when a file has changed."""
        if time.monotonic() - self._looked >= LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._knowledge

    def _look(self) -> None:
        self._looked = time.monotonic()
        stamp = self._stamp()
        if stamp == self._seen or (self._reader and self._reader.is_alive()):
            return
        self._seen = stamp
        self._reader = threading.Thread(target=self._reload, name="knowledge-reload", daemon=True)
        self._reader.start()

    def _reload(self) -> None:
        try:
            self._knowledge = _load(self._folder, self._cupboard)
        except BrokenKnowledge as error:
            log.error("The edit of the knowledge was refused, the last good state goes on:\n%s", error)
        else:
            log.info("The knowledge was read again after an edit.")

    def _stamp(self) -> frozenset[tuple[str, int, int]]:
        found = []
        for root, _, names in os.walk(self._folder):
            for name in names:
                path = Path(root, name)
                try:
                    status = path.stat()
                except FileNotFoundError:  # an editor has just replaced it; the next look sees the new one
                    continue
                found.append((str(path), status.st_mtime_ns, status.st_size))
        return frozenset(found)


def _load(folder: Path, cupboard: Cupboard) -> Knowledge:
    """Read the knowledge, and take it out of the garbage collector's rounds: walking through its objects costs time in the
    middle of a message."""
    # Not while it is read either: nothing of it goes again, and looking for that takes a seventh of the time.
    looking = gc.isenabled()
    gc.disable()
    try:
        found = loader.load(folder, cupboard)
    finally:
        if looking:
            gc.enable()
    gc.collect()
    gc.freeze()
    return found


_store: Store | None = None
_first = threading.Lock()


def current() -> Knowledge:
    """The knowledge of this process, read on first use. Raises BrokenKnowledge only then."""
    global _store
    with _first:
        if _store is None:
            _store = Store(kept_in=prepared.home())
    return _store.current()


def stamp() -> str:
    """A short name for the content of the data files as they are now: equal names, equal knowledge."""
    digest = hashlib.sha256()
    for path in sorted(path for path in DATA.rglob("*") if path.is_file()):
        digest.update(path.relative_to(DATA).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
