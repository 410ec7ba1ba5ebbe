"""The one action: slots and message → enquiry → advice → messages."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import turn
from actions.base import SafeAction
from bot.settings import Settings
from knowledge import advise, custom, messages, store
from knowledge.model import Advice, Button


class AdviseAction(SafeAction, Action):
    def name(self) -> str:
        return "action_advise"

    async def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        knowledge = store.current()
        now = turn.take(tracker.latest_message, tracker.slots, knowledge)
        advice = advise(now.enquiry, knowledge, Settings.read().edition)
        for i, message in enumerate(messages(advice, knowledge)):
            buttons = [_button(button) for button in message.buttons]
            dispatcher.utter_message(text=message.text, buttons=buttons, json_message=custom(advice) if i == 0 else {})
        return [SlotSet(name, value) for name, value in (now.case.slots() | _remembered(advice)).items()]


def _remembered(advice: Advice) -> dict[str, Any]:
    return {"topic": advice.enquiry.topic if advice.enquiry.sure else None, "asks": advice.asks}


def _button(button: Button) -> dict[str, str]:
    """The payload is a command to Rasa, so only we make it; channels show the id inside it, never the payload."""
    return {"title": button.title, "payload": f"/choose{json.dumps({'choice': button.id}, ensure_ascii=False)}"}
