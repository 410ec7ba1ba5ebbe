"""The spans of a message as entities, the form in which Rasa carries them from the model to the action."""

from __future__ import annotations

from typing import Any

from bot.nlu.language import DEFAULT
from bot.nlu.spans import Spans
from knowledge.case import CARRIED

EXTRACTOR = "SpanExtractor"


def entities(spans: Spans, language: str = DEFAULT) -> list[dict[str, Any]]:
    """One entity a fact. The first of them also carries the whole case, so that nothing is resolved twice."""
    home = spans.residence
    found = []
    if home.land or home.lands or home.unknown:
        found.append(_entity("place", home.name or home.unknown or "", home.start or 0, home.end or 0))
    if spans.profession and spans.profession_span:
        found.append(_entity("profession", spans.profession.id, spans.profession_span.start, spans.profession_span.end))
    if spans.country and spans.country_span:
        found.append(_entity("country", spans.country.iso2, spans.country_span.start, spans.country_span.end))
    found += [_entity("organisation", id, 0, 0) for id in spans.organisations]
    if spans.asker:
        found.append(_entity("asker", spans.asker, 0, 0))
    if found:
        found[0][CARRIED] = spans.case().slots() | {"only_facts": spans.only_facts}
    if language != DEFAULT:
        found.append(_entity("language", language, 0, 0))
    return found


def _entity(name: str, value: str, start: int, end: int) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": start, "end": end, "extractor": EXTRACTOR}
