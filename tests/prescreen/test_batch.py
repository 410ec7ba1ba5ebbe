"""Broken input becomes rows with `error`; the rest goes on, in order."""

from __future__ import annotations

import io
import json

import pytest

from prescreen.batch import failed
from prescreen.lines import jsonl


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "is not JSON"),
        ("[1, 2]", "is no object"),
        ('"text"', "is no object"),
        ('{"id": 7}', 'has no "text"'),
        ('{"id": 7, "text": 5}', 'has no "text"'),
        ('{"id": 7, "text": "  "}', 'has no "text"'),
    ],
)
def test_a_broken_line_is_explained_with_its_number(line: str, error: str) -> None:
    (item,) = jsonl(io.StringIO("\n" * 11 + line))
    assert error in str(item.error) and "line 12" in str(item.error)


def test_the_id_of_a_broken_record_is_kept() -> None:
    assert next(jsonl(io.StringIO('{"id": "a7"}'))).id == "a7"


def test_a_failed_enquiry_has_all_fields_of_the_contract() -> None:
    record = failed("a", "x", "why")
    assert record["error"] == "why" and record["contacts"] == [] and record["sure"] is False
    json.dumps(record)
