"""Turns the `source` and `as_of` of a record into what people see: a title, an address and a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from knowledge.model import Source

_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


@dataclass(frozen=True)
class Sources:
    """`documents` id → (title, url); `hosts` host → title; `read` the month in which undated pages were read (YYYY-MM)."""

    documents: dict[str, tuple[str, str]]
    hosts: dict[str, str]
    read: str

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Sources:
        documents = {document["id"]: (document["title"], document["url"]) for document in record["documents"]}
        return cls(documents, record["hosts"], record["read"])

    def resolve(self, source: str, as_of: str | None) -> Source:
        """`source` is the id of a document or the address of a page. An undated page gets the month it was read in."""
        date = str(as_of) if as_of else f"{self.read} gelesen"
        if source in self.documents:
            title, url = self.documents[source]
            return Source(title, url, date)
        if "://" not in source:
            return Source(source, None, date)
        host = (urlsplit(source).hostname or source).removeprefix("www.")
        return Source(self.hosts.get(host, host), source, date)


def german_date(as_of: str) -> str:
    """The date as people read it; what is no date of the form YYYY-MM or YYYY-MM-DD stays as it is.

    >>> german_date("2026-07-05"), german_date("2015-2018"), german_date("2026-11 gelesen")
    ('5. Juli 2026', '2015–2018', 'gelesen im November 2026')
    """
    if as_of.endswith(" gelesen"):
        return f"gelesen im {german_date(as_of.removesuffix(' gelesen'))}"
    parts = as_of.split("-")
    if not all(part.isdigit() for part in parts):
        return as_of.replace(" or later", " oder später")
    if len(parts) == 3:
        return f"{int(parts[2])}. {_MONTHS[int(parts[1]) - 1]} {parts[0]}"
    if len(parts) == 2 and len(parts[1]) == 2 and 1 <= int(parts[1]) <= 12:
        return f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}"
    return "–".join(parts)
