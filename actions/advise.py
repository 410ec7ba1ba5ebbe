"""The one action: slots and message → what to say → messages."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import heard, turn
from actions.base import SafeAction
from actions.memory import Memory
from actions.talk import Talk, Turn
from bot import handover
from bot.settings import Settings
from knowledge import Message, custom, messages, store
from knowledge.case import Case
from knowledge.loader import Knowledge
from knowledge.message import greeting
from knowledge.model import Button

# Events after which a slot is set again although it did not change. A turn has about eight.
_AGAIN = 40


class AdviseAction(SafeAction, Action):
    def name(self) -> str:
        return "action_advise"

    async def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        knowledge, settings = store.current(), Settings.read()
        talk = Talk(
            heard=heard.read(tracker.latest_message, knowledge),
            case=Case.from_slots(tracker.slots),
            memory=Memory.from_slot(tracker.slots.get("talk")),
            knowledge=knowledge,
            edition=settings.edition,
            conversation=tracker.sender_id,
            history=heard.history(tracker.events),
            kept=lambda: handover.store(settings.desk_url),
        )
        now = turn.take(talk)
        said = [*_greeting(talk, now, knowledge), *messages(now.advice, knowledge)]
        for i, message in enumerate(said):
            about = {"lang": message.language, "dir": message.dir} if message.language != "de" else {}
            last = custom(now.advice) if i == len(said) - 1 else {}
            buttons = [_button(button, talk.heard.language) for button in message.buttons]
            dispatcher.utter_message(text=message.text, buttons=buttons, json_message=about | last)
        return _changes(tracker, now.case.slots() | {"talk": now.memory.slot()})


def _changes(tracker: Tracker, slots: dict[str, Any]) -> list[dict[str, Any]]:
    """What sets `slots`: those that changed, since each is a row of the database, and what was not set for a while, since a
    turn knows the last events only (bot/stores/talks.py). Empty and never set are the same."""
    lately = {event.get("name") for event in tracker.events[-_AGAIN:] if event.get("event") == "slot"}
    changed = {name: value for name, value in slots.items() if (value or None) != (tracker.slots.get(name) or None)}
    old = {name: value for name, value in slots.items() if value and name not in lately}
    return [SlotSet(name, value) for name, value in (old | changed).items()]


def _greeting(talk: Talk, now: Turn, knowledge: Knowledge) -> list[Message]:
    """The first words in the language of the person: once, and again where the message was not understood."""
    language = talk.heard.language
    if now.advice.enquiry.urgent or (language == talk.memory.language and now.advice.enquiry.sure):
        return []
    return greeting(language, now.advice.asks, knowledge)


def _button(button: Button, language: str) -> dict[str, Any]:
    """The payload is a command to Rasa, so only we make it; channels show the id inside it, never the payload."""
    payload = f"/choose{json.dumps({'choice': button.id}, ensure_ascii=False)}"
    also = {"also": {"lang": language, "text": button.also}} if button.also else {}
    return {"title": button.title, "payload": payload, **also}
