"""A talk over any channel through the fake of its platform, with the same words as tests/dialogues/talk.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.channels.fakes import Fake, Key
from tests.channels.world import events, settle, wait

_LISTED = re.compile(r"^(\d+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """What a person sees: all texts together, the native buttons, the numbered choices (number → title)."""

    text: str
    keys: list[Key]
    numbers: dict[str, str]

    @property
    def titles(self) -> list[str]:
        return [*(key.title for key in self.keys), *self.numbers.values()]


class ChannelTalk:
    """One person at a messenger. `data` is the data folder of the running assistant."""

    def __init__(self, fake: Fake, data: Path, person: int = 4711) -> None:
        self._fake, self._data, self.person = fake, data, person
        self._last = Answer("", [], {})

    def say(self, text: str) -> Answer:
        return self._answered(self._fake.event(self.person, text))

    def choose(self, title: str) -> Answer:
        """Press the button with this title, or type its number."""
        for key in self._last.keys:
            if key.title == title and key.id:
                return self._answered(self._fake.pressed(self.person, key.id))
        number = next(number for number, listed in self._last.numbers.items() if listed == title)
        return self.say(number)

    def _answered(self, event: object) -> Answer:
        before, known = len(self._fake.sent), events(self._data)
        status = self._fake.deliver(event)
        assert status == 200, status
        wait(lambda: events(self._data) > known)
        settle(self._data)
        sent = [sent for sent in self._fake.sent[before:] if sent.to == self._fake.address(self.person)]
        text = "\n".join(part.text for part in sent)
        self._last = Answer(text, [key for part in sent for key in part.keys], dict(_LISTED.findall(text)))
        return self._last
