"""Mails: .eml and .mbox. The text part without quoted history and signature; attachments are named, never opened."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any, BinaryIO

import inscriptis
from charset_normalizer import from_bytes
from lxml import etree, html
from mailparser_reply import EmailReplyParser

from prescreen.items import LONGEST, LONGEST_LINE, Item, clean, item

# A mail that is larger without its attachments is cut here, in bytes.
_LARGEST = 4_000_000
# An attachment is left out behind so many lines; texts that travel in the same way are shorter.
_LONGEST_RUN = 15_000
_BASE64 = re.compile(rb"[A-Za-z0-9+/=]{40,}\s*$")
_ESCAPED_FROM = re.compile(rb">+From ")
_LARGEST_HTML = 1_000_000
_DEEPEST = 12
_LANGUAGES = ["de", "en", "fr", "es", "it", "pl"]
# Longer than that, or with a question in it, what looks like a signature is read.
_LONGEST_SIGNATURE = 400
_SHORTEST = 15
_REPLY = re.compile(r"^\s*(?:(?:re|aw|antw|wg|fwd?|sv|tr)\s*:\s*)+", re.IGNORECASE)
_POSTAL = re.compile(r"^.*\b(?:D-)?\d{5}\s+[A-ZÄÖÜ].*$", re.MULTILINE)
# A border of parts has at most 70 characters (RFC 2046). The library keeps a search for each of the last 512, however long.
_LONGEST_BOUNDARY = 200
# What the library does not know: borders of Outlook, and greetings of two letters with a name or two below.
_BORDER = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:Ursprüngliche Nachricht|Urspr. Nachricht|Original Message|Weitergeleitete Nachricht"
    r"|Forwarded message|Original-?Nachricht|Message d'origine|Исходное сообщение)[ \t]*-{2,}.*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_SHORT_GREETING = re.compile(
    r"\n[ \t]*(?:mfg|lg|vg|gruß|gruss|grüße|danke)[ \t,.!]*"
    r"(?:\n[ \t]*[^\n?]{1,40}){0,4}\s*\Z",
    re.IGNORECASE,
)
_QUOTED_HEADER = re.compile(r"^(?:Von|An|Gesendet|Datum|Cc|From|To|Sent|Date|Betreff|Subject):.*\n?", re.MULTILINE)
_QUOTE_MARKS = re.compile(r"^(?:>\s?)+", re.MULTILINE)
# What mail programs put into HTML around the mail that is answered.
_HISTORY = (
    "//*[contains(@class,'gmail_quote') or contains(@class,'moz-cite-prefix') or contains(@class,'yahoo_quoted')"
    " or @id='appendonsend' or @id='divRplyFwdMsg' or @id='mail-editor-reference-message-container']"
    " | //blockquote[@type='cite']"
)


class _Mail(Message):
    """A message, or a part, whose parts have borders of no more than _LONGEST_BOUNDARY characters."""

    def get_boundary(self, failobj: Any = None) -> Any:
        found = super().get_boundary()
        return found if found is not None and len(found) <= _LONGEST_BOUNDARY else failobj


def from_mbox(file: BinaryIO, name: str) -> Iterator[Item]:
    """The mails of a mailbox, one at a time; their ids are the file's name and their number."""
    for number, raw in enumerate(_messages(file), start=1):
        yield from_eml(raw, f"{name}:{number}")


def small(file: BinaryIO) -> bytes:
    """One mail as far as it is needed: without the bulk of its attachments."""
    return b"".join(line for line, _ in _lines(file))


def _messages(file: BinaryIO) -> Iterator[bytes]:
    """The mails of a mailbox: each begins with a line „From …“ at the beginning or behind a blank line."""
    lines: list[bytes] = []
    size, blank = 0, True
    for line, border in _lines(file):
        if border and blank:
            if b"".join(lines).strip():
                yield b"".join(lines)
            lines, size = [], 0
        elif size < _LARGEST:
            lines.append(line[1:] if _ESCAPED_FROM.match(line) else line)
            size += len(line)
        blank = not line.strip()
    if b"".join(lines).strip():
        yield b"".join(lines)


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Lines, and whether each begins with „From “. The bulk of attachments and the rest of endless lines are left out, so
    that a mail is small in memory, and the names of all its files are still there."""
    run = 0
    while line := file.readline(LONGEST_LINE):
        run = run + 1 if _BASE64.match(line) else 0
        if run < _LONGEST_RUN:
            yield line, line.startswith(b"From ")
        while not line.endswith(b"\n") and (line := file.readline(LONGEST_LINE)):
            pass


def from_eml(raw: bytes, id: str) -> Item:
    """One mail. A mail without text becomes an item with `error`, and its attachments."""
    message = email.message_from_bytes(raw[:_LARGEST], _class=_Mail)
    texts: dict[str, str] = {}
    attachments: list[str] = []
    _walk(message, texts, attachments, 0)
    body, signature = _own_words(texts)
    subject = _REPLY.sub("", _header(message, "Subject")).strip()
    more: dict[str, Any] = {
        "attachments": tuple(attachments),
        "sender": _sender(message),
        "nearby": "\n".join(_POSTAL.findall(signature))[:300],
    }
    if not body and not message.keys():
        return Item(id, "", f"{id} is no mail: it has no header", **more)
    return item(id, f"{subject}\n\n{body}" if subject else body, id, **more)


def _walk(part: Message, texts: dict[str, str], attachments: list[str], depth: int) -> None:
    """Collect the first text of each kind, and the names of all files."""
    kind = part.get_content_type()
    name = _filename(part)
    if name or part.get_content_disposition() == "attachment" or kind == "message/rfc822":
        attachments.append(name or kind)
    elif part.is_multipart() and depth < _DEEPEST:
        payload = part.get_payload()
        for inner in payload if isinstance(payload, list) else []:
            if isinstance(inner, Message):
                _walk(inner, texts, attachments, depth + 1)
    elif kind in ("text/plain", "text/html") and not texts.get(kind, "").strip():
        texts[kind] = _decoded(part)


def _filename(part: Message) -> str:
    try:
        name = part.get_filename()
    except (LookupError, ValueError, TypeError):  # a name in an encoding that does not exist
        return "?"
    return clean(_plain(name))[:200] if name else ""


def _header(message: Message, name: str) -> str:
    return clean(_plain(message.get(name, ""))).replace("\n", " ")[:500]


def _plain(value: object) -> str:
    """A header with its encoded words read; as it stands where they are broken."""
    text = str(value)
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, ValueError):
        return text


def _decoded(part: Message) -> str:
    """The text of a part. The encoding that it names is believed if it exists and fits, else the likeliest is taken."""
    raw = _payload(part)[:_LARGEST_HTML].replace(b"\0", b" ")
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    best = from_bytes(raw, cp_isolation=["cp1252", "cp1250", "cp1251", "cp1254", "cp1256"]).best()
    return str(best) if best else raw.decode("cp1252", "replace")


def _payload(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except ValueError:  # it is said to be uuencoded and is not: as it travels
        del part["Content-Transfer-Encoding"]
        payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _own_words(texts: dict[str, str]) -> tuple[str, str]:
    """What the sender wrote, and the signature. Where nothing would be left (a forwarded mail), all of it."""
    whole = texts.get("text/plain", "")
    if not _has_words(whole):
        whole = _from_html(texts.get("text/html", ""), history=False)
        if not _has_words(_cut(whole)[0]):
            whole = _from_html(texts.get("text/html", ""), history=True)
    body, signature = _cut(whole[: 2 * LONGEST])
    if _has_words(body):
        return body, signature
    # The border alone goes; what it announces is what the mail was sent for.
    forwarded = _QUOTE_MARKS.sub("", clean(whole))
    border = _BORDER.search(forwarded)
    if border:
        forwarded = forwarded[: border.start()] + border.group().partition("\n")[2]
    return clean(_QUOTED_HEADER.sub("", forwarded)), ""


def _has_words(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= _SHORTEST


def _cut(text: str) -> tuple[str, str]:
    """The newest mail in `text` without its signature, and the signature."""
    text = _BORDER.sub("", clean(text)).strip()
    replies = EmailReplyParser(languages=_LANGUAGES).read(text).replies
    if not replies:
        return text, ""
    newest = replies[0]
    signature = newest.signatures or ""
    if len(signature) > _LONGEST_SIGNATURE or "?" in signature:
        return newest.content.strip(), ""
    body = newest.body.strip()
    short = _SHORT_GREETING.search(body)
    return (body[: short.start()].strip(), short.group() + signature) if short else (body, signature)


def _from_html(source: str, history: bool) -> str:
    if not source.strip():
        return ""
    try:
        tree = html.fromstring(source.replace("\0", " "))
        if not history:
            for element in tree.xpath(_HISTORY):
                if element.getparent() is not None:
                    element.drop_tree()
        return str(inscriptis.Inscriptis(tree).get_text())
    except (etree.LxmlError, ValueError, RecursionError):
        # Not even lxml can read it: the words between the tags are better than nothing.
        return re.sub(r"<[^>]{0,2000}>", " ", source)


def _sender(message: Message) -> tuple[str, ...]:
    """The words of the sender's name; those before the @ of the address where it gives none and they look like a name."""
    name, address = parseaddr(_header(message, "From"))
    words = re.findall(r"[^\W\d_]{3,}", name.partition("@")[0])
    if not words:
        words = re.findall(r"[^\W\d_]{3,}", address.partition("@")[0])
        words = words if len(words) == 2 else []
    return tuple(words[:4])
