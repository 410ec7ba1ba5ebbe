"""WhatsApp through Meta's Cloud API: up to three choices as buttons, up to ten as a list, more as numbers.

Platform: https://developers.facebook.com/docs/whatsapp/cloud-api. Free text only within 24 hours after the person wrote.
"""

from __future__ import annotations

from typing import Any

from sanic.request import Request

from bot.channels.incoming import Incoming, Kind
from bot.channels.meta import FIELDS, MetaMessenger, failure
from bot.channels.options import Field, keyed
from bot.channels.parts import Limits, Part, length
from knowledge import store

# Reply buttons; more choices, or longer titles, are a list.
_BUTTONS, _BUTTON_TITLE = 3, 20


class WhatsAppCloudInput(MetaMessenger):
    platform = "WhatsApp"
    # Those of a list: ten rows, titles of 24, ids of 200; the text above it may have 1,024 characters with buttons.
    limits = Limits(text=4096, with_buttons=1024, buttons=10, title=24, payload=200)
    fields = (Field("PHONE_ID", "the phone number id of the app's WhatsApp page (not the number itself)"), *FIELDS)

    @classmethod
    def name(cls) -> str:
        return "whatsapp_cloud"

    def events(self, request: Request) -> list[Any]:
        found: list[Any] = []
        for entry in self.entries(request):
            for change in entry.get("changes") or ():
                value = change.get("value") or {}
                found += value.get("messages") or ()
                self._note(value.get("statuses") or ())
        return found

    def _note(self, statuses: Any) -> None:
        """Messages that Meta had taken and could not deliver."""
        for status in statuses:
            if status.get("status") == "failed":
                codes = [error.get("code") for error in status.get("errors") or ()]
                talk = keyed(self._key, self.name(), "person", str(status.get("recipient_id")))
                self.dead.add(self.name(), talk, failure(codes[0] if codes else None))

    def read(self, event: dict[str, Any]) -> Incoming | None:
        id, who, kind = event["id"], event["from"], event["type"]
        if kind == "text":
            return Incoming(id, who, who, Kind.TEXT, event["text"]["body"])
        if kind == "button":
            return Incoming(id, who, who, Kind.TEXT, event["button"]["text"])
        if kind == "interactive":
            pressed = event["interactive"]
            return Incoming(id, who, who, Kind.CHOICE, pressed[pressed["type"]]["id"])
        if kind == "request_welcome":
            return Incoming(id, who, who, Kind.START)
        # A thumb up is no question; system says that somebody changed the number.
        if kind in ("reaction", "system"):
            return None
        caption = (event.get(kind) or {}).get("caption", "")
        return Incoming(id, who, who, Kind.TEXT if caption else Kind.UNREADABLE, caption)

    async def send(self, event: Incoming, part: Part, name: str) -> None:
        body: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": event.to}
        if part.buttons:
            body |= {"type": "interactive", "interactive": _interactive(part)}
        else:
            body |= {"type": "text", "text": {"body": part.text, "preview_url": False}}
        await self.graph("POST", f"{self.options['PHONE_ID']}/messages", json=body)

    async def check(self) -> list[str]:
        await self.graph("GET", self.options["PHONE_ID"], params={"fields": "display_phone_number"})
        return []


def _interactive(part: Part) -> dict[str, Any]:
    if len(part.buttons) <= _BUTTONS and all(length(button.title) <= _BUTTON_TITLE for button in part.buttons):
        replies = [{"type": "reply", "reply": {"id": button.id, "title": button.title}} for button in part.buttons]
        return {"type": "button", "body": {"text": part.text}, "action": {"buttons": replies}}
    rows = [{"id": button.id, "title": button.title} for button in part.buttons]
    action = {"button": store.current().texts["messenger_list"], "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": part.text}, "action": action}
