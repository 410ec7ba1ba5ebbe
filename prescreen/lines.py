"""Lines of text files: .jsonl and .txt, and what all text files share: the encoding, and lines that are not endless."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TextIO

from charset_normalizer import from_bytes

from prescreen.items import LONGEST_LINE, Item, clean, item

# What is looked at to tell the encoding, in bytes.
SAMPLE = 256 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What offices in Germany and their clients' computers write, besides UTF-8; the first that reads like text is taken.
_OLD = ["cp1252", "cp1250", "cp1251", "cp1254", "cp1256", "cp850", "mac_roman", "utf_16_le", "utf_16_be"]
_WESTERN = "äöüÄÖÜß§€éèàç„“–’"


def encoding_of(sample: bytes) -> str:
    """The encoding of a file that begins with `sample`; UTF-8 wherever that is possible."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        pass
    # German in the encoding of Windows is by far the most frequent, and short samples mislead the statistics.
    western = sample.decode("cp1252", errors="replace")
    odd = [c for c in western if ord(c) > 127]
    if odd and sum(c in _WESTERN for c in odd) > 0.9 * len(odd):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_OLD).best()
    return best.encoding if best else "cp1252"


def bounded(file: TextIO) -> Iterator[tuple[int, str | None]]:
    """The lines of `file` with their numbers from 1; None in place of a line longer than LONGEST_LINE, which is skipped."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) < LONGEST_LINE or line.endswith("\n"):
            yield number, line
            continue
        while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
            pass
        yield number, None


def jsonl(file: TextIO) -> Iterator[Item]:
    """One JSON object `{"id", "text"}` a line; blank lines are passed over, a broken one becomes an item with `error`."""
    for number, line in bounded(file):
        if line is None:
            yield Item(number, "", f"line {number} is longer than {LONGEST_LINE:,} characters")
        elif line.strip():
            yield _parsed(line, number)


def txt(file: TextIO) -> Iterator[Item]:
    """One enquiry a line; its number is the id."""
    for number, line in bounded(file):
        if line is None:
            yield Item(number, "", f"line {number} is longer than {LONGEST_LINE:,} characters")
        elif line.strip():
            yield item(number, line, f"line {number}")


def _parsed(line: str, number: int) -> Item:
    where = f"line {number}"
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Item(number, clean(line[:200]), f"{where} is not JSON: {error}")
    if not isinstance(record, dict):
        return Item(number, clean(line[:200]), f'{where} is no object with "id" and "text"')
    id = _id(record.get("id", number), number)
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        return Item(id, "", f'{where} has no "text"')
    return item(id, text, where)


def _id(given: Any, number: int) -> Any:
    """The id as it was given; the line's number for one that cannot be written again (half a character, NaN)."""
    try:
        json.dumps(given, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return number
    return given


def count(file: BinaryIO, starts: bytes = b"") -> int:
    """How many lines there are, or how many that start with `starts`; for the progress bar only."""
    total, at_start = 0, True
    while line := file.readline(LONGEST_LINE):
        if at_start and line.strip() and line.startswith(starts):
            total += 1
        at_start = line.endswith(b"\n")
    return total


def without_nul(lines: Iterable[tuple[int, str | None]]) -> Iterator[str]:
    """Lines for the csv module, which stops at NUL; an endless line becomes a blank one."""
    for _, line in lines:
        yield "\n" if line is None else line.replace("\0", " ")
