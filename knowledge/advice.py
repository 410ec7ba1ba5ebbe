"""Enquiry → Advice: the text that fits, what the occupation means for it, who helps, and what to ask next."""

from __future__ import annotations

from dataclasses import replace

from knowledge.loader import Knowledge
from knowledge.model import Advice, Answer, Button, Contact, Enquiry, Place, Profession, Referral, Regulation, Role, Source
from knowledge.routing import BOTH, route

# Topics whose answer becomes concrete with the occupation.
_ABOUT_OCCUPATION = ("recognition_procedure", "recognition_possible", "regulated", "competent_body", "employer_enquiry")
# Buttons that a phone still shows without scrolling.
_MOST_BUTTONS = 8


def advise(enquiry: Enquiry, knowledge: Knowledge, edition: str = BOTH) -> Advice:
    """What to say to `enquiry`. Never fails and never returns an empty answer, whatever is unknown."""
    if not enquiry.sure or enquiry.topic is None:
        return _ask_topic(enquiry, knowledge, edition)
    answer = best_answer(enquiry, knowledge)
    way = route(enquiry, knowledge, edition)
    services = [knowledge.services[id] for id in answer.services]
    referrals = (*way.referrals, *(_service(contact, knowledge) for contact in services))
    asks, question, buttons = _question(way.asks, enquiry, knowledge)
    about, profession_source = _about_profession(enquiry, answer, knowledge)
    return Advice(
        enquiry=enquiry,
        answer=answer.answer,
        next=answer.next,
        about_profession=about,
        referrals=_once(referrals),
        asks=asks,
        question=question,
        buttons=buttons or _next_topics(enquiry, knowledge),
        sources=_sources(answer, referrals, profession_source, knowledge),
    )


def open_questions(enquiry: Enquiry, knowledge: Knowledge, edition: str = BOTH) -> tuple[tuple[str, str], ...]:
    """All facts that a good answer still needs, in the order in which the chat would ask, each with its question."""
    found: dict[str, str] = {}
    while enquiry.sure and (asks := route(enquiry, knowledge, edition).asks) and asks not in found:
        found[asks] = _question(asks, enquiry, knowledge)[1]
        # As if it had been answered: the places to choose from are done with, and the next fact comes up.
        enquiry = replace(enquiry, declined=(*enquiry.declined, asks), lands=(), unknown_place=None)
    return tuple(found.items())


def best_answer(enquiry: Enquiry, knowledge: Knowledge) -> Answer:
    """The answer whose conditions all hold; among several the most specific, then the one that stands first."""
    assert enquiry.topic is not None
    fitting = [answer for answer in knowledge.answers[enquiry.topic] if _fits(answer, enquiry)]
    return max(fitting, key=_specific)


def _fits(answer: Answer, enquiry: Enquiry) -> bool:
    if answer.askers and enquiry.asker not in answer.askers:
        return False
    if answer.regulated and _regulation(enquiry.profession) not in answer.regulated:
        return False
    if answer.membership and _membership(enquiry) != answer.membership:
        return False
    text = f" {enquiry.text} "
    said = any(f" {stem}" in text for stem in answer.mentions) or bool(answer.concepts & enquiry.concepts)
    return said or not (answer.mentions or answer.concepts)


def _specific(answer: Answer) -> int:
    return sum(map(bool, (answer.askers, answer.regulated, answer.membership, answer.mentions or answer.concepts)))


def _regulation(profession: Profession | None) -> Regulation:
    return profession.regulated if profession else Regulation.UNKNOWN


def _membership(enquiry: Enquiry) -> str | None:
    if enquiry.country is None:
        return None
    return "third" if enquiry.country.is_third_country else "EU"


def _service(contact: Contact, knowledge: Knowledge) -> Referral:
    text = "why_notruf" if contact.role is Role.NOTRUF else "why_service"
    return Referral(contact, knowledge.texts[text].format(about=contact.about))


def _once(referrals: tuple[Referral, ...]) -> tuple[Referral, ...]:
    """Without those whose name stands already: the portal is both part of the programme and a service of today."""
    seen: set[str] = set()
    kept = []
    for referral in referrals:
        if referral.contact.name not in seen:
            kept.append(referral)
        seen.add(referral.contact.name)
    return tuple(kept)


def _about_profession(enquiry: Enquiry, answer: Answer, knowledge: Knowledge) -> tuple[str, Source | None]:
    """What the occupation means, where we have a record of it, the topic calls for it and the answer does not say it."""
    profession = enquiry.profession
    if profession is None or profession.source is None or enquiry.ambiguity or enquiry.topic not in _ABOUT_OCCUPATION:
        return "", None
    if enquiry.topic == "competent_body" and profession.body:
        text = "profession_no_body" if profession.body.startswith("keine") else "profession_body"
    else:
        text = "profession_named" if answer.regulated else f"profession_{profession.regulated.value}"
    return knowledge.texts[text].format(name=profession.name, body=profession.body), profession.source


# --- what to ask next -----------------------------------------------------------------------------------------------------


def _ask_topic(enquiry: Enquiry, knowledge: Knowledge, edition: str) -> Advice:
    """„Meinen Sie …?“ with the best topics; without any, the request for other words and a human contact."""
    topics = [knowledge.topics[topic] for topic in enquiry.topics if knowledge.topics[topic].kind != "crisis"][:3]
    texts = knowledge.texts
    # Whatever is meant: for a place that was understood, there is somebody to ask.
    nearby = replace(enquiry, topics=("contact_region",)) if enquiry.land else None
    return Advice(
        enquiry=enquiry,
        answer=texts["unsure"] if topics else texts["not_understood"],
        next="",
        about_profession="",
        referrals=route(nearby, knowledge, edition).referrals if nearby else (),
        asks="topic",
        question=texts["ask_topic"] if topics else "",
        buttons=tuple(Button(topic.label, f"topic:{topic.id}") for topic in topics),
        sources=(),
    )


def _question(asks: str | None, enquiry: Enquiry, knowledge: Knowledge) -> tuple[str | None, str, tuple[Button, ...]]:
    texts = knowledge.texts
    if asks == "land" and enquiry.unknown_place:
        return asks, texts["ask_unknown_place"].format(place=enquiry.unknown_place), ()
    if asks == "land" and enquiry.lands:
        return asks, _which_place(enquiry, knowledge), _place_buttons(enquiry, knowledge)
    if asks == "land":
        return asks, texts["ask_land_office" if enquiry.for_office else "ask_land"], ()
    if asks == "profession" and enquiry.ambiguity:
        buttons = tuple(Button(p.name, f"profession:{p.id}") for p in enquiry.ambiguity.candidates)
        return asks, enquiry.ambiguity.ask, buttons
    if asks == "profession":
        return asks, texts["ask_profession"], ()
    if asks == "topic":
        fachstellen = knowledge.editions["2015-2018"].fachstellen
        return asks, texts["ask_subject"], tuple(Button(contact.about, f"contact:{contact.id}") for contact in fachstellen)
    return None, "", ()


def _which_place(enquiry: Enquiry, knowledge: Knowledge) -> str:
    if enquiry.place:
        return knowledge.texts["ask_which_place"].format(place=enquiry.place)
    return knowledge.texts["ask_which_land"]


def _place_buttons(enquiry: Enquiry, knowledge: Knowledge) -> tuple[Button, ...]:
    """One button a place, the largest first; the Länder where the places are too many or have no key."""
    buttons = [Button(_place_title(place, knowledge), f"place:{place.ags}") for place in enquiry.options if place.ags]
    if not buttons or len(buttons) > _MOST_BUTTONS or len(buttons) < len(enquiry.options):
        buttons = [Button(knowledge.places.lands[land].name, f"land:{land}") for land in enquiry.lands]
    return tuple(buttons)


def _place_title(place: Place, knowledge: Knowledge) -> str:
    land = knowledge.places.lands[place.lands[0]].name
    return f"{place.name}, {place.kreis}, {land}" if place.kreis != place.name else f"{place.name}, {land}"


def _next_topics(enquiry: Enquiry, knowledge: Knowledge) -> tuple[Button, ...]:
    assert enquiry.topic is not None
    following = [knowledge.topics[id] for id in knowledge.topics[enquiry.topic].next]
    return tuple(Button(topic.label, f"topic:{topic.id}") for topic in following)


def _sources(answer: Answer, referrals: tuple[Referral, ...], more: Source | None, knowledge: Knowledge) -> tuple[Source, ...]:
    """Where the text and the contacts come from, each title and date once."""
    facts = [knowledge.facts[id].source for id in answer.facts if id in knowledge.facts]
    sources = [*facts, *([more] if more else []), *(referral.contact.source for referral in referrals)]
    if "flyer" in answer.facts:
        sources.append(knowledge.editions["2015-2018"].contacts[0].source)
    return tuple({(source.title, source.as_of): source for source in sources}.values())
