"""Advice → messages: the one place where advice becomes words. Also the `custom` object for machines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from knowledge.loader import Knowledge
from knowledge.model import Advice, Button, Contact, Enquiry, Referral, Role, Source
from knowledge.sources import german_date

# One message: what a phone shows at once (docs: „How answers read“).
LONGEST = 600
# More contacts than these are a list that somebody asked for: one short line each.
_LIST = 6
# Sources that are named in the text; machines get all of them.
_SHOWN_SOURCES = 2
# Contacts of one layer of the programme: the name has the date beside it.
_DATED = (Role.LANDESNETZWERK, Role.FACHSTELLE, Role.MUT_IQ, Role.NETZWERK_HEUTE, Role.FACHSTELLE_HEUTE)


@dataclass(frozen=True)
class Message:
    """A text of at most LONGEST characters and the choices below it, in `language` (ISO 639-1), written in `dir`."""

    text: str
    buttons: tuple[Button, ...] = ()
    language: str = "de"
    dir: str = "ltr"


def messages(advice: Advice, knowledge: Knowledge) -> list[Message]:
    """The advice in words: first the answer and the next step, then who helps and the sources, then the question."""
    answer = " ".join(filter(None, (advice.before, advice.answer, advice.after, advice.next, advice.warning)))
    parts = [
        *_split(answer),
        *_split(advice.second),
        *_split("\n".join(_who_helps(advice, knowledge))),
        *_split(advice.question),
    ]
    buttons = translated(advice.buttons, advice.enquiry.language, knowledge)
    return [Message(text, buttons if i == len(parts) - 1 else ()) for i, text in enumerate(parts)]


def greeting(language: str, asks: str | None, knowledge: Knowledge) -> list[Message]:
    """The first words in another language, with our question in it; none for German and languages that we cannot write."""
    found = knowledge.greetings.get(language)
    if found is None:
        return []
    text = " ".join(filter(None, (found.text, found.asks.get(asks or ""))))
    return [Message(text, (), language, found.dir)]


def translated(buttons: tuple[Button, ...], language: str, knowledge: Knowledge) -> tuple[Button, ...]:
    """The buttons with their titles in `language` beside them, where we have them."""
    found = knowledge.greetings.get(language)
    if found is None:
        return buttons
    own = {f"topic:{topic}": label for topic, label in found.topics.items()} | {"answer:yes": found.yes, "answer:no": found.no}
    return tuple(replace(button, also=own.get(button.id)) for button in buttons)


def _who_helps(advice: Advice, knowledge: Knowledge) -> list[str]:
    if len(advice.referrals) > _LIST and not any(referral.contact.role is Role.SERVICE for referral in advice.referrals):
        lines = [_line(referral, knowledge) for referral in advice.referrals]
    else:
        shown = [referral for i, referral in enumerate(advice.referrals) if not i or _reachable(referral)]
        shown.sort(key=lambda referral: referral.closed)
        lines = [_contact(referral, i, knowledge) for i, referral in enumerate(shown)]
    sources = _shown(advice)
    if sources:
        named = "; ".join(f"{source.title} ({german_date(source.as_of)})" for source in sources)
        lines.append(knowledge.texts["sources"].format(sources=named))
    return lines


def _line(referral: Referral, knowledge: Knowledge) -> str:
    contact = referral.contact
    land = knowledge.places.lands[contact.land].name if contact.land else contact.about
    line = knowledge.texts["in_land"].format(land=land, name=_name(contact, knowledge))
    return f"{line} {knowledge.texts['carrier'].format(carrier=contact.carrier.rstrip('.'))}" if contact.carrier else line


def _reachable(referral: Referral) -> bool:
    """A name without address or number helps nobody in a list; where it matters, the text itself names it."""
    return bool(referral.contact.url or referral.contact.phone or referral.contact.role is Role.FACHSTELLE_HEUTE)


def _shown(advice: Advice) -> list[Source]:
    """The source of the primary contact, then those of the text."""
    first = [advice.referrals[0].contact.source] if advice.referrals else []
    return list(dict.fromkeys([*first, *advice.sources]))[:_SHOWN_SOURCES]


def _contact(referral: Referral, position: int, knowledge: Knowledge) -> str:
    contact, texts = referral.contact, knowledge.texts
    as_of = german_date(contact.source.as_of)
    parts = [texts[_heading(contact, position)].format(name=_name(contact, knowledge))]
    if contact.carrier and contact.role is not Role.NOTRUF:
        parts.append(texts["carrier"].format(carrier=contact.carrier.rstrip(".")))
    if referral.closed or contact.role is Role.LANDESNETZWERK or (not position and contact.role is not Role.NOTRUF):
        parts.append(referral.why)
    if contact.phone:
        dated = contact.role is Role.SERVICE and not as_of.startswith("gelesen")
        parts.append(texts["contact_phone_dated" if dated else "contact_phone"].format(phone=contact.phone, as_of=as_of))
    if contact.url:
        parts.append(texts["contact_web"].format(url=contact.url.removeprefix("https://")))
    return " ".join(parts)


def _name(contact: Contact, knowledge: Knowledge) -> str:
    """The name; of a body of the programme with the date of its layer."""
    if contact.role not in _DATED:
        return contact.name
    return knowledge.texts["dated"].format(name=contact.name, as_of=german_date(contact.source.as_of))


def _heading(contact: Contact, position: int) -> str:
    """The name of the words before a contact. A network never reads like the body that decides on an application."""
    if contact.role is Role.NOTRUF:
        return "crisis_contact"
    if contact.role in (Role.FACHSTELLE, Role.MUT_IQ):
        return "earlier"
    if contact.role is Role.FACHSTELLE_HEUTE:
        return "newer_body"
    if position and contact.role is Role.NETZWERK_HEUTE:
        return "newer"
    if contact.role in (Role.LANDESNETZWERK, Role.NETZWERK_HEUTE):
        return "counselling"
    return "beside" if position else "who_helps"


def _split(text: str) -> list[str]:
    """Pieces of at most LONGEST characters, cut between lines, then between sentences."""
    if len(text) <= LONGEST:
        return [text] if text else []
    for mark in ("\n", ". "):
        at = text.rfind(mark, 0, LONGEST)
        if at > 0:
            end = at + len(mark.rstrip("\n"))
            return [text[:end].strip(), *_split(text[end:].strip())]
    return [text[:LONGEST], *_split(text[LONGEST:])]


def custom(advice: Advice) -> dict[str, Any]:
    """The object for machines, as the contract has it (docs/CONTRACTS.md)."""
    enquiry = advice.enquiry
    return {
        "advice": {
            "topic": enquiry.topic,
            "topics": _asked(enquiry),
            "language": enquiry.language,
            "land": enquiry.land,
            "place": enquiry.place,
            "profession": enquiry.profession.name if enquiry.profession else None,
            "country": enquiry.country.iso2 if enquiry.country else None,
            "asker": enquiry.asker,
            "contacts": [contact(referral) for referral in advice.referrals],
            "asks": advice.asks,
            "urgent": enquiry.urgent,
            "sources": [{"title": s.title, "url": s.url, "as_of": s.as_of} for s in advice.sources],
        }
    }


def _asked(enquiry: Enquiry) -> list[str]:
    """The topics of the questions in the message; all that come into question where it is unsure."""
    if not enquiry.sure:
        return list(enquiry.topics)
    return [topic for topic in (enquiry.topic, enquiry.second) if topic]


def contact(referral: Referral) -> dict[str, Any]:
    """A referral for machines."""
    found = referral.contact
    return {
        "id": found.id,
        "name": found.name,
        "carrier": found.carrier,
        "role": found.role.value,
        "why": referral.why,
        "url": found.url,
        "phone": found.phone,
        "source": found.source.title,
        "as_of": found.source.as_of,
    }
