"""Tables: .csv with any encoding and separator, and .xlsx. Finds the column with the enquiries, or takes the named one."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from knowledge.text import key
from prescreen.items import LONGEST_LINE, InputError, Item, item
from prescreen.lines import bounded, without_nul

# Folded beginnings of headings, the most telling first.
_TEXTS = (
    *("text", "nachricht", "anfrage", "frage", "anliegen", "message", "mitteilung", "inhalt", "body", "enquiry", "inquiry"),
    *("question", "beschreibung", "freitext", "kommentar", "comment", "description", "betreff", "subject"),
)
_IDS = ("id", "nr", "nummer", "no", "number", "ticket", "vorgang", "lfd", "laufende")
# Rows that are looked at to find the column; separators that are tried.
_LOOKED_AT = 50
_SEPARATORS = ";,\t|"
_NONE = "\x1f"
# An Excel file may unpack to at most so many bytes, and to so many times its size once it is large: else it is a bomb.
_LARGEST, _LARGE, _RATIO = 1_000_000_000, 50_000_000, 150

# What a damaged book ends in. openpyxl reads some parts with lxml and others with the library of Python; zipfile has errors of
# its own, of the system (a place before the file's beginning) and of the packer, and one for what is marked as encrypted.
_DAMAGED = (
    *(InvalidFileException, ParseError, etree.LxmlError, zipfile.BadZipFile, zlib.error),
    *(EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError),
)

Row = Sequence[Any]
csv.field_size_limit(LONGEST_LINE)


def from_csv(file: TextIO, column: str | None) -> Iterator[Item]:
    """The enquiries of a CSV file that is open at its beginning. Raises InputError if `column` is not there."""
    sample = file.read(64 * 1024)
    file.seek(0)
    # Only whole lines tell the separator; delimiters inside a cut-off cell mislead.
    separator = _separator(sample.rsplit("\n", 1)[0] if "\n" in sample else sample)
    reader = csv.reader(without_nul(bounded(file)), delimiter=separator)
    return _enquiries(_csv_rows(reader), column)


def _separator(sample: str) -> str:
    """The separator of a table; _NONE where it has one column only, whose texts may well have commas in them."""
    first = sample.lstrip("\ufeff").split("\n", 1)[0]
    if not any(c in first for c in _SEPARATORS):
        return _NONE
    try:
        found = csv.Sniffer().sniff(sample[:20_000], _SEPARATORS).delimiter
    except csv.Error:
        found = ""
    if found not in first or found not in _SEPARATORS or not found:
        found = max(_SEPARATORS, key=first.count)
    # Without a heading, commas of plain sentences: a table has the same number of cells in its rows.
    counts = {line.count(found) for line in sample.split("\n")[:20] if line.strip()}
    return _NONE if found == "," and '"' not in sample and len(counts) > 2 else found


def _csv_rows(reader: Any) -> Iterator[Row | str]:
    """Rows; the error in place of one that cannot be read."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"it cannot be read: {error}"


def from_xlsx(path: Path, column: str | None) -> Iterator[Item]:
    """The enquiries of the first sheet that has any. Raises InputError for what is no Excel file, or one that is a bomb."""
    _refuse_bombs(path)
    file = path.open("rb")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise InputError(f"{path.name} has no sheet")
        return _closing(file, _enquiries(_xlsx_rows(book.worksheets[0]), column))
    except _DAMAGED as error:
        file.close()
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path.name} cannot be read as an Excel file: {reason}") from error
    except InputError:
        file.close()
        raise


def _closing(file: BinaryIO, items: Iterator[Item]) -> Iterator[Item]:
    with file:
        yield from items


def _xlsx_rows(sheet: Any) -> Iterator[Row | str]:
    # A sheet may claim a million columns; what is there counts.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    while True:
        try:
            yield ["" if cell is None else str(cell) for cell in next(rows)]
        except StopIteration:
            return
        except _DAMAGED as error:
            # The parser cannot go on behind a fault; what came before is kept.
            yield f"the sheet is broken from here on: {error}"
            return


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{path.name} cannot be read as an Excel file: {error}") from error
    if size > _LARGEST or (size > _LARGE and size > _RATIO * path.stat().st_size):
        raise InputError(f"{path.name} would unpack to {size / 1e6:,.0f} MB; such a file is refused. Save it as CSV.")


def _enquiries(rows: Iterator[Row | str], column: str | None) -> Iterator[Item]:
    first: list[Row | str] = []
    for row in rows:
        first.append(row)
        if len(first) == _LOOKED_AT:
            break
    return _items(first, rows, *_columns(first, column))


def _columns(first: list[Row | str], column: str | None) -> tuple[int, int | None, bool]:
    """The number of the column with the text, of that with the id or None, and whether the first row is a heading."""
    sound = [row for row in first if not isinstance(row, str) and any(str(cell).strip() for cell in row)]
    if not sound:
        return 0, None, False
    head = [" ".join(key(str(cell))) for cell in sound[0]]
    ids = next((i for name in _IDS for i, cell in enumerate(head) if cell.split(" ")[0] == name), None)
    if column is not None:
        return _named(column, head, sound[0]), ids, " ".join(key(column)) in head or ids is not None
    for name in _TEXTS:
        for i, cell in enumerate(head):
            if cell.startswith(name) and len(cell) < 40:
                return i, ids, True
    longest = max(range(max(map(len, sound))), key=lambda i: sum(len(str(row[i])) for row in sound if i < len(row)))
    headed = ids is not None or (longest < len(head) and len(sound) > 1 and len(head[longest].split()) == 1)
    return longest, ids if headed else None, headed


def _named(column: str, head: list[str], row: Row) -> int:
    wanted = " ".join(key(column))
    if wanted in head:
        return head.index(wanted)
    if column.isdigit() and 1 <= int(column) <= len(head):
        return int(column) - 1
    columns = ", ".join(f"„{cell}“" for cell in row)
    raise InputError(f"There is no column „{column}“; there are {columns} (a number counts from 1).")


def _items(first: list[Row | str], rest: Iterator[Row | str], text: int, id: int | None, headed: bool) -> Iterator[Item]:
    number = 0
    for rows in (first, rest):
        for row in rows:
            number += 1
            if isinstance(row, str):
                yield Item(number, "", f"row {number}: {row}")
                continue
            if headed or not any(str(cell).strip() for cell in row):
                headed = headed and not any(str(cell).strip() for cell in row)
                continue
            named = row[id] if id is not None and id < len(row) and str(row[id]).strip() else number
            yield item(named, row[text] if text < len(row) else "", f"row {number}")
