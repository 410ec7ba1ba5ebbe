"""Our messages → parts that fit a platform: text cut at sentences, buttons as the platform has them or as a numbered list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.text import sentences

# The right-to-left mark, and letters that already tell the reader's program the direction.
_RLM = "\u200f"
_STRONG = re.compile(r"[^\W\d_]")
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LINK = re.compile(r"^https?://\S+$")


@dataclass(frozen=True)
class Limits:
    """What a platform takes. Lengths in UTF-16 units, the strictest way in which any of them counts.

    `text`: longest message; `with_buttons`: longest text above buttons; `buttons`: most buttons (0: has none);
    `title`: longest title; `payload`: most bytes of an id; `links`: whether a button can open an address.
    """

    text: int
    with_buttons: int = 0
    buttons: int = 0
    title: int = 0
    payload: int = 0
    links: bool = False


@dataclass(frozen=True)
class Button:
    """A native button: an id of ours, or an address."""

    title: str
    id: str = ""
    url: str = ""


@dataclass(frozen=True)
class Part:
    """One message as it goes to the platform. `plain` is the same with the buttons as a list, should they be refused."""

    text: str
    buttons: tuple[Button, ...] = ()
    plain: tuple[Part, ...] = ()


@dataclass
class Numbers:
    """The numbered choices of one turn: number → id. Counted through, so that no number stands twice."""

    ids: dict[str, str] = field(default_factory=dict)

    def add(self, id: str) -> int:
        number = next((int(number) for number, known in self.ids.items() if known == id), len(self.ids) + 1)
        self.ids[str(number)] = id
        return number


def length(text: str) -> int:
    """UTF-16 units: what the strictest platform counts."""
    return len(text) + sum(c > "\uffff" for c in text)


def fit(message: dict[str, Any], limits: Limits, numbers: Numbers, choose: str) -> list[Part]:
    """A message of ours as parts within `limits`; `choose` stands above buttons that have no text.

    Choices that become a list are noted in `numbers`.
    """
    text = _directed(_text(message), message.get("dir"))
    buttons = [button for button in message.get("buttons") or [] if button.get("title")]
    choices = [button for button in buttons if button.get("id")]
    links = [button for button in buttons if not button.get("id") and button.get("url")]
    lines = [f"{button['title']}: {button['url']}" for button in links if not _can_open(button, limits)]
    native, explained = _native(choices, links, limits)
    listed = [f"{numbers.add(button['id'])}: {_with_also(button)}" for button in choices] if choices and not native else []
    plain_text = "\n".join(filter(None, [text or (choose if listed else ""), *lines, *listed]))
    if not native:
        return [Part(piece) for piece in split(plain_text, limits.text)]
    pieces = split("\n".join(filter(None, [text, *lines, *explained])), limits.text)
    last = pieces.pop() if pieces and length(pieces[-1]) <= limits.with_buttons else choose
    with_buttons = Part(last, native)
    fallback = [last, *(f"{b.title}: {b.url}" for b in native if b.url)]
    fallback += [f"{numbers.add(button['id'])}: {_with_also(button)}" for button in choices]
    plain = tuple(Part(piece) for piece in split("\n".join(fallback), limits.text))
    return [*(Part(piece) for piece in pieces), replace(with_buttons, plain=plain)]


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` units, cut between sentences; a longer sentence between words, a longer word anywhere."""
    pieces: list[str] = []
    rest = text.strip()
    while length(rest) > limit:
        cut = _cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(text: str, limit: int) -> int:
    """Where to cut a text that is too long: the last place within `limit` units."""
    most = limit
    while length(text[:most]) > limit:
        most -= length(text[:most]) - limit
    best = at = 0
    for sentence in sentences(text):
        at = text.index(sentence, at)
        if at > most:
            break
        best, at = at, at + len(sentence)
    between_words = text.rfind(" ", 1, most + 1)
    return best or (between_words if between_words > 0 else most)


def _native(choices: list[dict[str, Any]], links: list[dict[str, Any]], limits: Limits) -> tuple[tuple[Button, ...], list[str]]:
    """Native buttons, or none where a single one does not fit; and lines with translations too long for their button."""
    opening = [Button(button["title"], url=button["url"]) for button in links if _can_open(button, limits)]
    if len(choices) + len(opening) > limits.buttons or any(not _fits(button, limits) for button in choices):
        return (), []
    pressing, explained = [], []
    for button in choices:
        title = _with_also(button)
        if length(title) > limits.title:
            explained.append(title)
            title = button["title"]
        pressing.append(Button(title, id=button["id"]))
    return (*pressing, *opening), explained


def _fits(button: dict[str, Any], limits: Limits) -> bool:
    return length(button["title"]) <= limits.title and len(button["id"].encode()) <= limits.payload


def _can_open(button: dict[str, Any], limits: Limits) -> bool:
    return limits.links and bool(_LINK.match(button["url"])) and length(button["title"]) <= limits.title


def _with_also(button: dict[str, Any]) -> str:
    """The title with its translation beside it, where it has one."""
    also = (button.get("also") or {}).get("text")
    return f"{button['title']} / {also}" if also else str(button["title"])


def _text(message: dict[str, Any]) -> str:
    """The text of a message; a card without text of its own becomes lines."""
    text = str(message.get("text") or "").strip()
    custom = message.get("custom") or {}
    card = custom.get("card")
    if isinstance(card, dict):
        return "\n".join(filter(None, [text, *_card(card)]))
    if text:
        return text
    contacts = (custom.get("advice") or {}).get("contacts") or []
    return "\n\n".join("\n".join(_card(contact)) for contact in contacts)


def _card(card: dict[str, Any]) -> Iterable[str]:
    """The lines of a card or contact: what it is, who, why, telephone, address."""
    for name in ("title", "name", "carrier", "text", "why", "phone", "url"):
        value = card.get(name)
        if isinstance(value, str) and value.strip():
            yield value.strip()
    yield from (str(line) for line in card.get("lines") or ())


def _directed(text: str, direction: Any) -> str:
    """Right-to-left text whose first letter is Latin needs a mark, since programs take the direction from that letter."""
    first = _STRONG.search(text)
    return f"{_RLM}{text}" if direction == "rtl" and first and not _RTL.match(first.group()) else text
