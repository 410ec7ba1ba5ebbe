"""Mails and tables that counsellors drop into pre-screening: items, or one clear error, and never another exception."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from hypothesis import strategies as st

from prescreen import readers
from prescreen.items import InputError, Item
from prescreen.mail import from_eml, from_mbox, small
from tests.fuzz.fuzz import fuzz
from tests.fuzz.inputs import damaged, json_values, raw, texts

MOST = 200


def _mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "=?utf-8?q?Anfrage_=C3=BC?=", '"Lina Haddad" <lina@example.org>'
    mail.set_content("Guten Tag,\n\nwer berät mich in 10115 Berlin?\n\nMfG\nLina\n\nAm 1.2.2026 schrieb x:\n> alt")
    mail.add_alternative("<p>Guten Tag <b>x</b><blockquote type='cite'>alt</blockquote>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Zeugnis ü.pdf")
    return mail.as_bytes()


PIECES = (
    b"Subject: =?x-no?b?////?=\n",
    b"From: <>\n",
    b"From: =?utf-8?q?=FF?= <a@b>\n",
    b'Content-Type: text/html; charset="\xff"\n',
    b'Content-Type: multipart/mixed; boundary="x"\n',
    b"--x\n",
    b"--x--\n",
    b"Content-Transfer-Encoding: base64\n",
    b"====\n",
    b"\n\n",
    b"Content-Transfer-Encoding: uuencode\n",
    b"begin 644 x\n",
    b"Content-Type: message/rfc822\n",
    b"Content-Disposition: attachment; filename*=x''%ff\n",
    b"Content-Type: text/plain; charset=utf-7\n",
    b"Content-Type: text/html\n\n<a" + b"<b>" * 500,
    b"From x\n",
    b">From y\n",
    b"MIME-Version: 1.0\n",
    b"Content-Type: text/plain; charset=idna\n",
    b"Content-Type: text/plain; charset=rot13\n",
    b"Content-Disposition: attachment; filename*0=a; filename*2=b\n",
)
mails = st.one_of(damaged(_mail()), st.lists(st.one_of(st.sampled_from(PIECES), raw), max_size=12).map(b"".join), raw)


def _sound(item: Item) -> None:
    assert item.text or item.error
    json.dumps([item.id, item.text, item.error, item.attachments, item.sender], ensure_ascii=False).encode()


def test_mails() -> None:
    def entry(content: bytes) -> None:
        _sound(from_eml(small(io.BytesIO(content)), "x.eml"))

    fuzz(mails, entry)


def test_mailboxes() -> None:
    def entry(content: list[bytes]) -> None:
        for item in from_mbox(io.BytesIO(b"\n\nFrom x\n".join(content)), "x.mbox"):
            _sound(item)

    fuzz(st.lists(mails, max_size=3), entry)


def _read(path: Path) -> Iterator[Item]:
    try:
        yield from islice(readers.read(str(path)), MOST)
    except InputError as error:
        assert str(error)


cells = st.one_of(texts, st.sampled_from(["text", "Nachricht", "id", "=1+1", '"', '""', ";", ",", "\t", "\r", "\x1f", "\0"]))
tables = st.lists(st.lists(cells, max_size=5), max_size=6)
lines = st.builds(
    lambda rows, comma, end: end.join(comma.join(row) for row in rows).encode("utf-8", "surrogatepass"),
    tables,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
objects = st.lists(
    st.one_of(json_values, st.fixed_dictionaries({"id": json_values, "text": texts})).map(
        lambda value: json.dumps(value).encode()
    ),
    max_size=5,
).map(b"\n".join)
coded = lines.map(lambda found: found.decode("utf-8", "replace").encode("utf-16"))


@pytest.mark.parametrize("kind", [".csv", ".tsv", ".txt", ".jsonl"])
def test_text_files(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{kind}"

    def entry(content: bytes) -> None:
        path.write_bytes(content)
        for item in _read(path):
            _sound(item)

    fuzz(st.one_of(lines, objects, coded, raw), entry)


def _book() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "text"], [1, "Wer berät mich in Kiel?"], [2.5, "Was kostet das?"], [True, "=1+1"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


# openpyxl says aloud what it leaves out of a damaged book.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_excel_files(tmp_path: Path) -> None:
    members, path = _book(), tmp_path / "x.xlsx"
    # Half of them with a sound zip around a damaged part, else little more than the zip is reached.
    inside = st.sampled_from(sorted(members)).flatmap(
        lambda name: damaged(members[name]).map(lambda part: _zipped(members | {name: part}))
    )
    missing = st.sampled_from(sorted(members)).map(lambda name: _zipped({k: v for k, v in members.items() if k != name}))

    def entry(content: bytes) -> None:
        path.write_bytes(content)
        for item in _read(path):
            _sound(item)

    fuzz(st.one_of(inside, inside, missing, damaged(_zipped(members)), raw), entry)
