"""The journal of a run → the file that was asked for. Written beside, then renamed: nobody ever sees half a file."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from knowledge.loader import Knowledge
from prescreen import flat, report
from prescreen.items import InputError
from prescreen.journal import results
from prescreen.summary import Summary

FORMATS = ("jsonl", "csv", "xlsx", "html")
# What one sheet of Excel can hold, with its heading.
_MOST_ROWS = 1_048_575
_WIDTHS = {
    "id": 14,
    "text": 60,
    "answer": 60,
    "draft": 60,
    "ask_back": 40,
    "contacts": 40,
    "contact": 34,
    "urgency_reasons": 34,
}


def write(format: str, part: Path, output: Path, knowledge: Knowledge) -> None:
    """The results in `part` as `output`. For .jsonl the journal itself becomes the output."""
    if format == "jsonl":
        part.replace(output)
        return
    draft = output.with_name(f"{output.name}.writing")
    _WRITERS[format](part, draft, knowledge)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(output)


def _csv(part: Path, path: Path, knowledge: Knowledge) -> None:
    """For Excel as it is set up in Germany: with a mark of UTF-8, semicolons, Windows line ends."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(flat.COLUMNS)
        writer.writerows(flat.row(result, knowledge) for result in results(part))


def _xlsx(part: Path, path: Path, knowledge: Knowledge) -> None:
    book = Workbook(write_only=True)
    summary = Summary()
    # The first sheet is what counsellors work in; the summary can only be written when all rows are.
    sheet = book.create_sheet("Anfragen")
    sheet.freeze_panes = "B2"
    for i, name in enumerate(flat.COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = _WIDTHS.get(name, 16)
    sheet.append([_cell(sheet, name, bold=True) for name in flat.COLUMNS])
    for result in results(part):
        summary.add(result)
        if summary.total > _MOST_ROWS:
            raise InputError(f"An Excel sheet holds {_MOST_ROWS:,} enquiries; choose --format csv or jsonl.")
        sheet.append([_cell(sheet, cell) for cell in flat.row(result, knowledge)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(flat.COLUMNS))}{summary.total + 1}"
    counts = book.create_sheet("Übersicht")
    counts.column_dimensions["A"].width, counts.column_dimensions["B"].width = 44, 12
    for name, count in _overview(summary, knowledge):
        counts.append([_cell(counts, name, bold=count is None), count])
    book.save(path)


def _cell(sheet: Any, value: object, bold: bool = False) -> Any:
    """Numbers and truth values as they are; text as a cell that says it is text, whatever it begins with."""
    if isinstance(value, (bool, int, float)) and not bold:
        return value
    if not bold and (not value or not str(value).startswith("=")):
        # Plain strings are much faster than cells; openpyxl takes only „=“ for a formula.
        return value
    cell = WriteOnlyCell(sheet, value=str(value))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
    return cell


def _overview(summary: Summary, knowledge: Knowledge) -> Iterator[tuple[str, int | None]]:
    """Lines of the summary: a heading with None, else a name and a count."""
    for heading, rows in report.tables(summary, knowledge):
        yield heading, None
        yield from rows


def _html(part: Path, path: Path, knowledge: Knowledge) -> None:
    summary = Summary.of(results(part))
    with path.open("w", encoding="utf-8") as file:
        file.writelines(report.pieces(summary, lambda: results(part), knowledge))


_WRITERS: dict[str, Callable[[Path, Path, Knowledge], None]] = {"csv": _csv, "xlsx": _xlsx, "html": _html}
