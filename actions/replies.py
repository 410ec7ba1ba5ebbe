"""What several steps say: the answer to a choice, asking again, going on without, the way to a human."""

from __future__ import annotations

from dataclasses import replace

from actions import handover
from actions.talk import Talk, Turn
from knowledge import advice as words
from knowledge.case import Case
from knowledge.model import Advice, Button
from knowledge.routing import route

# Where a human helps most, the way to one is offered.
_HUMAN = ("appointment_handover", "contact_region", "partial_recognition_measures", "no_papers")
_HOTLINE = "hotline_alid"


def chosen(talk: Talk, choice: str) -> Turn:
    kind, _, value = choice.partition(":")
    knowledge, case, memory = talk.knowledge, talk.case, talk.memory
    topic = memory.topic if memory.topic in knowledge.topics else "contact_region"
    assert topic is not None
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
    talk = replace(talk, case=case)
    return Turn(offering(talk, talk.advise(talk.enquiry(topic))), case, replace(memory, unsure=0, tries=0))


def offering(talk: Talk, advice: Advice) -> Advice:
    """The advice, with the way to a human where one helps most."""
    wished = advice.enquiry.topic == "appointment_handover"
    if advice.enquiry.topic not in _HUMAN or (advice.asks and not wished) or not talk.kept:
        return advice
    return replace(advice, buttons=(*human_button(talk), *advice.buttons))


def human(talk: Talk, text: str) -> Advice:
    """Words of ours, and somebody to talk to: the hotline, and the network where the place is known."""
    enquiry = talk.enquiry("appointment_handover")
    services = [words.service(talk.knowledge.services[_HOTLINE], talk.knowledge)]
    referrals = (*(route(enquiry, talk.knowledge, talk.edition).referrals if enquiry.land else ()), *services)
    sources = tuple(dict.fromkeys(referral.contact.source for referral in referrals))
    return words.say(talk.text(text), enquiry, referrals=referrals, sources=sources, buttons=human_button(talk))


def human_button(talk: Talk) -> tuple[Button, ...]:
    return (Button(talk.text("button_handover"), handover.START),) if talk.kept else ()


def unsure(talk: Talk) -> Turn:
    """First „Meinen Sie …?“, then the request for other words, the third time a human; then it begins anew."""
    count, heard = talk.memory.unsure + 1, talk.heard
    memory = replace(talk.memory, unsure=count % 3)
    if count % 3 == 0:
        return Turn(human(talk, "human"), talk.case, replace(memory, step=handover.OFFER))
    enquiry = talk.enquiry(*heard.topics, text=heard.text, sure=False)
    advice = talk.advise(enquiry)
    if count == 2:
        advice = replace(advice, answer=talk.text("rephrase"), buttons=(*advice.buttons, *human_button(talk)))
    return Turn(advice, talk.case, memory)


def again(talk: Talk) -> Turn:
    """What we asked for was not in the answer: once more in other words, then on without it."""
    if talk.memory.tries:
        return without(talk)
    asks = talk.memory.asks
    advice = words.say(talk.text(f"again_{asks}"), talk.enquiry(talk.memory.topic or "contact_region"), asks=asks)
    return Turn(advice, talk.case, replace(talk.memory, tries=1))


def without(talk: Talk) -> Turn:
    """The person cannot or will not say it: on we go without, and never ask for it again."""
    assert talk.memory.asks
    memory = replace(talk.memory, declined=(*talk.memory.declined, talk.memory.asks), tries=0)
    talk = replace(talk, memory=memory)
    advice = talk.advise(talk.enquiry(memory.topic or "contact_region"))
    if memory.topic and memory.said:
        # What was said already is not said again: only who helps, and what comes next.
        advice = replace(advice, before="", after="", second="", answer=talk.text("without"), next=talk.text("without_next"))
    return Turn(advice, talk.case, memory)
