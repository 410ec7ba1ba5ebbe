"""What can be read: .jsonl, .csv, .xlsx, .txt, .eml, .mbox, a folder of those, standard input. One item at a time."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

from prescreen import lines, mail, sheets
from prescreen.items import InputError, Item

STDIN = "-"
TABLES = (".csv", ".tsv", ".xlsx")
KINDS = (".jsonl", ".ndjson", ".txt", ".eml", ".mbox", *TABLES)


def read(source: str, column: str | None = None) -> Iterator[Item]:
    """The enquiries of `source` in their order, a folder's files by name. `column` names the column of a table.

    Raises InputError, at the first step, if the source is not there or of no kind that can be read."""
    if source == STDIN:
        # JSON Lines, as the contract has it; bytes that are no UTF-8 must not stop the run.
        return lines.jsonl(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"))
    path = Path(source)
    if path.is_dir():
        return _folder(path, column)
    if not path.is_file():
        raise InputError(f"There is no file {source}.")
    return _file(path, column)


def _folder(folder: Path, column: str | None) -> Iterator[Item]:
    """All files below `folder` that can be read. A file that cannot becomes one item with `error`, and the rest goes on."""
    files = _readable(folder)
    if not files:
        raise InputError(f"In the folder {folder} is no file that can be read ({', '.join(KINDS)}).")
    return _each(folder, files, column)


def _readable(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in KINDS and path.is_file())
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _each(folder: Path, files: list[Path], column: str | None) -> Iterator[Item]:
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            for found in _file(path, column):
                id = name if path.suffix.lower() == ".eml" else f"{name}:{str(found.id).rsplit(':', 1)[-1]}"
                yield Item(id, found.text, found.error, found.attachments, found.sender, found.nearby)
        except (InputError, OSError) as error:
            yield Item(name, "", str(error))


def _file(path: Path, column: str | None) -> Iterator[Item]:
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError(f"{path.name} is of no kind that can be read: {', '.join(KINDS)}, a folder of those, or {STDIN}.")
    if column is not None and kind not in TABLES:
        raise InputError(f"--column is for tables ({', '.join(TABLES)}), and {path.name} is none.")
    if kind == ".xlsx":
        return sheets.from_xlsx(path, column)
    if kind == ".eml":
        with path.open("rb") as file:
            return iter([mail.from_eml(mail.small(file), path.name)])
    if kind == ".mbox":
        return _mbox(path)
    return _text(path, kind, column)


def _mbox(path: Path) -> Iterator[Item]:
    with path.open("rb") as file:
        yield from mail.from_mbox(file, path.name)


def _text(path: Path, kind: str, column: str | None) -> Iterator[Item]:
    file = _opened(path)
    if kind in (".csv", ".tsv"):
        # Here, not in the generator: a column that is not there is told before anything else happens.
        try:
            return _closing(file, sheets.from_csv(file, column))
        except InputError:
            file.close()
            raise
    return _closing(file, lines.txt(file) if kind == ".txt" else lines.jsonl(file))


def _opened(path: Path) -> TextIO:
    with path.open("rb") as file:
        encoding = lines.encoding_of(file.read(lines.SAMPLE))
    return path.open(encoding=encoding, errors="replace", newline="")


def _closing(file: TextIO, items: Iterator[Item]) -> Iterator[Item]:
    with closing(file):
        yield from items


def count(source: str) -> int | None:
    """About how many enquiries there are, for the remaining time; None where that cannot be told quickly."""
    path = Path(source)
    if source == STDIN:
        return None
    if path.is_dir():
        counts = [count(str(file)) for file in _readable(path)]
        return sum(number or 0 for number in counts) if None not in counts else None
    kind = path.suffix.lower()
    if kind == ".eml":
        return 1
    if kind == ".xlsx":
        return None
    with path.open("rb") as file:
        return lines.count(file, b"From " if kind == ".mbox" else b"")
