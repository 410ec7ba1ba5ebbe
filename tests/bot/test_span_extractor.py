"""The component that reads spans keeps up with edits of the knowledge, and no talk waits for it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import span_extractor
from bot.nlu.span_extractor import SpanExtractor
from bot.nlu.spans import SpanReader
from knowledge import loader, store
from knowledge.loader import Knowledge

pytestmark = pytest.mark.assistant


def places(extractor: SpanExtractor) -> list[str]:
    message = Message({TEXT: "Ich wohne in Zwiefalten."})
    extractor.process([message])
    return [str(entity["entity"]) for entity in message.get(ENTITIES)]


def test_an_edit_is_read_beside_the_talks_which_go_on_with_what_was_before(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor, go_on = SpanExtractor(), threading.Event()

    def slow(knowledge: Knowledge) -> SpanReader:
        assert go_on.wait(30)
        return SpanReader(knowledge)

    # The places of the cut tables, without this one.
    newer = loader.load(data)
    monkeypatch.setattr(span_extractor, "SpanReader", slow)
    monkeypatch.setattr(store, "current", lambda: newer)
    assert "place" in places(extractor)
    go_on.set()
    end = time.monotonic() + 30
    while "place" in places(extractor):
        assert time.monotonic() < end
        time.sleep(0.05)
