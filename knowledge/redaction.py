"""Takes personal data out of a text before it is read, stored or shown. The same for chat, messengers and pre-screening.

What is replaced: e-mail addresses and accounts, telephone numbers, IBAN, dates of birth, numbers of files and papers,
streets with a house number, names behind words that introduce one. What the answer needs stays: places, postal codes,
occupations, years, sums, dates of letters and deadlines, the numbers of offices that we print ourselves.
How well it does that is measured on `tests/cases/redaction.jsonl` (docs/PRESCREEN.md has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge import names, numbers, streets

# Stands for what was found while the rest is read: no letter, no digit, no blank, so that nothing grows across it.
_MASK = "\ufffc"

_PUT_IN = re.compile(r"\[(?:E-Mail|IBAN|Datum|Nummer|Telefon|Straße|Name)\]")


@dataclass(frozen=True, order=True)
class Personal:
    """Personal data in a text: offsets, and what it is: `E-Mail`, `IBAN`, `Datum`, `Nummer`, `Telefon`, `Straße`, `Name`."""

    start: int
    end: int
    kind: str


def find(text: str) -> list[Personal]:
    """All personal data in `text`, in order, never overlapping."""
    found: list[Personal] = []
    masked = text
    for kind, search in (*numbers.SEARCHES, *streets.SEARCHES, *names.SEARCHES):
        spans = [(start, end) for start, end in search(masked) if end > start]
        found += [Personal(start, end, kind) for start, end in spans]
        for start, end in spans:
            masked = masked[:start] + _MASK * (end - start) + masked[end:]
    return sorted(found)


def redact(text: str) -> str:
    """`text` with personal data replaced by what it was, in brackets. Doing it twice changes nothing more.

    >>> redact("Ich heiße Lina Haddad, Tel. 0151 2345678")
    'Ich heiße [Name], Tel. [Telefon]'
    """
    found = find(text)
    return "".join(_pieces(text, found)) if found else text


def silent(text: str) -> str:
    """Redacted `text` with blanks for what was put in: „[Name]“ must not read as a question about names. Offsets stay.

    >>> silent("Ich heiße [Name].")
    'Ich heiße       .'
    """
    return _PUT_IN.sub(lambda match: " " * len(match.group()), text)


def _pieces(text: str, found: list[Personal]) -> Iterator[str]:
    position = 0
    for personal in found:
        yield text[position : personal.start]
        yield f"[{personal.kind}]"
        position = personal.end
    yield text[position:]
