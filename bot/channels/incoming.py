"""What comes in from a messenger, in one form for all of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import Enum


class Forbidden(Exception):
    """A request that the platform did not send; the message says why, for the log."""


class Kind(str, Enum):
    """What a person did."""

    TEXT = "text"
    CHOICE = "choice"  # pressed a button; `text` is its id
    START = "start"  # opened the talk
    UNREADABLE = "unreadable"  # voice, photo, sticker, location …
    TOO_LONG = "too_long"
    ENCRYPTED = "encrypted"  # we have no key for it
    GROUP = "group"  # said where others read along


@dataclass(frozen=True)
class Incoming:
    """One thing that one person did. All ids are the platform's own, as text.

    `id` names the event, so that a redelivery is known; `sender` is whose talk it is; `to` is where the answer goes;
    `receipt` is what the platform wants confirmed (Telegram's callback query), or empty.
    """

    id: str
    sender: str
    to: str
    kind: Kind = Kind.TEXT
    text: str = ""
    receipt: str = ""

    def __post_init__(self) -> None:
        """Raises TypeError for what is no text, ValueError for an id that no file could hold (half a character)."""
        if not all(isinstance(value, str) for value in (self.id, self.sender, self.to, self.text, self.receipt)):
            raise TypeError("ids and text are text")
        "".join((self.id, self.sender, self.to, self.receipt)).encode()

    def dump(self) -> str:
        """As JSON, for the journal."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Incoming:
        """From what `dump` gave."""
        values = json.loads(text)
        return cls(**{**values, "kind": Kind(values["kind"])})
