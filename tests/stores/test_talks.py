"""The store of talks: nothing personal in it, nothing lost, no slower for long talks and old ones, deleted by age."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.brokers.file import FileEventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine.url import make_url

from bot import speed
from bot import talks as deleting
from bot.settings import ROOT
from bot.stores import talks
from bot.stores.talks import TalkStore
from tests.stores.old_events import fill

# Rasa says this of every domain with slots.
pytestmark = pytest.mark.filterwarnings("ignore:Slot auto-fill:UserWarning")


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "bot/domain.yml"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.assistant)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """Those of endpoints.yml, for an empty database of each kind."""
    if request.param == "sqlite":
        return {"dialect": "sqlite", "db": str(tmp_path / "talks.db")}
    url = make_url(request.getfixturevalue("postgres_server"))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS events"))
    engine.dispose()
    server = {"host": url.host, "port": url.port, "db": url.database, "username": url.username}
    return {"dialect": "postgresql", **server}


@pytest.fixture
def store(settings: dict[str, Any], domain: Domain) -> Iterator[TalkStore]:
    made = TalkStore(domain, **settings)
    yield made
    made.engine.dispose()


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


def rows(store: TalkStore, query: str) -> list[str]:
    with store.engine.connect() as connection:
        return [str(row[-1]) for row in connection.execute(sa.text(query))]


def stored(store: TalkStore) -> list[str]:
    return rows(store, "select data from events order by id")


def test_what_is_stored_holds_no_personal_data_and_few_guesses(store: TalkStore) -> None:
    turn(store, "anna", "Ich bin lina@example.org, Tel. 0151 2345678, IBAN DE89 3704 0044 0532 0130 00")
    everything = "\n".join(stored(store))
    for secret in ("lina@", "2345678", "3704 0044"):
        assert secret not in everything
    assert "[E-Mail]" in everything and "topic2" in everything and "topic3" not in everything


def test_every_event_is_stored_once_and_in_order_however_long_the_talk(store: TalkStore) -> None:
    turns = talks.READ // 2
    for n in range(turns):
        turn(store, "bea", f"frage {n}")
    texts = [event.text for event in asyncio.run(store.retrieve_full_tracker("bea")).events if isinstance(event, UserUttered)]
    assert texts == [f"frage {n}" for n in range(turns)]
    assert len(stored(store)) == 5 * turns + 1  # a new tracker begins with action_listen


def test_of_many_at_once_nobody_finds_the_file_locked(store: TalkStore) -> None:
    """SQLite's file is asked by one at a time: who found it locked would wait by chance, some for longer than they may."""
    at_once, most = 0, 0

    def taken(*_: Any) -> None:
        nonlocal at_once, most
        at_once, most = at_once + 1, max(most, at_once + 1)

    def given(*_: Any) -> None:
        nonlocal at_once
        at_once -= 1

    sa.event.listen(store.engine, "checkout", taken)
    sa.event.listen(store.engine, "checkin", given)

    async def person(number: int) -> None:
        for text in ("eins", "zwei"):
            tracker = await store.get_or_create_tracker(f"p{number}")
            tracker.update(said(text))
            await store.save(tracker)

    async def all_at_once() -> None:
        await asyncio.gather(*map(person, range(40)))

    asyncio.run(all_at_once())
    texts = [json.loads(data).get("text") for data in stored(store)]
    assert (texts.count("eins"), texts.count("zwei")) == (40, 40)
    assert (most == 1) is (store.engine.dialect.name == "sqlite")


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


def test_the_last_events_and_the_old_ones_are_found_by_an_index(store: TalkStore) -> None:
    explain = "explain query plan" if store.engine.dialect.name == "sqlite" else "explain"
    for n in range(3):
        fill(store, talks=400, first=400 * n)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("analyze"))
    last = " ".join(rows(store, f"{explain} select data from events where sender_id = 'talk5' order by id desc limit 160"))
    assert "wegweiser_sender_id" in last and "TEMP B-TREE" not in last and "Seq Scan" not in last
    old = " ".join(
        rows(store, f"{explain} delete from events where id in (select id from events where timestamp < 5 limit 1000)")
    )
    assert "wegweiser_timestamp" in old


def test_the_database_of_an_older_rasa_opens_with_its_talks_and_gets_its_indexes(
    settings: dict[str, Any], domain: Domain
) -> None:
    rasas = SQLTrackerStore(domain, **settings)
    old = DialogueStateTracker.from_events("gil", [ActionExecuted("action_listen"), said("hallo"), SlotSet("land", "DE-SH")])
    asyncio.run(rasas.save(old))
    rasas.engine.dispose()
    for _ in range(2):
        store = TalkStore(domain, **settings)
        names = {index["name"] for index in sa.inspect(store.engine).get_indexes("events")}
        assert {"wegweiser_sender_id", "wegweiser_timestamp"} <= names
        assert read(store, "gil").get_slot("land") == "DE-SH"
        store.engine.dispose()


def test_a_database_that_fails_ends_the_turn_and_rasa_does_not_go_on_in_memory(store: TalkStore, domain: Domain) -> None:
    turn(store, "hans", "hallo")
    assert Agent(domain=domain, tracker_store=store).tracker_store is store
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE events"))
    with pytest.raises(sa.exc.SQLAlchemyError):
        asyncio.run(store.retrieve("hans"))
    with pytest.raises(sa.exc.SQLAlchemyError):
        turn(store, "hans", "noch da?")


def test_what_is_deleted_is_overwritten_in_the_file(tmp_path: Path, domain: Domain) -> None:
    store = TalkStore(domain, dialect="sqlite", db=str(tmp_path / "talks.db"))
    turn(store, "ida", "Zirbelkiefer")
    assert b"Zirbelkiefer" in (tmp_path / "talks.db").read_bytes()
    deleting.delete(store, "ida")
    assert b"Zirbelkiefer" not in (tmp_path / "talks.db").read_bytes()


def test_a_stream_of_events_gets_what_was_written_and_nothing_personal(
    settings: dict[str, Any], domain: Domain, tmp_path: Path
) -> None:
    """`event_broker:` in endpoints.yml, with one of Rasa's own brokers."""
    broker = FileEventBroker(str(tmp_path / "events.log"))
    store = TalkStore(domain, **settings, event_broker=broker)
    turn(store, "jan", "Ich bin lina@example.org")
    turn(store, "jan", "Und jetzt?")
    for handler in broker.event_logger.handlers:
        handler.close()
    lines = [json.loads(line) for line in (tmp_path / "events.log").read_text().splitlines()]
    assert {line.pop("sender_id") for line in lines} == {"jan"}
    assert lines == [json.loads(data) for data in stored(store)]
    assert "[E-Mail]" in str(lines) and "lina@" not in str(lines)
    store.engine.dispose()


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
