"""Personal data goes, what the answer needs stays: measured on a labelled set, and quick enough for the chat."""

from __future__ import annotations

import time

import pytest

from knowledge.redaction import find, redact
from tests.knowledge.redaction_cases import cases, measure, table

KINDS = {"Datum", "E-Mail", "IBAN", "Name", "Nummer", "Straße", "Telefon"}


def test_recall_and_precision_are_as_promised() -> None:
    figures = measure()
    report = "\n".join([table(figures), *figures.wrong])
    assert set(figures.labelled) == KINDS and min(figures.labelled.values()) >= 10
    assert figures.recall >= 0.97 and figures.precision >= 0.97, report
    for kind in KINDS:
        assert figures.hit[kind] / figures.labelled[kind] >= 0.95, report


def test_the_set_is_large_and_a_third_of_it_has_nothing_to_take_out() -> None:
    texts = cases()
    assert len(texts) >= 250 and len({text for text, _ in texts}) == len(texts)
    assert sum(not labels for _, labels in texts) >= len(texts) / 3


def test_redacting_twice_changes_nothing_more() -> None:
    for text, _ in cases():
        once = redact(text)
        assert redact(once) == once


def test_a_usual_message_costs_less_than_a_millisecond() -> None:
    texts = [text for text, _ in cases()]
    redact(texts[0])
    start = time.process_time()
    for text in texts:
        redact(text)
    assert (time.process_time() - start) / len(texts) < 0.001


@pytest.mark.parametrize(
    "text", ["1 ", "0", "12 ", "a-", "a@", "+", "Frau ", "Straße ", "Az. A", "eins ", "ich bin ", "\n", "*"]
)
def test_no_text_keeps_it_busy(text: str) -> None:
    start = time.process_time()
    find(text * (12_000 // len(text)))
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize("text", ["", " ", "\ufffc", "[Name]", "⟦", "😀", "\x00", "İ" * 50, "ich heiße", "Frau ", "geb. "])
def test_any_text_can_be_redacted(text: str) -> None:
    assert redact(text) == text


def test_numbers_of_offices_that_we_print_ourselves_stay() -> None:
    for text in ("Hotline +49 30 1815-1111", "030 1815 1111 ist besetzt", "Telefon: 0800 111 0 111", "Telefon 116 016"):
        assert redact(text) == text
