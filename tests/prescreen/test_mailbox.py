"""A whole mailbox from end to end: sixty mails in every shape that mail programs make (tests/cases/mails.yml)."""

from __future__ import annotations

import io
import json
import re
from email.message import EmailMessage
from html import escape
from typing import Any

import pytest
import yaml

from bot.nlu.understanding import Understander
from knowledge.loader import Knowledge
from prescreen.batch import Prescreener
from prescreen.mail import from_mbox
from tests.conftest import CASES

HISTORY = "bitte senden Sie uns Ihre Unterlagen für das Visum nach München"
Record = dict[str, Any]


def records() -> list[Record]:
    return list(yaml.safe_load((CASES / "mails.yml").read_text(encoding="utf-8")))


def written(record: Record) -> bytes:
    """The mail as a program of that style writes it."""
    message = EmailMessage()
    message["From"] = f"{record['from']} <post{len(record['body'])}@example.org>"
    message["To"], message["Subject"] = "beratung@example.com", record["subject"]
    body, style = record["body"], record["style"]
    if style == "reply":
        body += f"\n\nAm 12.03.2026 um 10:11 schrieb Beratung <beratung@example.com>:\n> Guten Tag,\n> {HISTORY}."
    elif style == "outlook":
        header = "Von: Beratung <beratung@example.com>\nGesendet: Montag, 3. März 2026 10:00\nAn: Post\nBetreff: Ihre Anfrage"
        body += f"\n\n{header}\n\n{HISTORY}."
    elif style == "forward":
        body = f"-----Ursprüngliche Nachricht-----\nVon: jemand\nGesendet: Montag\n\n> {body}"
    html = "".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n")).replace("\n", "<br>")
    html += f'<div class="gmail_quote"><p>Am Montag schrieb Beratung:</p><blockquote>{HISTORY}</blockquote></div>'
    if style == "html":
        message.set_content(html, subtype="html")
    else:
        charset = "iso-8859-2" if style == "latin1" else "utf-8"
        message.set_content(body, charset=charset, cte="base64" if style == "base64" else None)
    if style == "both":
        message.add_alternative(html, subtype="html")
    if style == "attachment":
        message.add_attachment(HISTORY.encode(), maintype="application", subtype="pdf", filename="Diplom.pdf")
    return message.as_bytes()


@pytest.fixture(scope="module")
def results(understander: Understander, knowledge: Knowledge) -> list[Record]:
    box = b"".join(b"From x@example.org Mon Mar  3 10:00:00 2026\n" + written(record) + b"\n\n" for record in records())
    screener = Prescreener(understander, knowledge, "both")
    return list(screener.results(from_mbox(io.BytesIO(box), "post.mbox")))


@pytest.mark.assistant
def test_each_mail_is_one_result_in_its_place(results: list[Record]) -> None:
    assert [result["id"] for result in results] == [f"post.mbox:{i}" for i in range(1, 61)]
    assert [result["error"] for result in results] == [None] * 60


@pytest.mark.assistant
def test_history_and_names_are_in_no_result(results: list[Record]) -> None:
    for record, result in zip(records(), results):
        told = json.dumps([result["text"], result["draft"], result["attachments"]], ensure_ascii=False)
        assert "München" not in told and "example.com" not in told
        family = record["from"].split(" ")[-1]
        if family not in ("Example", "Gast", "Newsletter", "Anonym"):
            # A word of its own: „Can“ is in no „Cannes“.
            assert not re.search(rf"(?<!\w){family}(?!\w)", told), told


@pytest.mark.assistant
def test_land_and_urgency_are_right_and_topics_nearly_always(results: list[Record]) -> None:
    pairs = list(zip(records(), results))
    lands = [(record["body"], result["land"]) for record, result in pairs if result["land"] != record["land"]]
    assert lands == []
    levels = [
        (record["body"], result["urgency"])
        for record, result in pairs
        if result["urgency"]["level"] != record.get("level", "normal")
    ]
    assert levels == []
    clear = [(record, result) for record, result in pairs if record["topics"]]
    wrong = [(record["body"], result["topic"]) for record, result in clear if result["topic"] not in record["topics"]]
    surely = [body for (body, topic), _ in zip(wrong, wrong) if topic]
    assert len(clear) >= 55 and len(wrong) <= 0.1 * len(clear), surely


@pytest.mark.assistant
def test_every_draft_can_be_sent(results: list[Record]) -> None:
    for result in results:
        assert result["draft"].startswith("Guten Tag,\n\n") and result["draft"].endswith("Ihre Beratungsstelle")
        assert "{" not in result["draft"] and result["answer"]
