"""What goes out: the same results in four forms, harmless in a spreadsheet and in a browser."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.loader import Knowledge
from prescreen import flat, report
from prescreen.batch import failed
from prescreen.writers import write

EVIL = [
    '=HYPERLINK("http://evil.example";"Klick")',
    "+49+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
]
MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick='x' {{ 7*7 }} &amp;"


def result(id: object, text: str, level: str = "normal", **more: Any) -> dict[str, Any]:
    reasons = [{"reason": "deadline", "label": "Frist", "because": text[:40]}] if level != "normal" else []
    return failed(id, text, "") | {
        "topic": "documents",
        "topics": [{"topic": t, "confidence": 0.5, "because": []} for t in ("documents", "duration")],
        "confidence": 0.5,
        "land": "DE-SH",
        "lands": ["DE-SH"],
        "asker": "migrant",
        "language": "de",
        "urgency": {"level": level, "reasons": reasons},
        "missing": ["profession"],
        "ask_back": ["Welchen Beruf haben Sie gelernt?"],
        "readings": [{"topic": "documents", "label": "Welche Unterlagen?", "confidence": 0.5, "answer": text}],
        "draft": text,
        "answer": text,
        "attachments": [text[:30]],
        "error": None,
        **more,
    }


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """A journal with every evil text, an urgent one last, and a broken one."""
    results = [result(i, text) for i, text in enumerate([*EVIL, MARKUP, 'Zeile eins\nZeile zwei; mit "Zeichen" ä€😀'])]
    results += [failed("=1", MARKUP, f"broken {MARKUP}"), result("last", "Die Frist läuft ab", "now")]
    path = tmp_path / "out.part"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in results), encoding="utf-8")
    return path


def test_csv_is_for_excel_and_starts_no_formula(part: Path, knowledge: Knowledge) -> None:
    out = part.with_name("out.csv")
    write("csv", part, out, knowledge)
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid;urgency;")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == 11 and rows[8]["text"] == 'Zeile eins\nZeile zwei; mit "Zeichen" ä€😀'
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if re.match(r"[\s]*[=+\-@＝\t\r]", cell)]
    assert rows[0]["text"] == f"'{EVIL[0]}" and rows[-1]["urgency_reasons"] == "Frist: Die Frist läuft ab"
    assert rows[0]["land_name"] == "Schleswig-Holstein" and rows[0]["other_topic"] == "duration (0.5)"


def test_excel_has_filters_a_summary_and_no_formula(part: Path, knowledge: Knowledge) -> None:
    out = part.with_name("out.xlsx")
    write("xlsx", part, out, knowledge)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Anfragen", "Übersicht"]
    sheet = book["Anfragen"]
    assert sheet.auto_filter.ref == f"A1:AC{sheet.max_row}" and sheet.freeze_panes == "B2"
    assert [cell.value for cell in sheet[1]] == list(flat.COLUMNS)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "b"}
    summary = {row[0]: row[1] for row in book["Übersicht"].iter_rows(values_only=True)}
    assert (summary["gesamt"], summary["nicht lesbar"], summary["sofort"], summary["Schleswig-Holstein"]) == (11, 1, 1, 10)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attributes if name in ("src", "href", "action")]
        self.handlers += [name for name, _ in attributes if name.startswith("on")]


def test_the_report_runs_nothing_from_an_enquiry_and_asks_nobody(part: Path, knowledge: Knowledge) -> None:
    out = part.with_name("out.html")
    write("html", part, out, knowledge)
    text = out.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert page.tags.count("script") == 1 and "img" not in page.tags
    assert page.addresses == [] and page.handlers == []
    assert "default-src 'none'" in text and "&lt;script&gt;alert(1)" in text and "{{ 7*7 }}" in text


def test_the_report_shows_urgent_ones_first_and_both_readings(part: Path, knowledge: Knowledge) -> None:
    out = part.with_name("out.html")
    write("html", part, out, knowledge)
    text = out.read_text(encoding="utf-8")
    entries = re.findall(r'<details data-level="(\w+)" data-topic="(\w*)"', text)
    assert entries[0] == ("now", "documents") and len(entries) == 11
    assert "zwei Lesarten" in text and "Entwurf der Antwort" in text


def test_the_report_tells_how_many_it_leaves_out(part: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST", 3)
    out = part.with_name("out.html")
    write("html", part, out, knowledge)
    text = out.read_text(encoding="utf-8")
    assert text.count("<details") == 3 and "8 weitere stehen" in text


def test_json_lines_are_the_journal_itself(part: Path, knowledge: Knowledge) -> None:
    content = part.read_bytes()
    out = part.with_name("out.jsonl")
    write("jsonl", part, out, knowledge)
    assert out.read_bytes() == content and not part.exists()


def test_control_characters_do_not_stop_excel(tmp_path: Path, knowledge: Knowledge) -> None:
    part = tmp_path / "out.part"
    part.write_text(json.dumps(result("\x01\x0b", "a\x00b\x08c" + "x" * 50_000)) + "\n", encoding="utf-8")
    write("xlsx", part, tmp_path / "out.xlsx", knowledge)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Anfragen"]
    assert len(str(sheet.cell(2, flat.COLUMNS.index("text") + 1).value)) == flat.LONGEST_CELL
