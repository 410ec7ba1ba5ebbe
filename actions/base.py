"""What every action shares: a failure is logged for the operator and answered for the person, never silent."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot import logs
from knowledge import store

log = logging.getLogger("wegweiser.actions")


class SafeAction:
    """A base to be named before `Action`. Subclasses write `answer`; whatever it raises, the person gets a sentence and
    a human contact."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        logs.talk.set(str(tracker.sender_id))
        try:
            return await self.answer(dispatcher, tracker)
        except Exception:
            log.exception("%s failed", type(self).__name__)
            dispatcher.messages.clear()
            dispatcher.utter_message(text=store.current().texts["failure"])
            return []

    async def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say something through `dispatcher` and return the events to remember."""
        raise NotImplementedError
