"""The nouns of a turn: everything that a step may look at, and what it has to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from actions.handover import Handovers
from actions.heard import Heard
from actions.memory import Memory
from knowledge.advice import advise
from knowledge.case import Case
from knowledge.editions import BOTH
from knowledge.loader import Knowledge
from knowledge.model import Advice, Enquiry
from knowledge.phrases import Act, Said


@dataclass(frozen=True)
class Turn:
    """What a step has to say, and the case and memory after it."""

    advice: Advice
    case: Case
    memory: Memory


@dataclass(frozen=True)
class Talk:
    """Everything that a step may look at. `before` is the case before this message,
    `history` are the person's messages so far (see heard.history)."""

    heard: Heard
    case: Case
    memory: Memory
    knowledge: Knowledge
    edition: str = BOTH
    conversation: str = ""
    history: list[tuple[str, bool]] = field(default_factory=list)
    kept: Callable[[], Handovers] | None = None
    said: Said | None = None
    before: Case | None = None

    def enquiry(self, *topics: str, text: str = "", **more: object) -> Enquiry:
        known = self.case.enquiry(topics, text, self.knowledge, **more)
        return replace(known, declined=self.memory.declined, language=self.heard.language)

    def advise(self, enquiry: Enquiry) -> Advice:
        return advise(enquiry, self.knowledge, self.edition)

    @property
    def act(self) -> Act | None:
        return self.said.act if self.said else None

    @property
    def rest(self) -> tuple[str, ...]:
        """The folded words of the message, without „ja“ or „nein“ in front."""
        return self.said.rest if self.said else ()

    def text(self, name: str, **values: object) -> str:
        return self.knowledge.texts[name].format(**values)
