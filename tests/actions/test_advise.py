"""The action as Rasa calls it: what it remembers in slots, and how often that is written."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import advise
from bot.stores import talks
from knowledge.case import Case
from knowledge.loader import Knowledge
from tests.actions.test_turn import said

KIEL = Case(place="Kiel", land="DE-SH")
MESSAGE = {"event": "user", "text": "Was kostet das?"}


def run(message: dict[str, Any], events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events that the action adds to a talk of `events`, whose slots are what these set."""
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    tracker = Tracker("someone", slots, message, events, False, None, {}, "action_listen")
    added: list[dict[str, Any]] = asyncio.run(advise.AdviseAction().run(CollectingDispatcher(), tracker, {}))
    return added


def test_a_slot_is_set_when_it_changes_and_not_in_each_turn() -> None:
    first = run(said("costs_funding", "Was kostet das in Kiel?", KIEL), [])
    assert {event["name"] for event in first} == {"place", "land", "talk"}
    second = run(said("duration", "Wie lange dauert das?"), first)
    assert [event["name"] for event in second] == ["talk"]


def test_a_slot_is_set_again_before_its_last_event_is_out_of_sight(knowledge: Knowledge) -> None:
    events = run(said("costs_funding", "Was kostet das in Kiel?", KIEL), [])
    for _ in range(30):
        # A turn with more events than any has, seen through the window that the store gives.
        events += run(said("duration", "Wie lange dauert das?"), events[-talks.READ :]) + [MESSAGE] * 20
        seen = [event for event in events[-talks.READ :] if event["event"] == "slot"]
        assert {"place", "land", "talk"} <= {event["name"] for event in seen}


def test_what_is_forgotten_is_written_as_such() -> None:
    events = run(said("costs_funding", "Was kostet das in Kiel?", KIEL), [])
    changed = run(said("costs_funding", "Und in München?", Case(place="München", land="DE-BY")), events)
    assert {event["name"]: event["value"] for event in changed}["land"] == "DE-BY"
    gone = run(said("costs_funding", "In Neustadt?", Case(options=("neustadt",), lands=("DE-BY", "DE-RP"))), events)
    assert {"name": "land", "value": None}.items() <= next(event for event in gone if event["name"] == "land").items()
