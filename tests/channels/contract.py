"""What the tests of the contract share: people, Länder, and what a person sees of an answer."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.channels.world import World

HUMAN = "+49 30 1815-1111"
LINA, OMAR = 1001, 1002
LAENDER = [
    *("Baden-Württemberg", "Bayern", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Hessen", "Mecklenburg-Vorpommern"),
    *("Niedersachsen", "Nordrhein-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen", "Sachsen-Anhalt", "Schleswig-Holstein"),
    "Thüringen",
]


def button(title: str, id: str) -> dict[str, str]:
    return {"title": title, "payload": f"/choose{json.dumps({'choice': id})}"}


def answered(world: World, said: list[dict[str, Any]], text: str = "Frage") -> list[Any]:
    """Lina asks, the assistant says `said`; what she gets, without the notice of her first message."""
    world.script.answer = lambda _: said
    for typed in (text,) if world.script.heard else ("Hallo", text):
        before = len(world.script.heard)
        world.fake.sent.clear()
        world.fake.say(LINA, typed)
        world.wait(lambda before=before: len(world.script.heard) > before)
        world.settled()
    return list(world.fake.sent)


def words(text: str) -> str:
    return " ".join(text.split())


SENTENCE = "Das ist ein Satz mit einigen Wörtern. "


def choices(sent: list[Any]) -> list[str]:
    """The choices that a person sees, as buttons or numbers."""
    listed = [title for part in sent for _, title in re.findall(r"^(\d+): (.+)$", part.text, re.MULTILINE)]
    return [key.title for part in sent for key in part.keys] + listed


def choose(world: World, sent: list[Any], number: int) -> None:
    """Press the button, or type the number, at this place (from 1)."""
    before = len(world.script.heard)
    keys = [key for part in sent for key in part.keys]
    if keys:
        world.fake.press(LINA, keys[number - 1].id)
    else:
        world.fake.say(LINA, str(number))
    world.wait(lambda: len(world.script.heard) > before)
    world.settled()


MARKS = "2 * 3 * 4 _unter_ ~durch~ `code` [x](y) <b>fett</b> & > # | \\ {a} :) www.netzwerk-iq.de"
