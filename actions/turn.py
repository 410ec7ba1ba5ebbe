"""One turn of a talk: what is remembered and what was just said → the enquiry, and what to remember. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from knowledge.case import CARRIED, Case
from knowledge.loader import Knowledge
from knowledge.model import Enquiry

CHOOSE = "choose"
FALLBACK = "nlu_fallback"
# Facts that the assistant may ask for; a bare one answers the question and keeps the topic.
_FACTS = ("land", "profession", "country")
_AGAIN = ("und ", "oder ", "auch ")


@dataclass(frozen=True)
class Turn:
    """The enquiry to answer, and the case as it is known after this message."""

    enquiry: Enquiry
    case: Case


def take(message: dict[str, Any], slots: dict[str, Any], knowledge: Knowledge) -> Turn:
    """`message` is Rasa's latest message, `slots` the stored slots; anything missing or odd in them counts as unknown."""
    known = Case.from_slots(slots)
    if _intent(message) == CHOOSE:
        return _chosen(message, known, slots, knowledge)
    said, only_facts = _carried(message)
    case = known.updated(said)
    ranking = _ranking(message)
    sure = _intent(message) != FALLBACK
    asked, topic = slots.get("asks"), slots.get("topic")
    # „Und in Sachsen?“ asks the same again; a bare fact without it only when we asked for one.
    again = str(message.get("text") or "").strip().lower().startswith(_AGAIN)
    if only_facts and (asked in _FACTS or again) and isinstance(topic, str) and topic in knowledge.topics:
        ranking, sure = (topic, *(other for other in ranking if other != topic)), True
    second = (
        next((name for name in _marked(message) if name != ranking[0] and name in knowledge.topics), None) if ranking else None
    )
    enquiry = case.enquiry(ranking, str(message.get("text") or ""), knowledge, sure=sure, second=second)
    return Turn(enquiry, case)


def _chosen(message: dict[str, Any], case: Case, slots: dict[str, Any], knowledge: Knowledge) -> Turn:
    """A button: `kind:value`. A value that we never offered changes nothing."""
    kind, _, value = _choice(message).partition(":")
    topic = str(slots.get("topic"))
    topic = topic if topic in knowledge.topics else "contact_region"
    if kind == "topic" and value in knowledge.topics:
        topic = value
    elif kind == "land" and value in knowledge.places.lands:
        case = case.updated(Case(place=knowledge.places.lands[value].name, land=value))
    elif kind == "place" and knowledge.places.by_key(value):
        place = knowledge.places.by_key(value)[0]
        case = case.updated(Case(place=place.name, land=place.land))
    elif kind == "profession" and value in knowledge.professions.by_id:
        case = case.updated(Case(profession=value))
    elif kind == "contact" and value in knowledge.contacts:
        topic, case = "contact_fachstelle", replace(case, organisations=(value,))
    return Turn(case.enquiry((topic,), "", knowledge), case)


def _intent(message: dict[str, Any]) -> str:
    return str((message.get("intent") or {}).get("name") or FALLBACK)


def _ranking(message: dict[str, Any]) -> tuple[str, ...]:
    named = [guess.get("name") for guess in message.get("intent_ranking") or []]
    return tuple(name for name in named if isinstance(name, str) and name != FALLBACK)[:3]


def _marked(message: dict[str, Any]) -> list[str]:
    """The topic of a second question, as the model marked it."""
    return [str(guess.get("name")) for guess in message.get("intent_ranking") or [] if guess.get("second") is True]


def _choice(message: dict[str, Any]) -> str:
    values = [entity.get("value") for entity in message.get("entities") or [] if entity.get("entity") == "choice"]
    return str(values[0]) if values else ""


def _carried(message: dict[str, Any]) -> tuple[Case, bool]:
    """The case that the model read from this message, and whether the message says nothing but facts."""
    for entity in message.get("entities") or []:
        record = entity.get(CARRIED)
        if isinstance(record, dict):
            return Case.from_slots(record), record.get("only_facts") is True
    return Case(), False
