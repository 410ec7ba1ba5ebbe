"""What leaves: a handover as fields and as plain text, or the request to delete one. And what a way is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from prescreen.handovers import Handover


class DeliveryFailed(Exception):
    """The other side did not take it. The message names the kind of failure, never content. `final`: trying again is no use."""

    def __init__(self, message: str, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class Way(Protocol):
    """One receiver. `id` is the same whenever the same delivery is tried again, so that the receiver can know it."""

    def send(self, id: str, handover: Handover) -> str:
        """Deliver. Returns the receiver's reference to it, for deleting („“ where there is none). Raises DeliveryFailed."""

    def retract(self, id: str, code: str, reference: str) -> None:
        """Have it deleted at the receiver's. Raises DeliveryFailed."""


@dataclass(frozen=True)
class Names:
    """German names of Länder, topics and languages, for people who read the message."""

    lands: dict[str, str]
    topics: dict[str, str]
    languages: dict[str, str] = field(default_factory=dict)

    def land(self, code: str | None) -> str:
        return self.lands.get(code or "", "nicht genannt")

    def language(self, code: str | None) -> str:
        return self.languages.get(code or "", code or "nicht erkannt")

    def topic(self, id: str | None) -> str:
        return self.topics.get(id or "", "nicht genannt")


def fields(handover: Handover) -> dict[str, Any]:
    """A handover for machines. The id of the talk stays here: the code is enough."""
    return {
        "code": handover.code,
        "created": handover.created.isoformat(),
        "consented": handover.consented.isoformat(),
        "consent": handover.consent,
        "land": handover.land,
        "topic": handover.topic,
        "language": handover.language,
        "summary": handover.summary,
        "contact": handover.contact,
    }


def subject(handover: Handover, names: Names) -> str:
    """One line without content of the talk: subjects of mails are not encrypted."""
    return f"Wegweiser: Übergabe {handover.code} ({names.land(handover.land)})"


def text(handover: Handover, names: Names) -> str:
    """A handover in words, for a mail or a ticket."""
    contact = handover.contact or "keiner. Die Person meldet sich mit dem Code."
    return (
        f"Eine Person möchte beraten werden.\n\n"
        f"Code: {handover.code}\nLand: {names.land(handover.land)}\nThema: {names.topic(handover.topic)}\n"
        f"Sprache: {names.language(handover.language)}\nKontakt: {contact}\n\n"
        f"Zusammenfassung:\n{handover.summary}\n\n"
        f"Einwilligung vom {handover.consented:%d.%m.%Y, %H:%M} Uhr (UTC):\n„{handover.consent}“\n"
    )


def deletion(code: str) -> str:
    """The request to delete, in words."""
    return f"Die Person hat ihre Daten gelöscht. Bitte löschen Sie auch bei sich alles zur Übergabe {code}.\n"
