"""Mails as people's programs write them: own words in, history and signature out, attachments named."""

from __future__ import annotations

import io
from email.message import EmailMessage
from pathlib import Path

import pytest

from prescreen.mail import from_eml, from_mbox, small

OWN = "Guten Tag,\n\nich bin Krankenschwester aus Syrien. Welche Unterlagen brauche ich?"

OUTLOOK = (
    "Von: Beratung <info@example.org>\nGesendet: Montag, 3. März 2026 10:00\nAn: Lina\nBetreff: AW: Frage\n\n"
    "bitte senden Sie das Zeugnis."
)


def eml(body: str, subject: str = "Anfrage", sender: str = "Lina Haddad <lina@example.org>") -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, sender
    message.set_content(body)
    return message.as_bytes()


@pytest.mark.parametrize(
    "history",
    ids=range(6),
    argvalues=[
        "Am 12.03.2026 um 10:11 schrieb Beratung <info@example.org>:\n> Guten Tag,\n> bitte senden Sie das Zeugnis.",
        "Am Do., 12. März 2026 um 10:11 Uhr schrieb Beratung IQ <\ninfo@example.org>:\n\n> bitte senden Sie das Zeugnis.",
        "-----Ursprüngliche Nachricht-----\n" + OUTLOOK,
        OUTLOOK,
        "On Mon, Mar 3, 2026 at 10:00 AM Beratung <info@example.org> wrote:\n> bitte senden Sie das Zeugnis.",
        "________________________________\n" + OUTLOOK,
    ],
)
def test_quoted_history_is_cut(history: str) -> None:
    item = from_eml(eml(f"{OWN}\n\n{history}\n"), "a.eml")
    assert item.text == f"Anfrage\n\n{OWN}"


@pytest.mark.parametrize(
    "signature",
    ids=range(5),
    argvalues=[
        "Mit freundlichen Grüßen\nLina Haddad\nMusterstr. 5\n24103 Kiel\nTel. 0431 5550123",
        "Viele Grüße\nLina",
        "-- \nLina Haddad, 24103 Kiel",
        "Gesendet von meinem iPhone",
        "MfG\nL. Haddad",
    ],
)
def test_signatures_are_cut(signature: str) -> None:
    item = from_eml(eml(f"{OWN}\n\n{signature}\n"), "a.eml")
    assert "Welche Unterlagen" in item.text and "Haddad" not in item.text and "iPhone" not in item.text


def test_the_town_below_a_signature_is_kept_aside() -> None:
    item = from_eml(eml(f"{OWN}\n\nMit freundlichen Grüßen\nLina Haddad\nMusterstr. 5\n24103 Kiel\n"), "a.eml")
    assert item.nearby == "24103 Kiel" and "Kiel" not in item.text


def test_a_question_below_the_greeting_is_not_lost() -> None:
    item = from_eml(eml(f"{OWN}\n\nViele Grüße\nLina\n\nPS: Was kostet die Übersetzung?\n"), "a.eml")
    assert "Was kostet die Übersetzung?" in item.text


def test_a_mail_that_only_forwards_is_read_whole() -> None:
    item = from_eml(
        eml("-----Ursprüngliche Nachricht-----\nVon: x\n\n> Wer berät mich in Kiel zur Anerkennung?\n", "WG: Kiel"), "a.eml"
    )
    assert "Wer berät mich in Kiel zur Anerkennung?" in item.text and ">" not in item.text


def test_prefixes_of_the_subject_go_and_its_words_stay() -> None:
    subject = "AW: Re: WG: Anerkennung als Köchin"
    assert from_eml(eml("Wie geht das denn bitte?", subject), "a").text == "Anerkennung als Köchin\n\nWie geht das denn bitte?"


def test_html_alone_becomes_text_without_scripts_and_history() -> None:
    message = EmailMessage()
    message["Subject"] = "Frage"
    message.set_content(
        "<html><style>p{color:red}</style><script>alert(1)</script>"
        "<p>Ich suche einen <b>Kurs</b> in Kiel.<br>Danke &amp; Gru&szlig;</p>"
        '<div class="gmail_quote">Am Montag schrieb <blockquote>alter Text</blockquote></div></html>',
        subtype="html",
    )
    text = from_eml(message.as_bytes(), "a").text
    assert "Ich suche einen Kurs in Kiel." in text
    assert not any(part in text for part in ("alert", "color", "alter Text", "<"))


def test_the_plain_part_goes_before_the_html_part() -> None:
    message = EmailMessage()
    message.set_content("Der einfache Text der Anfrage.")
    message.add_alternative("<p>HTML</p>", subtype="html")
    assert from_eml(message.as_bytes(), "a").text == "Der einfache Text der Anfrage."


def test_attachments_are_named_and_not_read() -> None:
    message = EmailMessage()
    message["Subject"] = "Unterlagen"
    message.set_content(OWN)
    message.add_attachment(b"%PDF geheim", maintype="application", subtype="pdf", filename="Zeugnis für Übung.pdf")
    message.add_attachment("geheim", filename="lebenslauf.txt")
    message.add_attachment(EmailMessage())
    item = from_eml(message.as_bytes(), "a")
    assert item.attachments == ("Zeugnis für Übung.pdf", "lebenslauf.txt", "message/rfc822")
    assert "geheim" not in item.text


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "x-unknown", "us-ascii", "utf-9", ""])
def test_an_encoding_that_is_wrong_or_unknown_is_guessed(charset: str) -> None:
    body = "Ich bin Köchin und möchte die Anerkennung. Übersetzung für München?"
    encoding = "cp1252" if charset in ("iso-8859-1", "windows-1252", "x-unknown") else "utf-8"
    head = f"From: a@example.org\nSubject: x\nContent-Type: text/plain; charset={charset}\n\n"
    assert body in from_eml(head.encode() + body.encode(encoding), "a").text


@pytest.mark.parametrize(
    "raw",
    ids=range(10),
    argvalues=[
        b"",
        b"\0" * 3000,
        b"Subject: =?utf-8?b?????\n\nx",
        b"Subject: =?nope?q?abc?=\nFrom: =?utf-8?q?=C3?= <@@>\n\nHallo, wer hilft mir bitte?",
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n" * 40,
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!not base64!!!!",
        b"Content-Type: text/html\n\n" + b"<div>" * 5000 + b"Kurs in Kiel gesucht, bitte",
        b"Content-Type: text/html\n\n<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"Content-Disposition: attachment; filename*=utf-9''x%FF\n\nx",
        bytes(range(256)) * 20,
    ],
)
def test_a_broken_mail_becomes_an_item_and_never_an_exception(raw: bytes) -> None:
    item = from_eml(raw, "a.eml")
    assert item.id == "a.eml" and (item.error or item.text)


def test_a_mailbox_is_cut_into_its_mails_and_from_in_a_text_is_no_border() -> None:
    mails = [eml("Erste Frage, bitte?"), eml("Zweite Frage\n\n>From Kiel to Köln, bitte?"), eml("Dritte Frage, bitte?")]
    box = b"".join(b"From x@example.org Mon Mar  3 10:00:00 2026\n" + mail + b"\n" for mail in mails)
    found = list(from_mbox(io.BytesIO(box), "post.mbox"))
    assert [item.id for item in found] == ["post.mbox:1", "post.mbox:2", "post.mbox:3"]
    assert "From Kiel to Köln" in found[1].text


def test_the_bulk_of_attachments_is_left_out_and_their_names_are_not() -> None:
    message = EmailMessage()
    message.set_content(OWN)
    for name in ("eins.pdf", "zwei.pdf"):
        message.add_attachment(b"x" * 5_000_000, maintype="application", subtype="pdf", filename=name)
    (item,) = from_mbox(io.BytesIO(b"From x\n" + message.as_bytes()), "a.mbox")
    assert item.attachments == ("eins.pdf", "zwei.pdf") and "Welche Unterlagen" in item.text
    assert len(small(io.BytesIO(message.as_bytes()))) < 4_000_000


def test_the_name_of_the_sender_is_known_for_redaction(tmp_path: Path) -> None:
    assert from_eml(eml(OWN), "a").sender == ("Lina", "Haddad")
    assert from_eml(eml(OWN, sender="lina.haddad@example.org"), "a").sender == ("lina", "haddad")
    assert from_eml(eml(OWN, sender="info@example.org"), "a").sender == ()
