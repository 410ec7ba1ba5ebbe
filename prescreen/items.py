"""An enquiry as it came in, before anything was understood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

# Longest text that is read, in characters: a long letter has 6,000. What is beyond is cut off, and marked.
LONGEST = 12_000
CUT = " […]"
# Longest line or cell that is taken into memory, in characters (bytes in a mailbox); longer ones are reported as broken.
LONGEST_LINE = 1_000_000
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")


class InputError(Exception):
    """The input as a whole cannot be read: a wrong call. The message says what is wrong and what to do."""


@dataclass(frozen=True)
class Item:
    """One enquiry. `error` says why it could not be read, or None. From a mail: `attachments` are the names of its files,
    `sender` the words of the sender's name, `nearby` lines of the signature with a postal code, which tell where it is from."""

    id: Any
    text: str
    error: str | None = None
    attachments: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    nearby: str = ""


def clean(text: str) -> str:
    """`text` without control characters, in composed letters, with plain line ends, at most LONGEST characters."""
    text = unicodedata.normalize("NFC", _BREAKS.sub("\n", text[: 2 * LONGEST]))
    text = "".join(c if c.isprintable() or c in "\n\u200c\u200d" else " " for c in text)
    text = _BLANK_LINES.sub("\n\n", text).strip()
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + CUT


def item(id: Any, text: object, where: str, **more: Any) -> Item:
    """The enquiry `id` with `text`, or the error that it has none. `where` names its place in the input, for people."""
    if not isinstance(text, str) or not text.strip():
        return Item(id, "", f"{where} has no text", **more)
    cleaned = clean(text)
    if not cleaned:
        return Item(id, "", f"{where} has no readable text", **more)
    return Item(id, cleaned, None, **more)
