"""The journal: nothing is lost and nothing twice, wherever a run is killed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prescreen.batch import failed
from prescreen.items import Item
from prescreen.journal import Journal, OtherRun, about_input, results
from prescreen.work import chunks, in_order

GOOD = json.dumps({"id": 1, "error": None})
BAD = json.dumps(failed(2, "", "why"))


def test_what_was_added_is_there_again(tmp_path: Path) -> None:
    with Journal(tmp_path / "out.csv", {"input": "a"}) as journal:
        journal.add([GOOD, BAD])
    with Journal(tmp_path / "out.csv", {"input": "a"}) as journal:
        assert (journal.done, journal.failed) == (2, 1)
        journal.add([GOOD])
    assert [one["id"] for one in results(tmp_path / "out.csv.part")] == [1, 2, 1]


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_half_a_line_is_done_again(tmp_path: Path, cut: int) -> None:
    with Journal(tmp_path / "out", {}) as journal:
        journal.add([GOOD, GOOD])
    part = tmp_path / "out.part"
    part.write_bytes(part.read_bytes()[:-cut])
    with Journal(tmp_path / "out", {}) as journal:
        assert journal.done == 1
        journal.add([GOOD])
    assert part.read_text("utf-8") == f"{GOOD}\n" * 2


def test_work_of_another_run_is_not_mixed_in(tmp_path: Path) -> None:
    with Journal(tmp_path / "out", {"input": "a", "options": []}) as journal:
        journal.add([GOOD])
    with pytest.raises(OtherRun, match=r"another options.*--fresh"), Journal(tmp_path / "out", {"input": "a", "options": [1]}):
        pass
    with Journal(tmp_path / "out", {"input": "a", "options": [1]}, fresh=True) as journal:
        assert journal.done == 0


def test_a_changed_input_is_another_input(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("a", encoding="utf-8")
    before = about_input(str(tmp_path / "in.txt"))
    assert about_input(str(tmp_path / "in.txt")) == before
    (tmp_path / "in.txt").write_text("ab", encoding="utf-8")
    assert about_input(str(tmp_path / "in.txt")) != before


def test_work_is_handed_out_in_small_portions_and_comes_back_in_order() -> None:
    taken = 0

    def items() -> object:
        nonlocal taken
        for taken in range(1, 1001):
            yield Item(taken, "x")

    class Later:
        def __init__(self, chunk: list[Item]) -> None:
            self.chunk = chunk

        def result(self) -> list[str]:
            return [str(item.id) for item in self.chunk]

    seen: list[str] = []
    for lines in in_order(Later, items(), most=3):  # type: ignore[arg-type]
        seen += lines
        assert taken - len(seen) <= 3 * 64
    assert seen == [str(i) for i in range(1, 1001)]


def test_chunks_lose_nothing() -> None:
    items = [Item(i, "x") for i in range(10)]
    assert [len(chunk) for chunk in chunks(items, 4)] == [4, 4, 2]
