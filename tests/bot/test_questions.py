"""A message is cut where a new question begins; a second question is heard beside the first."""

from __future__ import annotations

import pytest

from bot.nlu import german, questions
from bot.nlu.parts import parts
from bot.nlu.topics import TopicModel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Was kostet das und darf ich so lange als Helfer arbeiten?",
            [("Was kostet das", True), ("darf ich so lange als Helfer arbeiten?", True)],
        ),
        ("Ich bin Koch. Wie lange dauert es?", [("Ich bin Koch.", False), ("Wie lange dauert es?", True)]),
        ("Wer prüft das bei uns, und brauchen die C1?", [("Wer prüft das bei uns", True), ("brauchen die C1?", True)]),
        ("Ich wohne in Köln und arbeite in Bonn", [("Ich wohne in Köln und arbeite in Bonn", False)]),
        (
            "Welche Papiere muss ich abgeben und ab wann läuft die Frist?",
            [("Welche Papiere muss ich abgeben", True), ("ab wann läuft die Frist?", True)],
        ),
        (
            "Löscht bitte alles, was ich gestern geschrieben hab.",
            [("Löscht bitte alles, was ich gestern geschrieben hab.", False)],
        ),
        (
            "Löschen Sie das bitte. Und geben Sie mir die Nummer.",
            [("Löschen Sie das bitte.", False), ("Und geben Sie mir die Nummer.", True)],
        ),
        (
            "¿Quién me ayuda y cuánto cuesta?",
            [("¿Quién me ayuda", True), ("cuánto cuesta?", True)],
        ),
        ("Hallo!", []),
        ("", []),
        ("???", []),
    ],
)
def test_a_message_is_cut_at_sentences_and_new_questions(text: str, expected: list[tuple[str, bool]]) -> None:
    assert [(part.text, part.asks) for part in parts(german.language()(text))] == expected


def test_two_questions_give_two_topics(model: TopicModel) -> None:
    asked = questions.rank(model, german.language()("Was kostet das und wie lange dauert das?"))
    assert {asked.ranking[0].topic, asked.second} == {"costs_funding", "duration"}


def test_one_question_with_a_greeting_has_no_second(model: TopicModel) -> None:
    asked = questions.rank(model, german.language()("Guten Tag. Was kostet das?"))
    assert asked.second in (None, "costs_funding")


@pytest.mark.parametrize("text", ["", "   ", "😀", "a" * 20_000, "danke sehr. was kostet das hier? " * 200])
def test_any_text_is_ranked_over_all_topics(model: TopicModel, text: str) -> None:
    asked = questions.rank(model, german.language()(text))
    assert {guess.topic for guess in asked.ranking} == {"costs_funding", "duration", "smalltalk"}
    assert sum(guess.confidence for guess in asked.ranking) == pytest.approx(1.0, abs=0.01)
