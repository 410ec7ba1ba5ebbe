"""Enquiries in, one result an enquiry out: the road of the chat without the dialogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.nlu.understanding import Understander, Understanding
from knowledge import advise, custom
from knowledge.loader import Knowledge
from knowledge.redaction import redact

# Topics in a result: the first, that of a second question if there is one, and who else comes near.
_SHOWN = 3


class Prescreener:
    """Reads enquiries with one model and one state of the knowledge; deterministic."""

    def __init__(self, understander: Understander, knowledge: Knowledge, edition: str) -> None:
        self._understander = understander
        self._knowledge = knowledge
        self._edition = edition

    def lines(self, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        """JSON Lines (`{"id", "text"}`) → results, in the same order. A broken line becomes a result with `error`."""
        for number, line in enumerate(lines, start=1):
            if line.strip():
                id, text, error = _parse(line, number)
                text = redact(text)
                yield failed(id, text, error) if error else self._result(id, self._understander.understand(text))

    def _result(self, id: Any, understood: Understanding) -> dict[str, Any]:
        enquiry = understood.enquiry(self._knowledge)
        advice = advise(enquiry, self._knowledge, self._edition)
        machine = custom(advice)["advice"]
        spans, first = understood.spans, understood.topics[0]
        missing = [machine["asks"]] if machine["asks"] in ("land", "profession", "country") else []
        place = (
            {"text": understood.text[spans.residence.start : spans.residence.end]}
            if spans.residence.start is not None
            else None
        )
        return {
            "id": id,
            "text": understood.text,
            "language": understood.language,
            "topic": first.topic,
            "confidence": round(first.confidence, 3),
            "sure": understood.sure,
            "topics": [
                {"topic": guess.topic, "confidence": round(guess.confidence, 3), "because": list(guess.because)}
                for guess in understood.topics[:_SHOWN]
            ],
            "land": enquiry.land,
            "lands": list(enquiry.lands) or ([enquiry.land] if enquiry.land else []),
            "place": place and place | {"start": spans.residence.start, "end": spans.residence.end},
            "profession": spans.profession_span
            and spans.profession
            and {
                "text": spans.profession_span.text,
                "name": spans.profession.name,
                "regulated": spans.profession.regulated.value,
            },
            "country": spans.country_span and spans.country and {"text": spans.country_span.text, "iso2": spans.country.iso2},
            "asker": enquiry.asker,
            "urgent": enquiry.urgent,
            "missing": missing,
            "contacts": machine["contacts"],
            "error": None,
        }


def failed(id: Any, text: str, error: str) -> dict[str, Any]:
    """The result of an enquiry that could not be read."""
    empty: dict[str, Any] = dict.fromkeys(("language", "topic", "land", "place", "profession", "country", "asker"))
    return {
        "id": id,
        "text": text,
        **empty,
        "confidence": 0.0,
        "sure": False,
        "topics": [],
        "lands": [],
        "urgent": False,
        "missing": [],
        "contacts": [],
        "error": error,
    }


def _parse(line: str, number: int) -> tuple[Any, str, str | None]:
    try:
        record = json.loads(line)
    except ValueError as error:
        return number, line.strip()[:200], f"line {number} is not JSON: {error}"
    if not isinstance(record, dict):
        return number, line.strip()[:200], f'line {number} is no object with "id" and "text"'
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        return record.get("id", number), "", f'line {number} has no "text"'
    return record.get("id", number), text, None
