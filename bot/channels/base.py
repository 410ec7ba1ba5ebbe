"""What all channels share: cleaning what comes in, and the form in which answers go out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from knowledge.redaction import redact

Handler = Callable[[UserMessage], Awaitable[None]]
_CHOICE = re.compile(r"^/choose(\{.*\})$", re.DOTALL)
# Ids of buttons as knowledge/ makes them; anything else is refused before Rasa sees it.
CHOICE_ID = re.compile(r"^(topic|land|place|profession|contact|handover|answer):[A-Za-z0-9_-]{1,80}$")


def clean(text: str) -> str:
    """Typed text as the model may read it: NFC, no control characters, no leading slash (which Rasa would obey), and
    no personal data, since nothing here needs them."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if c.isprintable() or c in "\n\u200c\u200d" else " " for c in text)
    return redact(text.lstrip("/ \t\r\n").rstrip())


def payload(choice: str) -> str:
    """The command behind a button id that has the form of CHOICE_ID."""
    return f"/choose{json.dumps({'choice': choice})}"


class Collector(CollectingOutputChannel):
    """Gathers the answers of one turn, each with text, buttons and the object for machines together."""

    @classmethod
    def name(cls) -> str:
        return "website"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message whole; Rasa's own collector would take it apart."""
        self.messages.append(outgoing(message))


def outgoing(message: dict[str, Any]) -> dict[str, Any]:
    """A message as channels send it: `text`, `buttons`, `custom`, and for other languages than German `lang` and `dir`."""
    custom = dict(message.get("custom") or {})
    spoken = {name: custom.pop(name) for name in ("lang", "dir") if name in custom}
    buttons = [_shown(button) for button in message.get("buttons") or []]
    return {"text": message.get("text") or "", "buttons": buttons, "custom": custom or None, **spoken}


def _shown(button: dict[str, Any]) -> dict[str, Any]:
    """A button without its payload: its title, our id, and the title in the language of the person."""
    match = _CHOICE.match(str(button.get("payload", "")))
    choice = json.loads(match.group(1)).get("choice", "") if match else ""
    also = {"also": button["also"]} if button.get("also") else {}
    return {"title": str(button.get("title", "")), "id": str(choice), **also}
