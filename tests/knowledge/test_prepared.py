"""What is prepared of the long tables is kept, read again without the tables, and made again when it is old or damaged."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from knowledge import files, loader, tables
from knowledge.errors import BrokenKnowledge
from knowledge.prepared import Cupboard, stamp
from knowledge.store import Store


def places(knowledge: loader.Knowledge) -> list[str]:
    return [place.name for place in knowledge.places.municipalities]


def test_what_was_kept_gives_the_same_knowledge_without_reading_the_tables(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = loader.load(data, Cupboard(tmp_path / "kept"))
    assert {path.stem.split("-")[0] for path in (tmp_path / "kept").iterdir()} == {*tables.KINDS, "records"}
    asked: list[str] = []
    read = tables.read

    def spy(folder: Path, kinds: list[str]) -> object:
        asked.extend(kinds)
        return read(folder, kinds)

    monkeypatch.setattr(tables, "read", spy)
    second = loader.load(data, Cupboard(tmp_path / "kept"))
    assert asked == []
    assert places(second) == places(first) and second.professions.by_id == first.professions.by_id
    assert second.countries.by_code == first.countries.by_code and second.lexicon.names == first.lexicon.names


def test_checked_records_are_not_read_and_checked_again_and_give_the_same_knowledge(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = loader.load(data, Cupboard(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(files, "read_all", lambda _: pytest.fail("the records were read again"))
        second = loader.load(data, Cupboard(tmp_path))
    for name in ("topics", "subjects", "texts", "facts", "answers", "services", "editions", "contacts"):
        assert getattr(second, name) == getattr(first, name), name
    assert second.professions.by_id == first.professions.by_id
    texts = data / "texts.yml"
    texts.write_text(texts.read_text(encoding="utf-8") + "nonsense: [\n", encoding="utf-8")
    with pytest.raises(BrokenKnowledge, match=r"texts\.yml"):
        loader.load(data, Cupboard(tmp_path))


@pytest.mark.parametrize("damage", [b"", b"no zip at all", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_made_again(damage: bytes, data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = loader.load(data, Cupboard(tmp_path))
    (kept,) = tmp_path.glob("places-*.prepared")
    sound = kept.read_bytes()
    kept.write_bytes(damage)
    with caplog.at_level(logging.WARNING, "wegweiser.knowledge"):
        assert places(loader.load(data, Cupboard(tmp_path))) == places(first)
    assert kept.name in caplog.text and len(kept.read_bytes()) == len(sound)


def test_one_flipped_byte_is_noticed(data: Path, tmp_path: Path) -> None:
    first = loader.load(data, Cupboard(tmp_path))
    (kept,) = tmp_path.glob("places-*.prepared")
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(content)
    assert Cupboard(tmp_path).find("places", kept.stem.removeprefix("places-")) is None
    assert places(loader.load(data, Cupboard(tmp_path))) == places(first)


def test_an_edit_of_a_table_is_made_anew_and_takes_the_place_of_the_old(data: Path, tmp_path: Path) -> None:
    loader.load(data, Cupboard(tmp_path))
    (old,) = tmp_path.glob("places-*.prepared")
    table = data / "plz.csv"
    table.write_text(table.read_text(encoding="utf-8") + "99999,Neustadt,DE-TH,ort,,\n", encoding="utf-8")
    assert loader.load(data, Cupboard(tmp_path)).places.code("99999") == (("DE-TH",), ("Neustadt",))
    (new,) = tmp_path.glob("places-*.prepared")
    assert new != old


def test_a_broken_table_is_refused_and_nothing_of_it_kept(data: Path, tmp_path: Path) -> None:
    loader.load(data, Cupboard(tmp_path))
    before = sorted(tmp_path.iterdir())
    (data / "plz.csv").write_text("plz,places\n1,2\n", encoding="utf-8")
    with pytest.raises(BrokenKnowledge, match=r"plz\.csv"):
        loader.load(data, Cupboard(tmp_path))
    assert sorted(tmp_path.iterdir()) == before


def test_where_nothing_can_be_written_the_knowledge_is_read_all_the_same(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "wegweiser.knowledge"):
        assert places(Store(data, tmp_path / "file").current())
    assert "the next start takes longer" in caplog.text


def test_the_stamp_changes_with_each_of_its_files(data: Path) -> None:
    for names in tables.KINDS.values():
        for name in names:
            before = stamp(data, names)
            path = data / name
            path.write_bytes(path.read_bytes() + b"\n")
            assert stamp(data, names) != before, name
