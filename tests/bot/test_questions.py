"""A message is cut where a new question begins; a second question is heard beside the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu import german, questions
from bot.nlu.topics import TopicModel
from knowledge.concepts import Lexicon


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Was kostet das und darf ich so lange als Helfer arbeiten?",
            ["Was kostet das und", "darf ich so lange als Helfer arbeiten?"],
        ),
        ("Ich bin Koch. Wie lange dauert es?", ["Ich bin Koch.", "Wie lange dauert es?"]),
        ("Wer prüft das bei uns, und brauchen die C1?", ["Wer prüft das bei uns, und", "brauchen die C1?"]),
        ("Ich wohne in Köln und arbeite in Bonn", ["Ich wohne in Köln und arbeite in Bonn"]),
        ("Hallo!", []),
        ("", []),
        ("???", []),
    ],
)
def test_a_message_is_cut_at_sentences_and_new_questions(text: str, parts: list[str]) -> None:
    assert questions.parts(german.language()(text)) == parts


@pytest.fixture(scope="module")
def model() -> TopicModel:
    """A small model of three topics with plain words of their own."""
    model = TopicModel(Lexicon({"COST": ["kost*", "preis*"], "TIME": ["dauer*", "lange"]}))
    sentences = {
        "costs_funding": [
            "was kostet das",
            "der preis bitte",
            "kosten der anerkennung",
            "wie teuer ist das",
            "was kostet es hier",
        ],
        "duration": ["wie lange dauert das", "dauer bitte", "wie lange muss ich warten", "dauert das lange", "wie lange noch"],
        "smalltalk": ["guten tag", "hallo zusammen", "danke sehr", "guten morgen", "vielen dank"],
    }
    pairs = [(text, topic) for topic, texts in sentences.items() for text in texts * 3]
    model.train([text for text, _ in pairs], [topic for _, topic in pairs])
    return model


def test_two_questions_give_two_topics(model: TopicModel) -> None:
    asked = questions.rank_all(model, ["Was kostet das und wie lange dauert das?"])[0]
    assert {asked.ranking[0].topic, asked.second} == {"costs_funding", "duration"}


def test_one_question_with_a_greeting_has_no_second(model: TopicModel) -> None:
    asked = questions.rank_all(model, ["Guten Tag. Was kostet das?"])[0]
    assert asked.second in (None, "costs_funding")


def test_many_at_once_give_the_same_as_one_by_one(model: TopicModel) -> None:
    texts = ["Was kostet das?", "", "Was kostet das und wie lange dauert das?", "😀", "danke sehr. was kostet das hier? " * 8]
    together = [[guess.topic for guess in asked.ranking] for asked in questions.rank_all(model, texts)]
    assert together == [[guess.topic for guess in questions.rank_all(model, [text])[0].ranking] for text in texts]


def test_a_model_is_kept_without_loss(model: TopicModel, tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    model.save(path)
    loaded = TopicModel.load(path, Lexicon({"COST": ["kost*", "preis*"], "TIME": ["dauer*", "lange"]}))
    for text in ("was kostet das", "wie lange", "hallo", ""):
        assert [(g.topic, round(g.confidence, 5)) for g in loaded.rank(text)] == [
            (g.topic, round(g.confidence, 5)) for g in model.rank(text)
        ]
