"""Rasa's message and tracker → what was heard: plain values, with everything odd in them read as unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from knowledge.case import CARRIED, Case
from knowledge.loader import Knowledge

CHOOSE = "choose"
FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Heard:
    """`topics` are ranked, known ones only; `sure` says whether the first may be answered; `choice` is a button's id.

    `case` are the facts in this message; `only_facts` = it says nothing else.
    """

    text: str
    topics: tuple[str, ...] = ()
    sure: bool = False
    second: str | None = None
    choice: str | None = None
    case: Case = field(default_factory=Case)
    only_facts: bool = False
    language: str = "de"

    @property
    def topic(self) -> str | None:
        return self.topics[0] if self.topics else None


def read(message: dict[str, Any], knowledge: Knowledge) -> Heard:
    """`message` is Rasa's latest message."""
    text = str(message.get("text") or "")
    intent = str((message.get("intent") or {}).get("name") or FALLBACK)
    entities = [entity for entity in message.get("entities") or [] if isinstance(entity, dict)]
    if intent == CHOOSE:
        return Heard("", choice=_value(entities, "choice") or "")
    ranking = [guess for guess in message.get("intent_ranking") or [] if guess.get("name") in knowledge.topics]
    topics = tuple(str(guess["name"]) for guess in ranking)[:3]
    second = next((str(g["name"]) for g in ranking if g.get("second") is True and g["name"] != topics[0]), None)
    record: dict[str, Any] = next((entity[CARRIED] for entity in entities if isinstance(entity.get(CARRIED), dict)), {})
    return Heard(
        text=text,
        topics=topics,
        sure=intent != FALLBACK and bool(topics),
        second=second,
        case=Case.from_slots(record),
        only_facts=record.get("only_facts") is True,
        language=_value(entities, "language") or "de",
    )


def history(events: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    """What the person wrote so far, without buttons: each text, and whether it was understood."""
    found = []
    for event in events:
        if event.get("event") == "user" and event.get("text") and not str(event["text"]).startswith("/"):
            parse = event.get("parse_data") or {}
            found.append((str(event["text"]), (parse.get("intent") or {}).get("name") != FALLBACK))
    return found


def _value(entities: list[dict[str, Any]], name: str) -> str | None:
    return next((str(entity.get("value") or "") for entity in entities if entity.get("entity") == name), None)
