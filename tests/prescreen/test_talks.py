"""Reading the talks that Rasa keeps."""

from __future__ import annotations

import json
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from bot import tracker as setting
from bot.server import Assistant
from prescreen import talks as stored
from prescreen.talks import Talks
from tests.prescreen.tracker import NOON, Tracker


def test_a_talk_is_told_as_the_person_saw_it(tracker: Tracker) -> None:
    payload = '/choose{"choice": "topic:documents"}'
    buttons = [{"title": "Welche Unterlagen?", "payload": payload}]
    tracker.turn("a", "Ich heiße Lina Haddad", buttons=buttons, answer="Telefon +49 30 1815-1111.")
    tracker.turn("a", payload)
    tracker.turn("b", "anderes")
    said = [(line.person, line.text) for line in Talks(tracker.url).lines("a")]
    assert said == [
        (True, "Ich heiße [Name]"),
        (False, "Telefon +49 30 1815-1111."),
        (False, "Noch etwas."),
        (True, "Welche Unterlagen?"),
        (False, "Antwort."),
        (False, "Noch etwas."),
    ]


def test_turns_tell_topic_land_and_whether_it_was_sure(tracker: Tracker) -> None:
    tracker.turn("a", "Kiel", "contact_region", land="DE-SH", language="ar", urgent=True)
    tracker.turn("a", "blubb", None)
    tracker.turn("a", '/choose{"choice": "topic:documents"}', time=NOON + timedelta(days=1))
    first, second, third = Talks(tracker.url).turns()
    assert (first.topic, first.land, first.language, first.urgent, first.typed) == ("contact_region", "DE-SH", "ar", True, True)
    assert second.topic is None and second.guesses == (("smalltalk", 0.3),)
    assert not third.typed and [turn.text for turn in Talks(tracker.url).turns(NOON + timedelta(hours=1))] == [third.text]


def test_a_talk_is_deleted_whole_and_alone(tracker: Tracker, tmp_path: Path) -> None:
    tracker.turn("a", "Zirbelkiefer")
    tracker.turn("b", "bleibt")
    talks = Talks(tracker.url)
    assert len(talks.export("a")) == 3 and talks.delete("a") == 3 and talks.delete("a") == 0
    assert talks.export("a") == [] and len(talks.export("b")) == 3
    assert b"Zirbelkiefer" not in (tmp_path / "talks.db").read_bytes()


def test_what_is_old_goes_from_a_talk_that_goes_on_as_well_and_bit_by_bit(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "_CHUNK", 2)
    tracker.turn("old", "x", time=NOON - timedelta(days=40))
    tracker.turn("goes on", "x", time=NOON - timedelta(days=40))
    tracker.turn("goes on", "y", time=NOON)
    talks = Talks(tracker.url)
    assert talks.delete_before(NOON - timedelta(days=30)) == 6
    assert [line.text for line in talks.lines("goes on")][:1] == ["y"] and talks.export("old") == []
    assert talks.delete_before(NOON - timedelta(days=30)) == 0


def test_where_there_are_no_talks_yet_there_are_none(tmp_path: Path) -> None:
    talks = Talks(f"sqlite:///{tmp_path / 'none.db'}")
    assert talks.lines("a") == [] == list(talks.turns()) == talks.export("a") and talks.delete("a") == 0 == talks.delete_before(
        NOON
    )
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("{type: SQL, dialect: sqlite, db: '${DB}'}", "sqlite:////x/talks.db"),
        (
            "{type: SQL, dialect: postgresql, url: db.example, port: 5433, db: rasa, username: u, password: 'p@ss'}",
            "postgresql://u:p%40ss@db.example:5433/rasa",
        ),
    ],
)
def test_the_place_of_the_talks_is_read_from_the_endpoints(tmp_path: Path, store: str, expected: str) -> None:
    path = tmp_path / "endpoints.yml"
    path.write_text(f"tracker_store: {store}\n")
    assert setting.url(path, {"DB": "/x/talks.db"}) == expected


@pytest.mark.parametrize("content", ["", "tracker_store: {type: redis, url: x}", "action_endpoint: {url: x}"])
def test_talks_that_are_not_in_sql_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "endpoints.yml"
    path.write_text(content)
    with pytest.raises(setting.NoTalks):
        setting.url(path, {})


def post(url: str, body: dict[str, str]) -> dict[str, str]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return dict(json.load(answer))


@pytest.mark.assistant
def test_what_the_real_assistant_wrote_is_read_and_deleted(assistant: Assistant) -> None:
    talks, website = Talks(f"sqlite:///{assistant.talks}"), f"{assistant.url}/webhooks/website"
    before = {turn.conversation for turn in talks.turns()}
    session = post(f"{website}/session", {})["session"]
    for body in ({"text": "Wer berät mich in Kiel?"}, {"text": "blubb dings maschine"}, {"choice": "topic:documents"}):
        post(f"{website}/message", {"session": session} | body)
    turns = [turn for turn in talks.turns() if turn.conversation not in before]
    assert [(turn.topic, turn.land, turn.typed) for turn in turns] == [
        ("contact_region", "DE-SH", True),
        (None, "DE-SH", True),
        ("documents", "DE-SH", False),
    ]
    lines = talks.lines(turns[0].conversation)
    assert lines[0].text == "Wer berät mich in Kiel?" and any("Beratung gibt es hier" in line.text for line in lines)
    assert talks.delete(turns[0].conversation) > 10 and talks.lines(turns[0].conversation) == []
