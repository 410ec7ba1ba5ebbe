"""What an editor is shown: texts that differ from their records, and records that grow old."""

from datetime import date
from pathlib import Path

import pytest

from knowledge import review
from tests.knowledge.test_loader import edit, only


def test_our_texts_say_what_their_records_say() -> None:
    assert [str(fault) for fault in review.differences()] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "wrong"),
    [
        ("answers/costs_funding.yml", "100 und 600 Euro", "100 und 700 Euro", "„700“ stands in none of the facts"),
        ("answers/duration.yml", "drei bis vier Monate", "drei bis neun Monate", "„neun“ stands in none of the facts"),
        ("answers/costs_funding.yml", "1.184 Euro", "1.185 Euro", "„1.185“ stands in none of the facts"),
        ("texts.yml", "+49 30 1815-1111", "+49 30 1815-1112", "no record has the number +49 30 1815-1112"),
        (
            "answers/competent_body.yml",
            "www.anerkennung-in-deutschland.de",
            "www.anerkennung-deutschland.de",
            "no record has the address",
        ),
    ],
)
def test_a_text_that_differs_from_its_record_is_found(data: Path, file: str, old: str, new: str, wrong: str) -> None:
    edit(data / file, old, new)
    fault = only(review.differences(data))
    assert fault.file == file and wrong in fault.wrong
    line = (data / file).read_text(encoding="utf-8").splitlines()
    assert any(new in text for text in line[fault.line - 1 : fault.line + 8])


def test_records_older_than_the_age_are_named_with_their_line(data: Path) -> None:
    old = review.outdated(date(2026, 11, 25), 24, data)
    assert any("„hilfetelefon_frauen“ is of 2023-06-01, 41 months old" in fault.wrong for fault in old)
    assert all("2015-2018" not in fault.file for fault in old)
    assert review.outdated(date(2026, 11, 25), 1000, data) == []


def test_what_people_are_sent_to_has_an_address() -> None:
    found = review.addresses()
    assert "https://www.netzwerk-iq.de" in found
    assert all(address.startswith("https://") for address in found)
