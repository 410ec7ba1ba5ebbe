"""What makes an enquiry urgent, and what only sounds so."""

from __future__ import annotations

import json

import pytest

from knowledge.loader import Knowledge
from knowledge.urgency import NORMAL, NOW, SOON, urgency
from tests.conftest import CASES


@pytest.mark.parametrize(
    ("text", "level", "reason", "words"),
    [
        ("Mein Mann schlägt mich. Wo kann ich hin?", NOW, "violence", "schlägt mich"),
        ("Chef hat meinen Pass weggenommen!", NOW, "passport", "Chef hat meinen Pass"),
        ("Die Firma zahlt seit Mai keinen Lohn.", NOW, "exploitation", "zahlt seit Mai keinen Lohn"),
        ("he took my passport", NOW, "passport", "took my passport"),
        ("Ich soll abgeschoben werden", NOW, "deportation", "abgeschoben"),
        ("Ich muss Widerspruch einlegen bis Freitag.", SOON, "deadline", "muss Widerspruch einlegen bis Freitag"),
        ("Die Frist läuft am 15.12.2026 ab.", SOON, "deadline", "Frist läuft"),
        ("habe nur noch 3 tage zeit für unterlagen", SOON, "deadline", "habe nur noch 3 tage"),
        ("Mein Visum läuft nächsten Monat ab", SOON, "permit", "Visum läuft nächsten Monat ab"),
        ("DRINGEND: wer berät mich?", SOON, "soon", "DRINGEND"),
    ],
)
def test_urgent_words_are_named(knowledge: Knowledge, text: str, level: str, reason: str, words: str) -> None:
    found = urgency(text, knowledge.urgency)
    assert (found.level, found.reasons[0].reason, found.reasons[0].words) == (level, reason, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gibt es eine Frist für den Antrag?",
        "Wie lange ist die Frist für den Widerspruch?",
        "Welche Gewaltschutz-Kurse gibt es für Erzieher?",
        "Wer zahlt die Übersetzung?",
        "Brauche ich meinen Pass?",
        "Der Kurs läuft bis Juli.",
        "Wie kündige ich den Kurs?",
    ],
)
def test_a_plain_question_is_not_urgent(knowledge: Knowledge, text: str) -> None:
    assert urgency(text, knowledge.urgency).level == NORMAL


def test_a_crisis_that_the_model_sees_is_urgent_without_any_of_the_words(knowledge: Knowledge) -> None:
    found = urgency("Ich kann nicht mehr.", knowledge.urgency, "Hilfe in Not")
    assert found.record() == {"level": NOW, "reasons": [{"reason": "crisis", "label": "Hilfe in Not", "because": ""}]}


def test_no_question_about_something_else_is_put_before_all_others(knowledge: Knowledge) -> None:
    lines = [line for name in ("questions", "exam") for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]
    others = [record["text"] for record in map(json.loads, lines) if record["topic"] != "crisis"]
    wrong = [text for text in others if urgency(text, knowledge.urgency).level == NOW]
    assert len(others) > 900 and len(wrong) <= len(others) * 0.005, wrong
