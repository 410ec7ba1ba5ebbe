"""Every format that comes in, and the broken, huge and hostile files that people and their programs make."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from prescreen.items import LONGEST, InputError, Item
from prescreen.readers import KINDS, count, read

QUESTION = "Wer berät mich in Köln? Übersetzung für 50 €"


def texts(path: Path, column: str | None = None) -> list[str]:
    return [item.text for item in read(str(path), column)]


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def sheet(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_table_is_read_whatever_its_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    text = QUESTION.replace("€", "Euro") if encoding == "latin-1" else QUESTION
    rows = (
        ["Nr", "Nachricht", "Datum"],
        ["a1", text, "12.03.2026"],
        ["a2", "Wo finde ich einen Kurs, bitte; danke", "13.03.2026"],
    )
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    path = write(tmp_path / "in.csv", "\r\n".join(lines), encoding)
    assert [(item.id, item.text) for item in read(str(path))] == [("a1", text), ("a2", rows[2][1])]


@pytest.mark.parametrize("head", ["", "Nachricht\n", "text\n"])
def test_commas_in_a_single_column_do_not_cut_it(tmp_path: Path, head: str) -> None:
    rows = [
        "Ich wohne in Kiel, wer hilft mir?",
        "Guten Tag, ich bin Koch, 34 Jahre, aus Polen.",
        "Was kostet das?",
        "Ja, gern, danke, gut",
    ]
    assert texts(write(tmp_path / "in.csv", head + "\n".join(rows))) == rows


def test_cyrillic_in_the_encoding_of_windows_is_read(tmp_path: Path) -> None:
    text = "Я медсестра из Харькова и живу в Берлине. Какие документы нужны для признания диплома? Спасибо за ответ."
    assert texts(write(tmp_path / "in.csv", f"id;text\n1;{text}\n" * 3, "cp1251"))[0] == text


def test_cells_with_line_ends_and_quotes_stay_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", 'id;text\n1;"Guten Tag,\nich ""suche"" einen Kurs; bald."\n2;Danke\n')
    assert texts(path) == ['Guten Tag,\nich "suche" einen Kurs; bald.', "Danke"]


@pytest.mark.parametrize("column", ["Freitext", "freitext", "2"])
def test_the_column_can_be_named_or_counted(tmp_path: Path, column: str) -> None:
    path = write(tmp_path / "in.csv", "Nachricht;Freitext;Ort\nfalsch;richtig, bitte;Kiel\n")
    rows = texts(path, column)
    assert rows[-1] == "richtig, bitte" and "falsch" not in rows


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"„Anliegen“.*„id“, „text“"):
        list(read(str(write(tmp_path / "in.csv", "id;text\n1;x\n")), "Anliegen"))


def test_a_table_without_headings_is_read_by_its_longest_column(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", f"1;{QUESTION};x\n2;Wie lange dauert die Anerkennung?;y\n")
    assert texts(path) == [QUESTION, "Wie lange dauert die Anerkennung?"]


def test_excel_is_read_with_numbers_dates_and_empty_rows(tmp_path: Path) -> None:
    path = sheet(tmp_path / "in.xlsx", [["ID", "Anfrage"], [7, QUESTION], [None, None], [9, None], [10, 12345]])
    found = list(read(str(path)))
    assert [(item.id, item.text, item.error) for item in found] == [
        ("7", QUESTION, None),
        ("9", "", "row 4 has no text"),
        ("10", "12345", None),
    ]


def test_an_excel_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = sheet(tmp_path / "bomb.xlsx", [["text"], ["x"]])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w", force_zip64=True) as file,
    ):
        for _ in range(80):
            file.write(b" " * 1_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(InputError, match="would unpack to 80 MB"):
        list(read(str(path)))


def test_an_excel_file_whose_entities_blow_up_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path / "in.xlsx", [["text"], ["x"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    laughs = b'<!DOCTYPE a [<!ENTITY b "hahahahaha"><!ENTITY c "&b;&b;&b;&b;">]>'
    parts["xl/worksheets/sheet1.xml"] = laughs + parts["xl/worksheets/sheet1.xml"].replace(b"<v>0</v>", b"<v>&c;</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(InputError, match="cannot be read as an Excel file"):
        list(read(str(path)))


@pytest.mark.parametrize(
    "content", ids=range(4), argvalues=[b"", b"PK\x03\x04" + b"\0" * 50, b"\x00\xff" * 400, b"<html>Tabelle</html>"]
)
def test_what_is_no_excel_file_is_a_wrong_call(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read as an Excel file"):
        list(read(str(write(tmp_path / "in.xlsx", content))))


def test_plain_text_is_one_enquiry_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "in.txt", f"{QUESTION}\n\n   \nZweite Frage?\n", "cp1252")
    assert [(item.id, item.text) for item in read(str(path))] == [(1, QUESTION), (4, "Zweite Frage?")]


def test_a_json_line_that_is_endless_or_deep_or_broken_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = json.dumps({"id": "x", "text": "Kiel"})
    lines = [
        good,
        "[" * 100_000,
        '{"id": 3, "text": "' + "a" * 2_000_000 + '"}',
        "\x00\x01",
        '{"text": "\ud800"}'.encode("utf-8", "replace").decode(),
        good,
    ]
    found = list(read(str(write(tmp_path / "in.jsonl", "\n".join(lines)))))
    assert [item.text for item in found if item.error is None] == ["Kiel", "?", "Kiel"]
    assert [item.id for item in found] == ["x", 2, 3, 4, 5, "x"]
    assert "longer than 1,000,000" in str(found[2].error)


@pytest.mark.parametrize("name", ["in.txt", "in.csv", "in.jsonl", "in.mbox"])
def test_a_line_of_50_megabytes_does_not_fill_the_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        for _ in range(50):
            file.write(b"Ich suche einen Kurs. " * 47_662)
        file.write(b"\n")
    tracemalloc.start()
    for _ in read(str(path)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000


@pytest.mark.parametrize("name", [f"in{kind}" for kind in KINDS if kind != ".xlsx"])
@pytest.mark.parametrize(
    "content", [b"", b"\n\n", bytes(range(256)) * 40, b"\0" * 5000, b"\xff\xfe\x00", b'"' * 5000, b"From \n" * 50]
)
def test_garbage_is_read_without_an_exception_and_gives_printable_text(tmp_path: Path, name: str, content: bytes) -> None:
    for item in read(str(write(tmp_path / name, content))):
        assert isinstance(item, Item) and all(c.isprintable() or c == "\n" for c in item.text)


def test_an_unclosed_quote_does_not_swallow_the_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", 'id;text\n1;"nie zu\n' + "2;Kiel, wer berät mich?\n" * 100_000)
    found = list(read(str(path)))
    assert any("cannot be read" in str(item.error) for item in found) and len(found) > 1


def test_a_very_long_text_is_cut_and_marked(tmp_path: Path) -> None:
    (item,) = read(str(write(tmp_path / "in.jsonl", json.dumps({"id": 1, "text": "Kurs " * 50_000}))))
    assert len(item.text) < LONGEST + 10 and item.text.endswith("[…]")


def test_a_folder_is_read_by_name_and_a_broken_file_in_it_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write(tmp_path / "b/mail.eml", "Subject: Kurs\n\nWo finde ich einen Kurs in Kiel?")
    write(tmp_path / "a.txt", "Erste Frage?\nZweite Frage?")
    write(tmp_path / "c.xlsx", b"PK no")
    write(tmp_path / "picture.png", b"\x89PNG")
    found = list(read(str(tmp_path)))
    assert [item.id for item in found] == ["a.txt:1", "a.txt:2", "b/mail.eml", "c.xlsx"]
    assert [bool(item.error) for item in found] == [False, False, False, True]


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("none.csv", None, "There is no file"),
        ("in.pdf", None, "no kind that can be read"),
        ("in.txt", "2", "--column is for tables"),
        ("", None, "no file that can be read"),
    ],
)
def test_a_wrong_call_is_told(tmp_path: Path, name: str, column: str | None, message: str) -> None:
    for there in ("in.pdf", "in.txt"):
        if there == name:
            write(tmp_path / there, "x")
    with pytest.raises(InputError, match=message):
        list(read(str(tmp_path / name), column))


def test_the_number_of_enquiries_is_told_beforehand(tmp_path: Path) -> None:
    assert count(str(write(tmp_path / "in.txt", "a\n\nb\n"))) == 2
    assert count(str(write(tmp_path / "in.mbox", "From a\n\nx\n\nFrom b\n\ny\n"))) == 2
    assert count("-") is None
