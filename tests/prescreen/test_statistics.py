"""Counts of talks: right, by Land, and no small cell, also not by reckoning back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge.loader import Knowledge
from prescreen import plots
from prescreen.desk.desk import names
from prescreen.statistics import FEWEST, Statistics, collect, shown
from prescreen.talks import Talks
from tests.prescreen.tracker import NOON, Tracker


@pytest.fixture
def talks(tracker: Tracker) -> Talks:
    """Twelve of Schleswig-Holstein, five of Berlin, three of Bavaria, six of no Land."""
    number = 0
    for land, count in (("DE-SH", 12), ("DE-BE", 5), ("DE-BY", 3), (None, 6)):
        for i in range(count):
            number += 1
            tracker.turn(f"{number}", "x", "documents" if i % 2 else None, land=land, time=NOON + timedelta(days=7 * (i % 2)))
            tracker.turn(f"{number}", "y", "documents", land=None)
    return Talks(tracker.url)


def test_talks_are_counted_once_in_each_cell(talks: Talks) -> None:
    found = collect(talks.turns(), {"1", "2", "3", "4", "5"}, lambda land: True)
    assert found.talks == 26
    assert found.tables["topics"].cells == {"documents": 26, "unsure": 14}
    assert found.unsure == 14 / 26 and found.handovers == 5 / 26
    assert sum(found.tables["weeks"].cells.values()) == 26 and list(found.tables["languages"].cells) == ["de"]


def test_small_cells_are_hidden_and_cannot_be_reckoned_back(talks: Talks) -> None:
    lands = collect(talks.turns(), set(), lambda land: True).tables["lands"]
    assert lands.cells == {"DE-SH": 12} and lands.hidden == 2


def test_a_user_sees_the_talks_of_the_own_laender(talks: Talks) -> None:
    found = collect(talks.turns(), set(), lambda land: land == "DE-SH")
    assert found.talks == 12 and found.tables["lands"].cells == {"DE-SH": 12}
    few = collect(talks.turns(), set(), lambda land: land == "DE-BY")
    assert few == Statistics(None, None, None, few.tables) and not any(table.cells for table in few.tables.values())


@pytest.mark.parametrize("part", [0, 1, 4, 22, 25, 26])
def test_a_share_of_few_is_hidden(talks: Talks, part: int) -> None:
    found = collect(talks.turns(), {str(i) for i in range(1, part + 1)}, lambda land: True)
    assert found.handovers is None


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ({}, {}),
        ({"a": 4}, {}),
        ({"a": 5}, {"a": 5}),
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        ({"a": 1, "b": 9, "c": 20}, {"c": 20}),
        ({"a": 1, "b": 1, "c": 9, "d": 20}, {"d": 20}),
        ({"a": 3, "b": 3, "c": 9, "d": 20}, {"c": 9, "d": 20}),
    ],
)
def test_hidden_cells_are_several_and_as_many_as_a_cell_must_have(counts: dict[str, int], cells: dict[str, int]) -> None:
    table = shown(counts)
    assert table.cells == cells and table.hidden == len(counts) - len(cells)
    rest = sum(counts.values()) - sum(cells.values())
    assert rest == 0 or rest >= FEWEST or not cells


@pytest.mark.parametrize("name", list(plots.TITLES))
def test_pictures_show_the_numbers_and_no_text_of_a_talk(talks: Talks, knowledge: Knowledge, name: str) -> None:
    found = collect(talks.turns(), set(), lambda land: True)
    svg = plots.picture(name, found, knowledge, names(knowledge), "svg")
    assert svg == plots.picture(name, found, knowledge, names(knowledge), "svg")
    assert b"<svg" in svg and len(svg) < 600_000
    assert plots.picture(name, found, knowledge, names(knowledge), "png").startswith(b"\x89PNG")


def test_a_picture_of_nothing_says_so(knowledge: Knowledge) -> None:
    nothing = collect([], set(), lambda land: True)
    for name in plots.TITLES:
        assert plots.picture(name, nothing, knowledge, names(knowledge), "png").startswith(b"\x89PNG")


def test_every_language_that_is_recognised_has_a_german_name(knowledge: Knowledge) -> None:
    assert set(names(knowledge).languages) == set(knowledge.languages)
