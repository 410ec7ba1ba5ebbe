"""One turn: what is remembered and what was said → the enquiry. Rasa's message is faked, the knowledge is real."""

from __future__ import annotations

from typing import Any

import pytest

from actions import turn
from knowledge.case import CARRIED, Case
from knowledge.loader import Knowledge


def said(intent: str, text: str = "", case: Case | None = None, only_facts: bool = False) -> dict[str, Any]:
    record = (case or Case()).slots() | {"only_facts": only_facts}
    entities = [{"entity": "place", "value": "x", "extractor": "SpanExtractor", CARRIED: record}] if case else []
    ranking = [{"name": intent, "confidence": 0.8}, {"name": "duration", "confidence": 0.1}]
    return {"intent": {"name": intent}, "intent_ranking": ranking, "text": text, "entities": entities}


def chosen(choice: str) -> dict[str, Any]:
    return {"intent": {"name": "choose"}, "entities": [{"entity": "choice", "value": choice}], "text": "/choose"}


KIEL = Case(place="Kiel", land="DE-SH")


def test_a_question_without_facts_keeps_the_case(knowledge: Knowledge) -> None:
    now = turn.take(said("costs_funding", "Was kostet das?"), {**KIEL.slots(), "topic": "documents"}, knowledge)
    assert (now.enquiry.topic, now.enquiry.land, now.enquiry.place) == ("costs_funding", "DE-SH", "Kiel")


def test_the_answer_to_our_question_keeps_the_topic(knowledge: Knowledge) -> None:
    slots = {"topic": "costs_funding", "asks": "land"}
    now = turn.take(said("contact_region", "Kiel", KIEL, only_facts=True), slots, knowledge)
    assert (now.enquiry.topic, now.enquiry.land, now.enquiry.sure) == ("costs_funding", "DE-SH", True)


@pytest.mark.parametrize(
    ("text", "slots", "topic"),
    [
        ("Und in Kiel?", {"topic": "documents"}, "documents"),
        ("Kiel", {"topic": "documents"}, "contact_region"),
        ("Und in Kiel?", {}, "contact_region"),
        ("Und in Kiel?", {"topic": ["documents"]}, "contact_region"),
        ("Und in Kiel?", {"topic": "weather"}, "contact_region"),
    ],
)
def test_and_there_asks_the_same_again(knowledge: Knowledge, text: str, slots: dict[str, Any], topic: str) -> None:
    now = turn.take(said("contact_region", text, KIEL, only_facts=True), slots, knowledge)
    assert (now.enquiry.topic, now.enquiry.land) == (topic, "DE-SH")


def test_a_new_place_replaces_the_old_one_whole(knowledge: Knowledge) -> None:
    ambiguous = Case(place="Frankfurt", lands=("DE-BB", "DE-HE"), options=("06412000",))
    now = turn.take(said("contact_region", "Frankfurt", ambiguous), KIEL.slots(), knowledge)
    assert (now.enquiry.land, now.enquiry.lands) == (None, ("DE-BB", "DE-HE"))


def test_an_unsure_message_is_not_answered_by_its_first_guess(knowledge: Knowledge) -> None:
    message = said("nlu_fallback", "hm")
    message["intent_ranking"] = [{"name": "nlu_fallback"}, {"name": "documents"}, {"name": "duration"}]
    now = turn.take(message, {}, knowledge)
    assert (now.enquiry.sure, now.enquiry.topics) == (False, ("documents", "duration"))


@pytest.mark.parametrize(
    ("choice", "topic", "land"),
    [
        ("topic:duration", "duration", None),
        ("land:DE-BY", "documents", "DE-BY"),
        ("place:06412000", "documents", "DE-HE"),
        ("contact:fachstelle-einwanderung", "contact_fachstelle", None),
    ],
)
def test_a_button_changes_what_it_says(knowledge: Knowledge, choice: str, topic: str, land: str | None) -> None:
    now = turn.take(chosen(choice), {"topic": "documents"}, knowledge)
    assert (now.enquiry.topic, now.enquiry.land) == (topic, land)


@pytest.mark.parametrize(
    "choice", ["", ":", "topic:", "topic:drop", "land:XX", "place:0", "profession:x", "admin:1", "<script>"]
)
def test_a_choice_that_we_never_offered_changes_nothing(knowledge: Knowledge, choice: str) -> None:
    now = turn.take(chosen(choice), {**KIEL.slots(), "topic": "documents"}, knowledge)
    assert (now.enquiry.topic, now.case) == ("documents", KIEL)


@pytest.mark.parametrize(
    ("message", "slots"),
    [
        ({}, {}),
        ({"intent": None, "entities": None, "text": None, "intent_ranking": None}, {"land": 5, "lands": "x", "topic": []}),
        ({"entities": [{"entity": "choice"}], "intent": {"name": "choose"}}, {"topic": {}}),
        ({"entities": [{CARRIED: "x"}, {CARRIED: {"land": "<script>"}}]}, {"land": "DE-XX", "profession": "none"}),
    ],
)
def test_odd_messages_and_slots_count_as_unknown(knowledge: Knowledge, message: dict[str, Any], slots: dict[str, Any]) -> None:
    now = turn.take(message, slots, knowledge)
    assert now.enquiry.land is None
