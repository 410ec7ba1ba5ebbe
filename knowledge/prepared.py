"""What is made of the long tables and of the checked records is kept in files, so that a start need not make it again.

A file is named after what it was made of, the data and our code: after a change of either there is no such file, and it is made
anew. Written under another name first, and in a form that notices damage; where it cannot be written or read, nothing is kept.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

log = logging.getLogger("wegweiser.knowledge")

Parts = dict[str, bytes]
# Bytes before a zip, which tell whether it is whole.
_DIGEST = hashlib.sha256().digest_size
_CODE = Path(__file__).parent


def stamp(folder: Path, names: Iterable[str]) -> str:
    """A short name for the content of the files `names` of `folder`, and for the code that reads them."""
    digest = hashlib.sha256()
    for path in (*sorted(_CODE.glob("*.py")), *(folder / name for name in names)):
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.name} {len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


_home: Path | None = None


def keep_in(folder: Path) -> None:
    """The folder in which this process keeps what it prepares; to be said before the knowledge is first read."""
    global _home
    _home = folder


def home() -> Path | None:
    """The folder that `keep_in` named; None = only in memory."""
    return _home


class Cupboard:
    """Keeps parts in files of `folder`, and the last of each kind in memory; with None only there."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._last: dict[str, tuple[str, Parts]] = {}

    def find(self, kind: str, stamp: str) -> Parts | None:
        """The parts of this kind and stamp; None where they have to be made."""
        if self._last.get(kind, ("", {}))[0] == stamp:
            return self._last[kind][1]
        parts = _read(self._folder / _name(kind, stamp)) if self._folder else None
        if parts is not None:
            self._last[kind] = stamp, parts
        return parts

    def keep(self, kind: str, stamp: str, parts: Parts) -> None:
        """Keep them in place of the older ones of this kind."""
        self._last[kind] = stamp, parts
        if self._folder:
            try:
                _write(self._folder, kind, stamp, parts)
            except OSError as error:
                log.warning("The prepared knowledge is not kept, the next start takes longer: %s", error)


def _read(path: Path) -> Parts | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s cannot be read and is made again: %s", path.name, error)
        return None
    if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
        log.warning("%s is damaged and is made again.", path.name)
        return None
    with zipfile.ZipFile(io.BytesIO(content[_DIGEST:])) as file:
        return {name: file.read(name) for name in file.namelist()}


def _write(folder: Path, kind: str, stamp: str, parts: Parts) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{kind}-{stamp}.{os.getpid()}.draft"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    draft.write_bytes(hashlib.sha256(content.getvalue()).digest() + content.getvalue())
    older = [path for path in folder.glob(_name(kind, "*")) if path.name != _name(kind, stamp)]
    draft.replace(folder / _name(kind, stamp))
    for path in older:
        path.unlink(missing_ok=True)


def _name(kind: str, stamp: str) -> str:
    return f"{kind}-{stamp}.prepared"
