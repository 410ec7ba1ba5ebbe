"""Where a person lives: the table of hand-written messages."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.nlu import german, residence
from knowledge.loader import Knowledge
from tests.conftest import CASES

TABLE: list[dict[str, Any]] = yaml.safe_load((CASES / "places.yml").read_text(encoding="utf-8"))


def read(text: str, knowledge: Knowledge, asked: bool = False) -> residence.Residence:
    return residence.read(german.language()(text), knowledge.places, asked=asked)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["text"])
def test_the_land_of_a_message(case: dict[str, Any], knowledge: Knowledge) -> None:
    found = read(case["text"], knowledge, case.get("asked", False))
    if "land" in case:
        assert (found.land, found.lands) == (case["land"], ()), case["why"]
    elif case["lands"] == "any":
        assert found.land is None and len(found.lands) > 1, case["why"]
    elif case["lands"] == "unknown":
        assert found.land is None and found.unknown, case["why"]
    else:
        assert sorted(found.lands) == sorted(case["lands"]), case["why"]


def test_the_table_is_large_and_names_all_laender() -> None:
    assert len(TABLE) >= 100
    assert len({case["land"] for case in TABLE if case.get("land")}) == 16


def test_the_offsets_point_at_the_name_in_the_original(knowledge: Knowledge) -> None:
    text = "Ich  wohne\nin Gütersloh!"
    found = read(text, knowledge)
    assert text[found.start : found.end] == "Gütersloh"


HOSTILE = ["", "   ", "!!!", "😀😀", "\x00", "a" * 5000, "in " * 800, "Köln " * 400, "(((", "12345 " * 300]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read_without_an_error(text: str, knowledge: Knowledge) -> None:
    read(text, knowledge)
