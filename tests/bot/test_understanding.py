"""What the model cannot see: crises, bare facts, a named place beside a weak guess, the order of two questions."""

from __future__ import annotations

import pytest

from bot.nlu.questions import Asked
from bot.nlu.spans import SpanReader, Spans
from bot.nlu.topics import Guess
from bot.nlu.understanding import SURE, decide
from knowledge.loader import Knowledge


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> SpanReader:
    return SpanReader(knowledge)


def asked(alarm: float = 0.0, asks: bool = True, **chances: float) -> Asked:
    ranking = [Guess(topic, chance, ()) for topic, chance in sorted(chances.items(), key=lambda pair: -pair[1])]
    return Asked(ranking, None, alarm, asks)


def first(found: Asked, spans: Spans) -> tuple[str, bool]:
    ranking, sure = decide(found, spans)
    assert {guess.topic for guess in found.ranking} <= {guess.topic for guess in ranking}
    return ranking[0].topic, sure


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("Was kostet das?", asked(costs_funding=0.9, duration=0.1), ("costs_funding", True)),
        ("Was kostet das?", asked(costs_funding=SURE - 0.01, duration=0.3), ("costs_funding", False)),
        ("Darf mein Chef das?", asked(job_search=0.7, crisis=0.3), ("crisis", True)),
        ("Der Chef hat meinen Pass weggenommen, ist das normal?", asked(job_search=0.8, crisis=0.13), ("crisis", True)),
        ("Ein langer Brief. Er schlägt mich. Noch mehr.", asked(alarm=0.9, documents=0.9, crisis=0.01), ("crisis", True)),
        ("Ein langer Brief ohne ein Zeichen", asked(alarm=0.9, documents=0.9, crisis=0.01), ("documents", True)),
        ("Kiel", asked(smalltalk=0.9, contact_region=0.05), ("contact_region", True)),
        ("Krankenschwester aus Syrien", asked(job_search=0.5, recognition_possible=0.2), ("recognition_possible", True)),
        ("Grüß Gott aus Kiel, wer hilft mir?", asked(smalltalk=0.8, contact_region=0.1), ("contact_region", False)),
        ("Was macht der Vermieter in Kiel?", asked(out_of_scope=0.8, contact_region=0.1), ("out_of_scope", True)),
        (
            "Wohnung in Kiel, Arbeit in Plön",
            asked(asks=False, out_of_scope=0.8, contact_region=0.1),
            ("contact_region", False),
        ),
        ("Wer ist in Kiel zuständig?", asked(competent_body=0.5, contact_region=0.4), ("contact_region", False)),
        ("Wer entscheidet in Kiel?", asked(competent_body=0.7, contact_region=0.3), ("competent_body", True)),
    ],
)
def test_what_leads_and_whether_it_is_sure(reader: SpanReader, text: str, found: Asked, expected: tuple[str, bool]) -> None:
    assert first(found, reader.read(text)) == expected
