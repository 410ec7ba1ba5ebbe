"""What people, programs and attackers may send: texts, JSON, bytes, and good things with something wrong in them."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

# Words that mean something to the program, so that more than its first line is reached, and what breaks programs.
WORDS = (
    "Ich bin Krankenschwester aus Syrien und wohne in Gütersloh Frankfurt Was kostet die Anerkennung Wer berät mich 03046 "
    "Oldenburg Lehrerin Ärztin Ukraine Bescheid Defizitbescheid heißt Hilfe Chef Pass weggenommen Frist Montag Arzt Kfz-"
    "Mechatroniker:in Termin Telefon 0151 2345678 lina@example.org Neue Straße 12 geb. 1.2.1990 nicht mehr kein sondern "
    "danke hallo ja nein löschen /restart /choose{} § 16d {land} %s ${HOME} ../../etc/passwd <script> &amp; NULL None nan "
    "\ufeff ' \" ; -- = + @ | \t \n \r\n"
).split(" ")
# Surrogates too: JSON can bring halves of a character that no UTF-8 can hold.
characters = st.characters(exclude_categories=())
odd = st.sampled_from(
    [
        "\u202e",
        "\u200d",
        "\u0301" * 40,
        "\ud800",
        "\udfff",
        "\0",
        "ﷺ" * 9,
        "ẞ",
        "İ",
        "ı",
        "١٢٣٤٥",
        "𝟙𝟚",
        "🏳️‍🌈",
        "\x85",
        "\u2028",
    ]
)
words = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.text(characters, max_size=12), odd)
texts = st.builds(
    lambda parts, joint: joint.join(parts), st.lists(words, max_size=25), st.sampled_from([" ", " ", "", "\n", ". ", "-", "/"])
)
numbers = st.one_of(st.integers(), st.floats(), st.sampled_from([0, -1, 2**63, 10**40, 1e308]))
plain = st.one_of(st.none(), st.booleans(), numbers, texts)
json_values = st.recursive(
    plain,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(characters, max_size=8), inner, max_size=4)),
    max_leaves=12,
)
deep = st.sampled_from(
    [b"[" * 100_000, b'{"a":' * 50_000, b"[" * 3000 + b"]" * 3000, b"-" + b"9" * 9000, b'"\\ud800"', b"\xef\xbb\xbf{}"]
)
raw = st.one_of(st.binary(max_size=200), texts.map(lambda text: text.encode("utf-8", "surrogatepass")), deep)


@st.composite
def broken(draw: st.DrawFn, good: Any) -> Any:
    """`good` (JSON) with up to three of its values replaced, taken away or doubled."""
    value = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        value = _broken(draw, value)
    return value


def _broken(draw: st.DrawFn, value: Any) -> Any:
    places = sorted(value, key=str) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if not places or draw(st.integers(0, 5)) == 0:
        return draw(json_values)
    place = draw(st.sampled_from(places))
    what = draw(st.integers(0, 5))
    if what == 0:
        del value[place]
    elif what == 1 and isinstance(value, list):
        value.append(value[place])
    else:
        value[place] = _broken(draw, value[place])
    return value


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """`good` with some bytes changed, cut out, put in or doubled."""
    value = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(value)))
        end = min(len(value), start + draw(st.integers(0, 40)))
        kind = draw(st.integers(0, 3))
        piece = bytes(value[start:end]) if kind == 0 else draw(st.binary(max_size=12)) if kind < 3 else draw(raw)
        value[start : start if kind < 2 else end] = piece
    return bytes(value)
