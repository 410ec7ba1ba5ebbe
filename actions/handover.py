"""The way to a human: a summary, the person's consent, how to reach them. Nothing leaves the talk before the consent.

start → `consent` → `contact` → done. `offer` = the assistant has asked whether to begin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from actions.memory import Memory
from actions.summary import summary
from knowledge import advice as words
from knowledge.case import Case
from knowledge.loader import Knowledge
from knowledge.model import Advice, Button, Enquiry
from knowledge.phrases import Act

START, WITHOUT = "handover:start", "handover:without"
YES, NO = "answer:yes", "answer:no"
OFFER, CONSENT, CONTACT = "offer", "consent", "contact"


class Kept(Protocol):
    """One that is kept; `code` is what the person has of it."""

    @property
    def code(self) -> str: ...


class Handovers(Protocol):
    """Where handovers are kept (prescreen/handovers.py)."""

    def open(
        self, conversation: str, *, summary: str, topic: str | None, land: str | None, language: str, consent: str
    ) -> str: ...
    def awaiting_contact(self, conversation: str) -> bool: ...
    def without_contact(self, conversation: str) -> str | None: ...
    def of(self, conversation: str) -> Sequence[Kept]: ...


def asking(advice: Advice, knowledge: Knowledge) -> Advice:
    """The advice, with the question for consent behind it."""
    texts = knowledge.texts
    buttons = (Button(texts["button_give"], YES), Button(texts["button_keep"], NO))
    return replace(advice, asks="consent", question=texts["ask_consent"], buttons=buttons)


@dataclass(frozen=True)
class Handover:
    """One step. `kept` opens the store only when it is needed: most talks never need it."""

    case: Case
    memory: Memory
    history: list[tuple[str, bool]]
    conversation: str
    knowledge: Knowledge
    kept: Callable[[], Handovers]

    def take(self, act: Act | None, choice: str | None, question: bool) -> tuple[Advice, Memory] | None:
        """The answer in this step; None where the message is about something else. `question` = it asks us something."""
        yes, no = act is Act.YES or choice == YES, act in (Act.NO, Act.NONE, Act.REFUSE, Act.STOP) or choice == NO
        if choice == START or (self.memory.step == OFFER and yes):
            return self.start()
        if self.memory.step == OFFER and no:
            return self._say("fine", step=None)
        if self.memory.step == CONSENT and (yes or no):
            return self._opened() if yes else self._say("handover_refused", step=None, value=self._summary())
        if self.memory.step == CONTACT and not (question or act in (Act.RECALL, Act.MORE, Act.SIMPLER)):
            return self._contact(no or choice == WITHOUT or act is Act.UNKNOWN)
        return None

    def start(self) -> tuple[Advice, Memory]:
        """Show what would be given on, and ask whether it may be."""
        texts = self.knowledge.texts
        text = texts["handover_summary"].format(value=self._summary())
        said = asking(words.say(text, self._enquiry()), self.knowledge)
        return said, replace(self.memory, step=CONSENT, tries=0)

    def _opened(self) -> tuple[Advice, Memory]:
        texts = self.knowledge.texts
        wish = next((topic for topic in reversed(self.memory.topics) if topic != "appointment_handover"), None)
        code = self.kept().open(
            self.conversation,
            summary=self._summary(),
            topic=wish,
            land=self.case.land,
            language=self.memory.language or "de",
            consent=texts["ask_consent"],
        )
        buttons = (Button(texts["button_without_contact"], WITHOUT),)
        text = texts["handover_stored"].format(code=code)
        said = words.say(text, self._enquiry(), asks="contact", question=texts["ask_contact"], buttons=buttons)
        return said, replace(self.memory, step=CONTACT, tries=0)

    def _contact(self, without: bool) -> tuple[Advice, Memory]:
        """The channel has taken the contact out of the message already; here is only asked whether it has come."""
        if not self.kept().awaiting_contact(self.conversation):
            return self._say("handover_done", step=None, code=self.kept().of(self.conversation)[-1].code)
        if without or self.memory.tries:
            code = self.kept().without_contact(self.conversation)
            return self._say("handover_without", step=None, code=code)
        texts = self.knowledge.texts
        buttons = (Button(texts["button_without_contact"], WITHOUT),)
        said = words.say(texts["no_contact_found"], self._enquiry(), asks="contact", buttons=buttons)
        return said, replace(self.memory, tries=1)

    def _say(self, text: str, step: str | None, **values: object) -> tuple[Advice, Memory]:
        said = words.say(self.knowledge.texts[text].format(**values), self._enquiry())
        return said, replace(self.memory, step=step, tries=0)

    def _summary(self) -> str:
        return summary(self.case, self.memory, self.history, self.knowledge)

    def _enquiry(self) -> Enquiry:
        return self.case.enquiry(("appointment_handover",), "", self.knowledge)
