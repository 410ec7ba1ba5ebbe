"""The real assistant over each messenger: the real model, both servers, credentials.yml; only the platform is a fake."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from bot.commands.channels import CHANNELS
from bot.server import Assistant
from knowledge.text import sentences
from tests.channels.conftest import Messengers
from tests.channels.world import open_events, settle, wait
from tests.conftest import CASES
from tests.dialogues.talk import Talk

pytestmark = pytest.mark.assistant


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_whole_talk(channel: str, messengers: Messengers) -> None:
    talk = messengers.talk(channel)
    first = talk.say("Ich wohne in Frankfurt. Wer berät mich zur Anerkennung?")
    assert "Ich bin ein Programm" in first.text
    assert {"Frankfurt am Main, Hessen", "Frankfurt (Oder), Brandenburg"} <= set(first.titles)
    assert "Netzwerk Hessen" in talk.choose("Frankfurt am Main, Hessen").text
    answer = talk.say("Welche Unterlagen brauche ich?")
    assert "Zeugnis" in answer.text and "Ich bin ein Programm" not in answer.text
    assert "Ich habe alles gelöscht" in talk.say("alles löschen").text
    # Nothing is known of the place any more.
    assert "In welchem Ort oder Bundesland wohnen Sie?" in talk.say("Wer berät mich?").text


@pytest.mark.parametrize("channel", CHANNELS)
def test_two_people_do_not_see_each_others_place(channel: str, messengers: Messengers) -> None:
    lina, omar = messengers.talk(channel), messengers.talk(channel)
    assert "Bayern" in lina.say("Wer berät mich in Erlangen?").text
    assert "In welchem Ort oder Bundesland wohnen Sie?" in omar.say("Wer berät mich?").text


def test_messengers_are_off_until_their_secrets_are_set(assistant: Assistant) -> None:
    for channel in CHANNELS:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{assistant.url}/webhooks/{channel}/webhook", b"{}", timeout=10)


def test_neither_talks_nor_logs_hold_a_platforms_id(messengers: Messengers) -> None:
    talk = messengers.talk("whatsapp_twilio")
    talk.say("Ich wohne in Kiel")
    person = str(talk.person).encode()
    assert any(path.name == "messengers.db" for path in messengers.data.rglob("*"))

    def held() -> list[Path]:
        files = [path for path in messengers.data.rglob("*") if path.is_file()]
        return [path for path in files if b"whatsapp:+49170" + person in path.read_bytes()]

    # The log of changes is emptied right after the answer.
    wait(lambda: not held())


def test_what_was_acknowledged_survives_a_crash_of_the_server(messengers: Messengers) -> None:
    fake, assistant = messengers.fakes["telegram"], messengers.assistant
    fake.is_down = lambda: True
    before = len(fake.sent)
    assert fake.say(77, "Wer berät mich in Erlangen?") == 200
    wait(lambda: open_events(messengers.data) == 1)
    assistant.kill("rasa")
    fake.is_down = lambda: False
    assistant.revive()
    settle(messengers.data, 60)
    assert "Netzwerk Bayern" in " ".join(sent.text for sent in fake.sent[before:] if sent.to == "77")


# Talks in typed words only; each file names a behaviour of the conversation (see tests/dialogues/test_talks.py).
_FILES = ("memory_and_corrections", "asking_well", "words_and_two_questions")
TYPED = [
    case
    for name in _FILES
    for case in yaml.safe_load((CASES / f"talks/{name}.yml").read_text(encoding="utf-8"))
    if all("say" in turn for turn in case["turns"])
][:21]


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("channel", CHANNELS)
def test_talks_of_the_website_end_with_the_same_advice(channel: str, messengers: Messengers) -> None:
    assert len(TYPED) >= 20
    for case in TYPED:
        here, there = messengers.talk(channel), Talk(messengers.assistant.url)
        for turn in case["turns"]:
            answer, expected = here.say(turn["say"]), there.say(turn["say"])
        assert sentences(expected.messages[0]["text"])[0] in _plain(answer.text), (case["name"], answer.text)
        for contact in expected.advice["contacts"][:1]:
            assert contact["name"] in _plain(answer.text), case["name"]
