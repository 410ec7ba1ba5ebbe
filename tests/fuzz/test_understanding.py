"""Any text, however odd, is understood, redacted, answered and pre-screened without an error."""

from __future__ import annotations

import json

import pytest

from bot.channels.base import CHOICE_ID, clean, payload
from bot.commands.ask import readable
from bot.nlu.understanding import Understander
from knowledge import advise, custom, messages
from knowledge.loader import Knowledge
from knowledge.message import greeting
from knowledge.redaction import redact, silent
from knowledge.text import key
from knowledge.urgency import NORMAL, urgency
from prescreen.batch import Prescreener
from prescreen.items import item
from tests.fuzz.fuzz import fuzz
from tests.fuzz.inputs import texts


def test_what_a_channel_cleans_can_be_stored_and_is_never_a_command() -> None:
    def entry(text: str) -> None:
        cleaned = clean(text)
        assert not cleaned.startswith("/")
        cleaned.encode()

    fuzz(texts, entry)


def test_redaction_reads_everything_and_ends() -> None:
    def entry(text: str) -> None:
        silent(redact(text))

    fuzz(texts, entry)


def test_the_glossary_and_urgency_read_everything(knowledge: Knowledge) -> None:
    def entry(text: str) -> None:
        knowledge.glossary.asked(key(text))
        urgency(text, knowledge.urgency, "")

    fuzz(texts, entry)


@pytest.mark.assistant
def test_every_text_gets_an_answer_that_json_can_hold(understander: Understander, knowledge: Knowledge) -> None:
    def entry(text: str) -> None:
        enquiry = understander.understand(readable(text)).enquiry(knowledge)
        advice = advise(enquiry, knowledge)
        said = [*greeting(enquiry.language, advice.asks, knowledge), *messages(advice, knowledge)]
        assert said and all(message.text.strip() for message in said)
        json.dumps(custom(advice)).encode()

    fuzz(texts, entry)


@pytest.mark.assistant
def test_every_enquiry_is_prescreened(understander: Understander, knowledge: Knowledge) -> None:
    reader = Prescreener(understander, knowledge, "both")

    def entry(text: str) -> None:
        read = item("1", text, "line 1")
        result = reader.screen(read)
        assert result["error"] == read.error
        assert result["urgency"]["level"] in (NORMAL, "soon", "now")
        json.dumps(result, ensure_ascii=False).encode()

    fuzz(texts, entry)


def test_only_ids_of_ours_become_commands() -> None:
    def entry(text: str) -> None:
        for choice in (text, f"land:{text}", f"topic:x{text}"):
            if CHOICE_ID.match(choice):
                assert choice.isascii() and choice.isprintable()
                assert json.loads(payload(choice).removeprefix("/choose")) == {"choice": choice}

    fuzz(texts, entry)
