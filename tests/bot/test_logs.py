"""What a line of the log says of an error: where, and of what kind; never the words that were in it."""

from __future__ import annotations

import json
import logging
import socket
import sys

import pytest

from bot import logs

KEY = b"k" * 32


def _record(message: object, *values: object, name: str = "sanic.error", error: bool = False) -> logging.LogRecord:
    trace = None
    if error:
        try:
            int("Quastenflosser")
        except ValueError:
            trace = sys.exc_info()
    return logging.LogRecord(name, logging.ERROR, logs.__file__, 1, message, values, trace)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (_record("could not read %s", "Quastenflosser"), "could not read %s (at logs.py:1)"),
        (_record("could not read Quastenflosser"), "… (at logs.py:1)"),
        (_record("Names of events"), "Names of events (at logs.py:1)"),
        (_record(ValueError("Quastenflosser")), "… (at logs.py:1)"),
        (_record('{"event": "processor.message.failed", "text": "Quastenflosser"}'), "processor.message.failed (at logs.py:1)"),
        (_record('{"event": "Quastenflosser is broken"}'), "… (at logs.py:1)"),
        (_record("{Quastenflosser"), "… (at logs.py:1)"),
        (_record("Redis: %s", "away", name="wegweiser.website"), "Redis: away"),
    ],
)
def test_a_message_is_what_stands_in_the_source(record: logging.LogRecord, said: str) -> None:
    line = json.loads(logs.Lines(KEY, as_json=True).format(record))
    assert line["message"] == said and "error" not in line


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_its_kind_and_its_places(as_json: bool) -> None:
    line = logs.Lines(KEY, as_json).format(_record("A turn failed.", name="wegweiser.x", error=True))
    assert "ValueError at tests/bot/test_logs.py:" in line and "Quastenflosser" not in line and "\n" not in line


def test_an_error_of_the_system_has_its_number_by_name() -> None:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        record = _record("A server did not start.", name="wegweiser.x")
        try:
            other.bind(one.getsockname())
        except OSError:
            record.exc_info = sys.exc_info()
    assert "OSError EADDRINUSE at " in logs.Lines(KEY).format(record)


def test_with_details_everything_is_written() -> None:
    assert "Quastenflosser" in logs.Lines(KEY, details=True).format(_record("x", error=True))


def test_a_talk_is_a_keyed_hash() -> None:
    token = logs.talk.set("someone")
    try:
        one, other = (json.loads(logs.Lines(key, as_json=True).format(_record("x")))["talk"] for key in (KEY, b"other"))
    finally:
        logs.talk.reset(token)
    assert len(one) == 12 and one != other and "someone" not in one


def test_a_line_break_in_a_message_makes_no_line_of_its_own() -> None:
    line = logs.Lines(KEY).format(_record("x\n2026-01-01 ERROR forged", name="wegweiser.x"))
    assert [part[:4] for part in line.splitlines()[1:]] == ["    "]
