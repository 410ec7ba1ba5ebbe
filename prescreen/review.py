"""Teaching: messages that were unsure or complained about, redacted; a person says what they were about. Nothing is learnt
without a person."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa

from prescreen.database import Database, now
from prescreen.handovers import digest
from prescreen.tables import labels
from prescreen.talks import Talks, Turn

# What is shorter says nothing to learn from.
_SHORTEST = 3
# Rasa would read this as an entity with its value.
_MARKUP = re.compile(r"\][({]")


@dataclass(frozen=True)
class Item:
    """A message to look at. `why` is unsure or complaint; `guesses` are topics with their probabilities, the best first."""

    id: str
    text: str
    why: str
    guesses: tuple[tuple[str, float], ...]
    talk: str


class Review:
    """`complains(text)` says whether a message is a complaint about the answer before it."""

    def __init__(self, database: Database, talks: Talks, complains: Callable[[str], bool]) -> None:
        self._database = database
        self._talks = talks
        self._complains = complains

    def items(self) -> list[Item]:
        """What nobody has looked at yet: complaints first, then the least sure. Each text once."""
        with self._database.read() as connection:
            seen = set(connection.execute(sa.select(labels.c.id)).scalars())
            known = set(connection.execute(sa.select(labels.c.text)).scalars())
        found: dict[str, Item] = {}
        for turn, why in self._questionable():
            text = " ".join(turn.text.split())
            id = hashlib.sha256(f"{turn.conversation}\n{turn.time.timestamp()}\n{text}".encode()).hexdigest()[:16]
            if len(text) >= _SHORTEST and id not in seen and text not in known:
                found.setdefault(text, Item(id, text, why, turn.guesses, digest(turn.conversation)))
        return sorted(found.values(), key=_order)

    def _questionable(self) -> Iterator[tuple[Turn, str]]:
        """A complaint is about the message before it, and teaches nothing itself."""
        talks: dict[str, list[Turn]] = defaultdict(list)
        for turn in self._talks.turns():
            talks[turn.conversation].append(turn)
        for turns in talks.values():
            complaints = {id(turn) for turn in turns if turn.typed and self._complains(turn.text)}
            yield from ((before, "complaint") for before, after in pairwise(turns) if before.typed and id(after) in complaints)
            yield from ((turn, "unsure") for turn in turns if turn.typed and turn.topic is None and id(turn) not in complaints)

    def label(self, item: Item, topic: str | None, user: str) -> None:
        """Write down what a message is about; None = not fit for learning."""
        row = {"id": item.id, "text": item.text, "topic": topic, "talk": item.talk, "time": now(), "user": user[:64]}
        with self._database.write() as connection:
            connection.execute(labels.delete().where(labels.c.id == item.id))
            connection.execute(labels.insert().values(row))

    def labelled(self) -> dict[str, list[str]]:
        """Topic → the messages that people gave it, in order."""
        wanted = sa.select(labels.c.topic, labels.c.text).where(labels.c.topic.is_not(None))
        found: dict[str, list[str]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(wanted.order_by(labels.c.topic, labels.c.text)):
                found[row.topic].append(row.text)
        return dict(found)


def _order(item: Item) -> tuple[bool, float, str]:
    return item.why != "complaint", item.guesses[0][1] if item.guesses else 0.0, item.id


def fresh(labelled: dict[str, list[str]], known: Iterable[str]) -> dict[str, list[str]]:
    """What is not among the `known` sentences (of training and of the tests) and can be written as a training sentence."""
    have = {_bare(sentence) for sentence in known}
    found: dict[str, list[str]] = defaultdict(list)
    for topic, texts in labelled.items():
        for text in texts:
            if _bare(text) not in have and not _MARKUP.search(text):
                have.add(_bare(text))
                found[topic].append(text)
    return dict(found)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def as_training(sentences: dict[str, list[str]]) -> str:
    """The sentences in the form of bot/data/nlu.yml."""
    parts = ['version: "3.1"', "nlu:"]
    for topic, texts in sentences.items():
        parts += [f"- intent: {topic}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join(parts) + "\n"
