"""The way to a human: nothing is stored before the consent, nothing is made up, and each way out works. Real store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions import heard, turn
from actions.memory import Memory
from actions.talk import Talk, Turn
from bot import handover as keeping
from bot.settings import Settings
from knowledge.case import Case
from knowledge.loader import Knowledge
from prescreen.handovers import Handovers

CASE = Case(place="Gütersloh", land="DE-NW", profession="pflegefachkraft", country="SY", stage="partial")
HISTORY = [
    ("Ich habe einen Defizitbescheid und weiß nicht weiter", True),
    ("ja", True),
    ("Geht das auch abends wegen Kindern", False),
]


class Person:
    """Talks turn by turn; what is remembered goes from one to the next."""

    def __init__(self, knowledge: Knowledge, store: Handovers, **memory: Any) -> None:
        self.knowledge, self.store = knowledge, store
        self.memory = Memory(topics=("partial_recognition_measures",), **memory)

    def say(self, text: str = "", choice: str = "", intent: str = "nlu_fallback") -> Turn:
        entities = [{"entity": "choice", "value": choice}] if choice else []
        message = {"intent": {"name": "choose" if choice else intent}, "entities": entities, "text": text}
        message["intent_ranking"] = [{"name": intent}, {"name": "duration"}]
        talk = Talk(
            heard.read(message, self.knowledge), CASE, self.memory, self.knowledge, "both", "abc", HISTORY, lambda: self.store
        )
        now = turn.take(talk)
        self.memory = now.memory
        return now


@pytest.fixture
def store(tmp_path: Path) -> Handovers:
    return Handovers(f"sqlite:///{tmp_path / 'desk.sqlite'}")


@pytest.fixture
def person(knowledge: Knowledge, store: Handovers) -> Person:
    return Person(knowledge, store)


def test_the_summary_quotes_the_person_and_adds_nothing(person: Person) -> None:
    shown = person.say(choice="handover:start").advice
    assert shown.asks == "consent"
    assert shown.answer.splitlines() == [
        "Das würde ich an die Beratung geben:",
        "Thema: Bescheid mit Auflagen.",
        "Beruf: Pflegefachfrau/Pflegefachmann.",
        "Land der Ausbildung: Syrien.",
        "Ort: Gütersloh (Nordrhein-Westfalen).",
        "Stand: Bescheid mit Auflagen oder teilweiser Anerkennung.",
        "In eigenen Worten: „Ich habe einen Defizitbescheid und weiß nicht weiter“",
        "In eigenen Worten: „Geht das auch abends wegen Kindern“",
    ]
    assert person.store.of("abc") == []


def test_with_consent_and_contact_it_is_stored(person: Person) -> None:
    person.say(choice="handover:start")
    asked = person.say("ja").advice
    assert asked.asks == "contact"
    (kept,) = person.store.of("abc")
    assert kept.contact is None and kept.code in asked.answer
    assert kept.consent == person.knowledge.texts["ask_consent"]
    assert (kept.land, kept.topic) == ("DE-NW", "partial_recognition_measures")
    person.store.give_contact("abc", "0151 2345678")
    done = person.say("meine Nummer ist [Telefon]").advice
    assert done.asks is None and "Danke" in done.answer


@pytest.mark.parametrize(("text", "choice"), [("nein", ""), ("lieber nicht", ""), ("", "answer:no"), ("abbrechen", "")])
def test_without_consent_nothing_is_stored_and_the_text_can_be_copied(person: Person, text: str, choice: str) -> None:
    person.say(choice="handover:start")
    said = person.say(text, choice).advice
    assert person.store.of("abc") == []
    assert "Gütersloh" in said.answer and said.asks is None


@pytest.mark.parametrize(("text", "choice"), [("nein", ""), ("", "handover:without"), ("will ich nicht sagen", "")])
def test_without_a_contact_the_code_is_enough(person: Person, text: str, choice: str) -> None:
    person.say(choice="handover:start")
    person.say("ja")
    said = person.say(text, choice).advice
    (kept,) = person.store.of("abc")
    assert kept.code in said.answer and kept.contact is None and kept.ready is not None


def test_what_is_no_contact_is_asked_for_once_more_and_then_left(person: Person) -> None:
    person.say(choice="handover:start")
    person.say("ja")
    assert person.say("rufen sie einfach an").advice.asks == "contact"
    assert "Code" in person.say("na sie wissen schon").advice.answer


def test_a_question_in_between_is_answered_and_stores_nothing(person: Person) -> None:
    person.say(choice="handover:start")
    assert person.say("Was kostet das eigentlich alles", intent="costs_funding").advice.enquiry.topic == "costs_funding"
    assert person.say("ja").advice.asks != "contact"
    assert person.store.of("abc") == []


def test_a_complaint_offers_the_way_and_yes_begins_it(person: Person) -> None:
    assert person.say("Das hilft mir nicht").memory.step == "offer"
    assert person.say("ja").advice.asks == "consent"


def test_a_contact_is_only_kept_when_it_was_asked_for(
    store: Handovers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WEGWEISER_DATA", str(tmp_path))
    monkeypatch.setenv("WEGWEISER_DESK_DATABASE", "")
    assert Settings.read().desk_url == f"sqlite:///{tmp_path / 'desk.sqlite'}"
    keeping.store.cache_clear()
    keeping.keep_contact("abc", "ich bin die 0151 2345678", "ich bin die [Telefon]")
    assert store.of("abc") == []
    store.open("abc", summary="x", topic=None, land=None, language="de", consent="Darf ich?")
    keeping.keep_contact("abc", "ruft mich bitte an", "ruft mich bitte an")
    assert store.awaiting_contact("abc")
    keeping.keep_contact("abc", "0151 2345678, ab 16 Uhr", "[Telefon], ab 16 Uhr")
    assert store.of("abc")[0].contact == "0151 2345678, ab 16 Uhr"
    assert keeping.delete("abc") == 1 and store.of("abc") == []
    keeping.store.cache_clear()
