"""A small model that several tests read with."""

from __future__ import annotations

import pytest

from bot.nlu.topics import TopicModel
from knowledge.concepts import Lexicon

FORMS = {"COST": ["kost*", "preis*"], "TIME": ["dauer*", "lange"]}
SENTENCES = {
    "costs_funding": ["was kostet das", "der preis bitte", "kosten der anerkennung", "wie teuer ist das", "was kostet es hier"],
    "duration": ["wie lange dauert das", "dauer bitte", "wie lange muss ich warten", "dauert das lange", "wie lange noch"],
    "smalltalk": ["guten tag", "hallo zusammen", "danke sehr", "guten morgen", "vielen dank"],
}


def small_model() -> TopicModel:
    """Three topics with plain words of their own."""
    model = TopicModel(Lexicon(FORMS))
    pairs = [(text, topic) for topic, texts in SENTENCES.items() for text in texts * 3]
    model.train([text for text, _ in pairs], [topic for _, topic in pairs])
    return model


@pytest.fixture(scope="session")
def model() -> TopicModel:
    return small_model()
