"""The store of talks: nothing personal in it, nothing lost, no slower for long talks and old ones, deleted by age."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import speed
from bot.settings import ROOT
from bot.stores import talks
from bot.stores.talks import TalkStore

# Rasa says this of every domain with slots.
pytestmark = pytest.mark.filterwarnings("ignore:Slot auto-fill:UserWarning")


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "bot/domain.yml"))


@pytest.fixture
def store(tmp_path: Path, domain: Domain) -> TalkStore:
    return TalkStore(domain, dialect="sqlite", db=str(tmp_path / "talks.db"))


def said(text: str) -> UserUttered:
    ranking = [{"name": f"topic{i}", "confidence": 1 / (i + 1)} for i in range(25)]
    parse = {"intent": {"name": "documents"}, "entities": [], "text": text, "intent_ranking": ranking}
    return UserUttered(text, {"name": "documents"}, [], parse, metadata={"phone": "0151 2345678", "model_id": "m"})


def turn(store: TalkStore, person: str, text: str) -> None:
    """One turn, as Rasa does it: read, add, write."""

    async def go() -> None:
        tracker = await store.get_or_create_tracker(person)
        new: list[Event] = [ActionExecuted("action_listen"), said(text), ActionExecuted("action_advise")]
        new += [SlotSet("land", "DE-SH"), SlotSet("talk", {"turn": text[:9]})]
        tracker.update_with_events(new, store.domain)
        await store.save(tracker)

    asyncio.run(go())


def read(store: TalkStore, person: str) -> DialogueStateTracker:
    tracker = asyncio.run(store.retrieve(person))
    assert tracker is not None
    return tracker


def stored(store: TalkStore, tmp_path: Path) -> list[str]:
    with sqlite3.connect(tmp_path / "talks.db") as database:
        return [row[0] for row in database.execute("select data from events order by id")]


def test_what_is_stored_holds_no_personal_data_and_few_guesses(store: TalkStore, tmp_path: Path) -> None:
    turn(store, "anna", "Ich bin lina@example.org, Tel. 0151 2345678, IBAN DE89 3704 0044 0532 0130 00")
    everything = "\n".join(stored(store, tmp_path))
    for secret in ("lina@", "2345678", "3704"):
        assert secret not in everything
    assert "[E-Mail]" in everything and "topic2" in everything and "topic3" not in everything


def test_every_event_is_stored_once_and_in_order_however_long_the_talk(store: TalkStore, tmp_path: Path) -> None:
    turns = talks.READ // 2
    for n in range(turns):
        turn(store, "bea", f"frage {n}")
    texts = [event.text for event in asyncio.run(store.retrieve_full_tracker("bea")).events if isinstance(event, UserUttered)]
    assert texts == [f"frage {n}" for n in range(turns)]
    assert len(stored(store, tmp_path)) == 5 * turns + 1  # a new tracker begins with action_listen


def test_a_turn_reads_a_bounded_part_and_knows_the_slots(store: TalkStore) -> None:
    for n in range(talks.READ // 2):
        turn(store, "cem", f"frage {n}")
    tracker = read(store, "cem")
    assert len(tracker.events) == talks.READ
    assert tracker.get_slot("land") == "DE-SH" and tracker.get_slot("talk") == {"turn": f"frage {talks.READ // 2 - 1}"}


def test_only_the_present_session_is_read(store: TalkStore) -> None:
    turn(store, "dora", "gestern")

    async def new_session() -> None:
        tracker = await store.retrieve("dora")
        assert tracker is not None
        tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], store.domain)
        await store.save(tracker)

    asyncio.run(new_session())
    assert read(store, "dora").get_slot("land") is None
    turn(store, "dora", "heute")
    texts = [event.text for event in read(store, "dora").events if isinstance(event, UserUttered)]
    assert texts == ["heute"]


def test_nobody_unknown_is_made_up(store: TalkStore) -> None:
    assert asyncio.run(store.retrieve("nobody")) is None


def test_old_events_are_deleted_and_new_ones_stay(store: TalkStore, tmp_path: Path) -> None:
    turn(store, "emil", "alt")
    with sqlite3.connect(tmp_path / "talks.db") as database:
        database.execute("update events set timestamp = ?", (time.time() - 40 * 86_400,))
    turn(store, "fay", "neu")
    assert store.delete_older_than(30) == 6
    assert asyncio.run(store.retrieve("emil")) is None
    assert read(store, "fay").get_slot("land") == "DE-SH"
    assert store.delete_older_than(30) == 0


def test_the_last_events_are_found_by_an_index(store: TalkStore, tmp_path: Path) -> None:
    query = "explain query plan select data from events where sender_id = 'x' order by id desc limit 160"
    with sqlite3.connect(tmp_path / "talks.db") as database:
        plan = " ".join(str(row) for row in database.execute(query))
        old = " ".join(str(row) for row in database.execute("explain query plan delete from events where timestamp < 5"))
    assert "INDEX" in plan and "TEMP B-TREE" not in plan
    assert "wegweiser_timestamp" in old


def test_opening_an_older_database_again_keeps_what_is_there(tmp_path: Path, domain: Domain) -> None:
    first = TalkStore(domain, dialect="sqlite", db=str(tmp_path / "talks.db"))
    turn(first, "gil", "hallo")
    again = TalkStore(domain, dialect="sqlite", db=str(tmp_path / "talks.db"))
    assert read(again, "gil").get_slot("land") == "DE-SH"


def test_the_quick_ways_find_the_same_as_rasas_own() -> None:
    speed.apply()
    assert Event.resolve_by_type("user") is UserUttered and Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("made up", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="made up"):
        Event.resolve_by_type("made up")
    action: Any = RemoteAction("action_advise", None)
    assert action._validate_action_result({"events": [], "responses": []})
    with pytest.raises(Exception, match="not of type"):
        action._validate_action_result({"events": 5})
