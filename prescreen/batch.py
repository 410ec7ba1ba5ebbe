"""One enquiry in, one result out: the road of the chat without the dialogue, with what a counsellor needs beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.nlu.understanding import Understander, Understanding
from knowledge import advise, custom
from knowledge.loader import Knowledge
from knowledge.model import Enquiry
from knowledge.names import is_name
from knowledge.redaction import redact, silent
from knowledge.text import key
from knowledge.urgency import NORMAL, urgency
from prescreen import draft
from prescreen.items import Item

# Topics in a result: the first, that of a second question if there is one, and who else comes near.
_SHOWN = 3
_CRISIS = "crisis"
# Facts that the person can give; what else is asked for (the topic) is no gap in the facts.
_FACTS = ("land", "profession", "country")
_LAND_NAMED = ("land", "lands", "place", "options", "unknown_place")


class Prescreener:
    """Reads enquiries with one model and one state of the knowledge; deterministic. `keep` leaves personal data in."""

    def __init__(self, understander: Understander, knowledge: Knowledge, edition: str, keep: bool = False) -> None:
        self._understander = understander
        self._knowledge = knowledge
        self._edition = edition
        self._keep = keep

    def results(self, items: Iterable[Item]) -> Iterator[dict[str, Any]]:
        """One result an item, in the same order. What fails becomes a result with `error`, and the rest goes on."""
        return map(self.screen, items)

    def screen(self, item: Item) -> dict[str, Any]:
        """The result of one enquiry; never raises."""
        names = self._names(item)
        text = self._redacted(item.text, names)
        files = [self._redacted(name, names) for name in item.attachments]
        if item.error is not None:
            return failed(item.id, text, self._redacted(item.error, ()), files)
        try:
            return self._result(item, text, self._redacted(item.nearby, names), files)
        except Exception as error:  # noqa: BLE001 - told in the result; one enquiry must not stop a hundred thousand
            return failed(item.id, text, f"it could not be understood: {type(error).__name__}: {error}", files)

    def _redacted(self, text: str, names: tuple[str, ...]) -> str:
        if self._keep or not text:
            return text
        if names:
            text = re.sub(rf"(?i)(?<![^\W_])(?:{'|'.join(names)})(?![^\W_])", "[Name]", text)
        return re.sub(r"(?:\[Name\][ _,.-]*){2,}(?<!\s)", "[Name]", redact(text))

    def _names(self, item: Item) -> tuple[str, ...]:
        """Patterns for the sender's name, which is taken out everywhere: the whole name, and each word of it that is not
        also a place, an occupation or a common word. None where it is no person's."""
        words = item.sender
        if not words or not all(is_name(word, anycase=True) for word in words[:1]):
            return ()
        places, professions = self._knowledge.places.names, self._knowledge.professions
        single = [w for w in words if is_name(w, anycase=True) and not places.get(key(w)) and not professions.find(key(w), 0)]
        whole = [r"[\s._-]+".join(words)] if 1 < len(words) < 5 and single else []
        return (*whole, *single)

    def _result(self, item: Item, text: str, nearby: str, files: list[str]) -> dict[str, Any]:
        understood = self._understander.understand(silent(text))
        enquiry = self._enquiry(understood, nearby)
        advice = advise(enquiry, self._knowledge, self._edition)
        missing = draft.ask_back(enquiry, self._knowledge, self._edition)
        questions = list(missing.values())
        label = self._knowledge.topics[_CRISIS].label if enquiry.urgent and enquiry.sure else ""
        return {
            "id": item.id,
            "text": text,
            "language": understood.language,
            **_topics(understood),
            **_facts(understood, enquiry),
            "asker": enquiry.asker,
            "urgent": enquiry.urgent,
            "urgency": urgency(text, self._knowledge.urgency, label).record(),
            "missing": [fact for fact in missing if fact in _FACTS],
            "contacts": custom(advice)["advice"]["contacts"],
            "answer": draft.answer(advice, self._knowledge),
            "ask_back": questions,
            "readings": draft.readings(understood.topics, enquiry, self._knowledge, self._edition),
            "draft": draft.draft(advice, questions, self._knowledge),
            "attachments": files,
            "error": None,
        }

    def _enquiry(self, understood: Understanding, nearby: str) -> Enquiry:
        """What is asked. Where the text names no place, the postal code below a signature tells it."""
        enquiry = understood.enquiry(self._knowledge)
        if not nearby or enquiry.land or enquiry.lands or enquiry.unknown_place:
            return enquiry
        signed = self._understander.understand(silent(nearby)).enquiry(self._knowledge)
        return replace(enquiry, **{name: getattr(signed, name) for name in _LAND_NAMED}) if signed.land else enquiry


def _topics(understood: Understanding) -> dict[str, Any]:
    first = understood.topics[0]
    shown = understood.topics[:_SHOWN]
    return {
        "topic": first.topic,
        "confidence": round(first.confidence, 3),
        "sure": understood.sure,
        "topics": [{"topic": g.topic, "confidence": round(g.confidence, 3), "because": list(g.because)} for g in shown],
    }


def _facts(understood: Understanding, enquiry: Enquiry) -> dict[str, Any]:
    spans, home = understood.spans, understood.spans.residence
    place = profession = country = None
    if home.start is not None and home.end is not None:
        place = {"text": understood.text[home.start : home.end], "start": home.start, "end": home.end}
    if spans.profession_span and spans.profession:
        named = spans.profession
        profession = {"text": spans.profession_span.text, "name": named.name, "regulated": named.regulated.value}
    if spans.country_span and spans.country:
        country = {"text": spans.country_span.text, "iso2": spans.country.iso2}
    lands = list(enquiry.lands) or ([enquiry.land] if enquiry.land else [])
    return {"land": enquiry.land, "lands": lands, "place": place, "profession": profession, "country": country}


def failed(id: Any, text: str, error: str, attachments: list[str] | None = None) -> dict[str, Any]:
    """The result of an enquiry that could not be read or understood: all fields, and `error`."""
    return {
        "id": id,
        "text": text,
        "language": None,
        "topic": None,
        "confidence": 0.0,
        "sure": False,
        "topics": [],
        "land": None,
        "lands": [],
        "place": None,
        "profession": None,
        "country": None,
        "asker": None,
        "urgent": False,
        "urgency": {"level": NORMAL, "reasons": []},
        "missing": [],
        "contacts": [],
        "answer": "",
        "ask_back": [],
        "readings": [],
        "draft": "",
        "attachments": attachments or [],
        "error": error,
    }
