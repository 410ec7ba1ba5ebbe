"""One turn: what is remembered and what was heard → what is said and remembered. Rasa's message is faked, the knowledge is
real, and so are the handovers' rules."""

from __future__ import annotations

from typing import Any

import pytest

from actions import heard, turn
from actions.memory import Memory
from actions.talk import Talk, Turn
from knowledge.case import CARRIED, Case
from knowledge.loader import Knowledge

KIEL = Case(place="Kiel", land="DE-SH")


def said(intent: str, text: str = "", case: Case | None = None, only_facts: bool = False) -> dict[str, Any]:
    record = (case or Case()).slots() | {"only_facts": only_facts}
    entities = [{"entity": "place", "value": "x", "extractor": "SpanExtractor", CARRIED: record}] if case else []
    ranking = [{"name": intent, "confidence": 0.8}, {"name": "duration", "confidence": 0.1}]
    return {"intent": {"name": intent}, "intent_ranking": ranking, "text": text, "entities": entities}


def unsure(text: str) -> dict[str, Any]:
    names = ("nlu_fallback", "documents", "costs_funding")
    return {"intent": {"name": names[0]}, "intent_ranking": [{"name": name} for name in names], "text": text}


def chosen(choice: str) -> dict[str, Any]:
    return {"intent": {"name": "choose"}, "entities": [{"entity": "choice", "value": choice}], "text": "/choose"}


def take(message: dict[str, Any], knowledge: Knowledge, case: Case | None = None, **memory: Any) -> Turn:
    return turn.take(Talk(heard.read(message, knowledge), case or Case(), Memory(**memory), knowledge))


def test_a_question_without_facts_keeps_the_case(knowledge: Knowledge) -> None:
    now = take(said("costs_funding", "Was kostet das?"), knowledge, KIEL, topic="documents").advice.enquiry
    assert (now.topic, now.land, now.place) == ("costs_funding", "DE-SH", "Kiel")


def test_the_answer_to_our_question_keeps_the_topic(knowledge: Knowledge) -> None:
    message = said("contact_region", "Kiel", KIEL, only_facts=True)
    now = take(message, knowledge, topic="costs_funding", asks="land").advice.enquiry
    assert (now.topic, now.land, now.sure) == ("costs_funding", "DE-SH", True)


@pytest.mark.parametrize(
    ("text", "remembered", "topic"),
    [
        ("Und in Kiel?", "documents", "documents"),
        ("nein, Kiel", "documents", "documents"),
        ("Kiel", "documents", "documents"),
        ("Und in Kiel?", None, "contact_region"),
        ("Und in Kiel?", "weather", "contact_region"),
    ],
)
def test_and_there_asks_the_same_again(knowledge: Knowledge, text: str, remembered: str | None, topic: str) -> None:
    now = take(said("contact_region", text, KIEL, only_facts=True), knowledge, topic=remembered).advice.enquiry
    assert (now.topic, now.land) == (topic, "DE-SH")


def test_a_second_place_by_itself_asks_who_helps_there(knowledge: Knowledge) -> None:
    now = take(said("contact_region", "Kiel", KIEL, only_facts=True), knowledge, Case(land="DE-BY"), topic="documents")
    assert (now.advice.enquiry.topic, now.advice.enquiry.land) == ("contact_region", "DE-SH")


def test_a_new_place_replaces_the_old_one_whole(knowledge: Knowledge) -> None:
    ambiguous = Case(place="Frankfurt", lands=("DE-BB", "DE-HE"), options=("06412000",))
    now = take(said("contact_region", "Frankfurt", ambiguous), knowledge, KIEL)
    assert (now.case.land, now.case.lands) == (None, ("DE-BB", "DE-HE"))
    assert now.memory.asks == "land"


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
    now = take(chosen(choice), knowledge, topic="documents").advice.enquiry
    assert (now.topic, now.land) == (topic, land)


@pytest.mark.parametrize(
    "choice", ["", ":", "topic:", "topic:drop", "land:XX", "place:0", "profession:x", "admin:1", "<script>", "answer:yes"]
)
def test_a_choice_that_we_never_offered_changes_nothing(knowledge: Knowledge, choice: str) -> None:
    now = take(chosen(choice), knowledge, KIEL, topic="documents")
    assert (now.advice.enquiry.topic, now.case) == ("documents", KIEL)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"intent": None, "entities": None, "text": None, "intent_ranking": None},
        {"entities": [{"entity": "choice"}], "intent": {"name": "choose"}},
        {"entities": [{CARRIED: "x"}, {CARRIED: {"land": "<script>"}}]},
        {"entities": ["x", 5], "text": 7},
    ],
)
@pytest.mark.parametrize("slot", [None, "x", {"topic": ["documents"], "tries": "7", "offered": "x", "asks": 5}, []])
def test_odd_messages_and_slots_count_as_unknown(knowledge: Knowledge, message: dict[str, Any], slot: Any) -> None:
    talk = Talk(heard.read(message, knowledge), Case.from_slots({"land": 5, "lands": "x"}), Memory.from_slot(slot), knowledge)
    now = turn.take(talk)
    assert now.case.land in (None, "<script>") and now.advice.enquiry.land is None
    assert now.advice.answer


OFFERED = ("topic:costs_funding", "topic:partial_recognition_measures")


@pytest.mark.parametrize(
    ("text", "topic", "second"),
    [
        ("ja", "costs_funding", None),
        ("das zweite", "partial_recognition_measures", None),
        ("2", "partial_recognition_measures", None),
        ("beides", "costs_funding", "partial_recognition_measures"),
        ("nein, die mit den Auflagen", "partial_recognition_measures", None),
        ("das letzte bitte", "partial_recognition_measures", None),
    ],
)
def test_short_words_are_understood_from_what_was_offered(
    knowledge: Knowledge, text: str, topic: str, second: str | None
) -> None:
    now = take(unsure(text), knowledge, asks="topic", offered=OFFERED, unsure=1)
    assert (now.advice.enquiry.topic, now.advice.enquiry.second, now.memory.unsure) == (topic, second, 0)
    assert bool(now.advice.second) == bool(second)


def test_the_third_message_that_is_not_understood_leads_to_a_human(knowledge: Knowledge) -> None:
    counts, texts = [], []
    memory = Memory()
    for _ in range(4):
        now = turn.take(Talk(heard.read(unsure("blub blah bla blubb blub"), knowledge), Case(), memory, knowledge))
        memory = now.memory
        counts.append(memory.unsure)
        texts.append(now.advice.answer)
    assert counts == [1, 2, 0, 1]
    assert texts[0] == texts[3] and len(set(texts)) == 3
    assert "Mensch" in texts[2]


@pytest.mark.parametrize("text", ["weiß nicht", "Das will ich nicht sagen.", "nein", "egal", "weiter ohne Ort"])
def test_what_is_not_said_is_not_asked_again(knowledge: Knowledge, text: str) -> None:
    now = take(said("smalltalk", text), knowledge, topic="costs_funding", asks="land", said=("costs_funding",))
    assert "land" in now.memory.declined and now.advice.asks is None
    after = take(said("documents", "Welche Unterlagen?"), knowledge, declined=now.memory.declined)
    assert after.advice.asks is None


def test_an_answer_that_cannot_be_read_is_asked_for_once_more_and_then_left(knowledge: Knowledge) -> None:
    first = take(unsure("xyzhausen"), knowledge, topic="costs_funding", asks="land", said=("costs_funding",))
    assert first.advice.asks == "land" and first.memory.tries == 1
    talk = Talk(heard.read(unsure("abcdorf"), knowledge), Case(), first.memory, knowledge)
    second = turn.take(talk)
    assert second.advice.asks is None and "land" in second.memory.declined


def test_a_side_question_is_answered_and_then_the_question_comes_again(knowledge: Knowledge) -> None:
    aside = take(said("data_privacy", "Wo wird mein Text gespeichert?"), knowledge, topic="costs_funding", asks="land")
    assert aside.advice.enquiry.topic == "data_privacy" and aside.advice.asks == "land" and aside.advice.question
    after = turn.take(Talk(heard.read(said("contact_region", "Kiel", KIEL, True), knowledge), Case(), aside.memory, knowledge))
    assert (after.advice.enquiry.topic, after.advice.enquiry.land) == ("costs_funding", "DE-SH")


def test_more_says_something_new_until_there_is_no_more(knowledge: Knowledge) -> None:
    memory, seen = Memory(topic="duration", said=("duration",)), set()
    for _ in range(30):
        now = turn.take(Talk(heard.read(unsure("mehr dazu"), knowledge), Case(), memory, knowledge))
        memory = now.memory
        if not now.advice.said:
            break
        assert now.advice.said not in seen
        seen.add(now.advice.said)
    assert len(seen) > 2 and "Mehr weiß ich" in now.advice.answer


def test_simpler_is_shorter_and_explains_the_words(knowledge: Knowledge) -> None:
    full = take(said("no_papers", "Papiere weg"), knowledge)
    now = turn.take(Talk(heard.read(unsure("einfacher bitte"), knowledge), Case(), full.memory, knowledge))
    assert now.advice.answer.startswith("Kurz gesagt:") and now.memory.topic == "no_papers"


def test_what_is_known_is_shown(knowledge: Knowledge) -> None:
    case = Case(place="Gütersloh", land="DE-NW", profession="pflegefachkraft", country="SY", stage="applied")
    text = take(unsure("Was wissen Sie über mich?"), knowledge, case).advice.answer
    for part in ("Gütersloh (Nordrhein-Westfalen)", "Pflegefachfrau", "Syrien", "Antrag ist gestellt"):
        assert part in text
    assert "noch nichts" in take(unsure("Was wissen Sie über mich?"), knowledge).advice.answer


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Ich habe einen Defizitbescheid", "partial"),
        ("Mein Antrag wurde abgelehnt", "rejected"),
        ("ich habe den antrag gestellt im mai", "applied"),
        ("Was kostet das?", None),
    ],
)
def test_the_stage_of_the_procedure_is_kept(knowledge: Knowledge, text: str, stage: str | None) -> None:
    now = take(said("documents", text), knowledge)
    assert now.case.stage == stage
    assert take(said("documents", "Was kostet das?"), knowledge, now.case).case.stage == stage


def test_a_crisis_comes_first_and_the_talk_goes_on_where_it_was(knowledge: Knowledge) -> None:
    now = take(said("crisis", "er schlägt mich"), knowledge, KIEL, topic="costs_funding", asks="profession")
    assert now.advice.enquiry.urgent and not now.advice.buttons and now.advice.asks is None
    assert (now.memory.topic, now.memory.asks, now.case) == ("costs_funding", "profession", KIEL)


def test_the_memory_survives_being_stored() -> None:
    memory = Memory("documents", "land", 1, 2, ("topic:x",), ("land",), ("documents",), ("documents",), "consent", "ar")
    assert Memory.from_slot(memory.slot()) == memory
