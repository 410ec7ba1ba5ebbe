"""What the made-up inputs have found, one by one and in its smallest form; each once ended in an error of ours."""

from __future__ import annotations

import base64
import io
import json
import socket
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest

from bot.channels.base import CHOICE_ID
from bot.channels.incoming import Incoming
from bot.channels.refused import Refused
from bot.channels.sessions import Sessions
from bot.commands.ask import readable
from bot.settings import Settings
from knowledge import yamlfile
from knowledge.loader import faults
from prescreen.items import InputError
from prescreen.mail import from_eml
from prescreen.readers import read
from tests.channels.conftest import Make, loop, make
from tests.channels.fakes.slack import FakeSlack
from tests.channels.fakes.telegram import FakeTelegram
from tests.channels.fakes.twilio import FakeTwilio
from tests.conftest import data
from tests.website.conftest import Server, serve

__all__ = ["data", "loop", "make", "serve"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_half_a_character_in_a_question_of_the_terminal_is_replaced() -> None:
    assert readable("Kiel\udcff") == "Kiel?"


def test_an_id_of_a_button_ends_where_it_ends() -> None:
    assert CHOICE_ID.match("land:DE-BY") and not CHOICE_ID.match("land:DE-BY\n")


@pytest.mark.parametrize("token", ["\ud800", base64.urlsafe_b64encode(b"[" * 20_000).decode() + ".e30.e30"])
def test_a_token_that_the_library_cannot_look_into_is_no_session(token: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        Sessions(Settings(data=tmp_path)).read(token)


@pytest.mark.parametrize("values", [{"sender": 5}, {"id": None}, {"text": ["x"]}, {"to": "\ud800"}, {"receipt": {}}])
def test_an_event_whose_ids_are_none_is_of_an_unknown_form(values: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Incoming(**{"id": "1", "sender": "2", "to": "3", **values})


@pytest.mark.messengers
def test_a_status_of_twilio_that_is_no_text_or_no_number_is_no_error(make: Make) -> None:
    fake = make(FakeTwilio).fake
    assert fake.post(b"\xff", FORM, "status") == 400
    fields = {"MessageStatus": "failed", "ErrorCode": "²x", "To": "whatsapp:+491"}
    assert fake.post(urlencode(fields).encode(), fake.sign("status", fields), "status") == 204


@pytest.mark.messengers
def test_lists_in_lists_without_end_are_no_event_of_slack(make: Make) -> None:
    fake, body = make(FakeSlack).fake, b"[" * 100_000
    assert fake.post(body, fake.sign(body, "application/json")) == 400


@pytest.mark.messengers
def test_a_person_that_is_no_text_is_acknowledged_and_not_answered(make: Make) -> None:
    fake = make(FakeSlack).fake
    event = fake.event(1, "hallo")
    event["event"]["user"] = ["U1"]
    assert fake.deliver(event) == 200 and fake.sent == []


@pytest.mark.messengers
def test_a_header_accept_that_is_none_gets_the_error_that_was_meant(make: Make) -> None:
    assert make(FakeTelegram).fake.post(b"", {"Accept": "0"}, "nothing") == 404


@pytest.mark.parametrize(
    "head",
    [b"  HTTP/1.0\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"],
)
def test_what_sanic_cannot_read_is_a_bad_request_and_no_failure(head: bytes, serve: Callable[..., Server]) -> None:
    with socket.create_connection(("127.0.0.1", serve().port), timeout=10) as there:
        there.sendall(head)
        answer = there.recv(4000)
    assert answer.startswith(b"HTTP/1.1 4") and json.loads(answer.partition(b"\r\n\r\n")[2])["error"]


def test_an_encoding_of_a_subject_that_is_no_name_leaves_the_subject() -> None:
    item = from_eml(b"Subject: Anfrage =?\x80utf-8?q?=C3=BC?=\n\nWer ber=?t mich in Kiel?", "x")
    assert item.error is None and "Anfrage" in item.text


@pytest.mark.parametrize("kind", ["", "Content-Type: text/plain; charset=idna\n"])
def test_what_is_said_to_be_uuencoded_and_is_not_is_read_as_it_is(kind: str) -> None:
    text = "Wer berät mich hier in Kiel? [[[[" + "a:" * 500
    item = from_eml(f"{kind}Content-Transfer-Encoding: uuencode\n\nbegin 644 x\n{text}".encode(), "x")
    assert item.error is None and "Kiel" in item.text


def test_borders_without_end_leave_nothing_behind_in_memory() -> None:
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(5):
        border = f"{number}" + "\n ".join(["x" * 900] * 500)
        from_eml(f'From: a@b\nContent-Type: multipart/mixed; boundary="{border}"\n\n\nKiel?'.encode(), "x")
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert kept < 500_000


def test_an_id_that_cannot_be_written_again_becomes_the_number_of_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "\\ud800", "text": "a b"}\n{"id": NaN, "text": "a b"}\n{"id": "7", "text": "a b"}\n')
    assert [item.id for item in read(str(path))] == [1, 2, "7"]


def test_a_part_of_an_excel_file_that_is_no_xml_is_told(tmp_path: Path) -> None:
    sound, path = io.BytesIO(), tmp_path / "x.xlsx"
    openpyxl.Workbook().save(sound)
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<<" if name == "[Content_Types].xml" else old.read(name))
    with pytest.raises(InputError, match="cannot be read as an Excel file"):
        list(read(str(path)))


def _before_the_beginning(book: bytes) -> bytes:
    end = book.rindex(b"PK\x05\x06") + 16
    return book[:end] + (int.from_bytes(book[end : end + 4], "little") + 50_000).to_bytes(4, "little") + book[end + 4 :]


def _encrypted(book: bytes) -> bytes:
    return b"PK\x01\x02".join([book.split(b"PK\x01\x02")[0], *(p[:4] + b"\1" + p[5:] for p in book.split(b"PK\x01\x02")[1:])])


def _badly_packed(book: bytes) -> bytes:
    content = book.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    return book[:content] + b"\xff" * 40 + book[content + 40 :]


@pytest.mark.parametrize("damage", [_before_the_beginning, _encrypted, _badly_packed])
def test_a_zip_that_cannot_be_unpacked_is_told(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    book, path = io.BytesIO(), tmp_path / "x.xlsx"
    openpyxl.Workbook().save(book)
    path.write_bytes(damage(book.getvalue()))
    with pytest.raises(InputError, match="cannot be read as an Excel file"):
        list(read(str(path)))


@pytest.mark.parametrize("text", ["a: 2023-13-99", "a: " + "9" * 9000, "!!int x", "&a [*a]", "a: &a {x: 1}\nb: *a", "[" * 5000])
def test_values_that_no_calendar_has_and_records_without_end_are_faults_of_the_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text)
    found = yamlfile.read(path, "x.yml")
    assert found.data is None and found.faults


@pytest.mark.parametrize(
    ("table", "column"),
    [("places.csv", "population"), ("places.csv", "lat"), ("places.csv", "lon"), ("kreise.csv", "population")],
)
def test_a_word_where_a_number_belongs_is_a_fault_with_its_line(table: str, column: str, data: Path) -> None:
    head, row, *rest = (data / table).read_text(encoding="utf-8").splitlines()
    cells, place = row.split(","), head.split(",").index(column)
    cells[place] = "viele"
    (data / table).write_text("\n".join([head, ",".join(cells), *rest]), encoding="utf-8")
    (fault,) = faults(data)
    assert (fault.file, fault.line) == (table, 2) and "„viele“" in fault.wrong


@pytest.mark.parametrize("table", ["places.csv", "kreise.csv", "regions.csv"])
@pytest.mark.parametrize("name", ["", "…"])
def test_a_place_without_a_name_is_a_fault_with_its_line(table: str, name: str, data: Path) -> None:
    head, row, *rest = (data / table).read_text(encoding="utf-8").splitlines()
    (data / table).write_text("\n".join([head, name + row[row.index(",") :], *rest]), encoding="utf-8")
    assert (table, 2) in {(fault.file, fault.line) for fault in faults(data)}
