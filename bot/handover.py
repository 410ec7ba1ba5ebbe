"""The one place where a way to reach the person is kept: when they agreed to a handover and were asked for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from prescreen.handovers import Handovers

# What redaction puts in place of a way to reach somebody.
_SIGNS = ("[E-Mail]", "[Telefon]")
# A number, an address, and when to call; more is no contact.
LONGEST = 200


def keep_contact(conversation: str, raw: str, redacted: str) -> None:
    """Store `raw` as the contact where it holds one and a handover waits for it. Rasa itself only sees `redacted`."""
    if any(sign in redacted for sign in _SIGNS):
        handovers = store(Settings.read().desk_url)
        if handovers.awaiting_contact(conversation):
            handovers.give_contact(conversation, raw[:LONGEST])


def delete(conversation: str) -> int:
    """Remove every handover of the conversation; returns how many."""
    return store(Settings.read().desk_url).delete(conversation)


@lru_cache(maxsize=1)
def store(url: str) -> Handovers:
    """The handovers in the database at `url`, opened once a process."""
    # Imported by the first handover: its database's many forms would make each start longer.
    from prescreen.handovers import Handovers

    return Handovers(url)
