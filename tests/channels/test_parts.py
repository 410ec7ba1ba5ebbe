"""Cutting texts, waiting times, numbered lists: the parts of the base that need no server."""

from __future__ import annotations

import random
import stat
import time
from email.utils import formatdate
from pathlib import Path

from bot.channels.api import _after
from bot.channels.delivery import DeadLetters, Lists
from bot.channels.journal import Journal
from bot.channels.options import Field, Options, key_of, keyed
from bot.channels.parts import Numbers, length, split

WORDS = ["Anerkennung", "z. B.", "Beruf.", "Ja!", "😀", "مرحبا", "\n", "Und?", "https://www.netzwerk-iq.de", "x" * 40, "„So.“"]


def test_whatever_the_text_no_letter_is_lost_and_no_piece_too_long() -> None:
    chance = random.Random(8)
    for _ in range(300):
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 60)))
        limit = chance.randint(10, 200)
        pieces = split(text, limit)
        assert all(0 < length(piece) <= limit for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_text_is_cut_between_sentences_rather_than_inside() -> None:
    assert split("Das ist eins. Das ist zwei. Das ist drei.", 30) == ["Das ist eins. Das ist zwei.", "Das ist drei."]
    assert split("Zeile eins\nZeile zwei", 12) == ["Zeile eins", "Zeile zwei"]
    assert split("  ", 5) == []


def test_retry_after_is_a_number_or_a_date() -> None:
    assert _after("3") == 3.0
    assert 50 < (_after(formatdate(time.time() + 60, usegmt=True)) or 0) <= 60
    assert _after(formatdate(time.time() - 60, usegmt=True)) == 0.0
    assert _after(None) is None and _after("soon") is None


def test_remembered_lists_are_bounded() -> None:
    lists = Lists()
    for i in range(Lists.MOST + 5):
        numbers = Numbers()
        numbers.add(f"land:{i}")
        lists.remember(str(i), numbers)
    assert lists.chosen("0", "1") is None
    assert lists.chosen(str(Lists.MOST + 4), "1") == f"land:{Lists.MOST + 4}"
    assert len(lists._lists) == Lists.MOST


def test_the_same_choice_has_the_same_number_in_one_turn() -> None:
    numbers = Numbers()
    assert [numbers.add(id) for id in ("a", "b", "a")] == [1, 2, 1]


def test_the_journal_forgets_the_words_and_remembers_the_event(tmp_path: Path) -> None:
    path = tmp_path / "messengers.db"
    journal = Journal(path)
    assert journal.add("slack", "e1", "Ich wohne in Kiel") and not journal.add("slack", "e1", "Ich wohne in Kiel")
    assert journal.unanswered("slack") == [("e1", "Ich wohne in Kiel", 0)]
    assert journal.unanswered("slack") == [("e1", "Ich wohne in Kiel", 1)]
    assert journal.unanswered("matrix") == []
    journal.done("slack", "e1")
    assert journal.unanswered("slack") == [] and not journal.add("slack", "e1", "x")
    assert not any(b"Kiel" in file.read_bytes() for file in tmp_path.iterdir())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    journal.close()


def test_the_key_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    key = key_of(tmp_path)
    assert key == key_of(tmp_path) and len(key) == 64
    assert [stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()] == [0o600]
    assert keyed(key, "a", "b") == keyed(key, "a", "b") != keyed(key, "ab")
    assert keyed(b"other", "a", "b") != keyed(key, "a", "b")


def test_a_channel_is_on_when_all_that_it_must_have_is_set() -> None:
    fields = (Field("TOKEN", "the token"), Field("URL", "the address", "https://x"))
    on = Options("slack", fields, {"WEGWEISER_SLACK_TOKEN": " t "})
    assert on.on and on["TOKEN"] == "t" and on["URL"] == "https://x"
    off = Options("slack", fields, {"WEGWEISER_SLACK_TOKEN": " "})
    assert not off.on and off.missing == ["TOKEN"] and not off.begun


def test_the_record_of_undelivered_messages_does_not_grow_without_end(tmp_path: Path) -> None:
    dead = DeadLetters(tmp_path / "dead.jsonl")
    dead.add("slack", "a" * 32, "blocked")
    assert dead._file.maxBytes <= 1_000_000 and dead._file.backupCount <= 5
    assert (tmp_path / "dead.jsonl").read_text().count("a" * 13) == 0
    dead.close()
