"""Facebook Messenger: a page's Send API. Choices are quick replies (13 at most), more are numbers.

Platform: https://developers.facebook.com/docs/messenger-platform. An edited message counts as a new one.
"""

from __future__ import annotations

from typing import Any

from sanic.request import Request

from bot.channels.incoming import Incoming, Kind
from bot.channels.meta import FIELDS, MetaMessenger
from bot.channels.parts import Limits, Part

_START = "start"


class MessengerInput(MetaMessenger):
    platform = "Messenger"
    limits = Limits(text=2000, with_buttons=2000, buttons=13, title=20, payload=1000)
    fields = FIELDS

    @classmethod
    def name(cls) -> str:
        return "messenger"

    def events(self, request: Request) -> list[Any]:
        return [event for entry in self.entries(request) for event in entry.get("messaging") or ()]

    def read(self, event: dict[str, Any]) -> Incoming | None:
        who = event["sender"]["id"]
        if "postback" in event:
            pressed = event["postback"]
            id = pressed.get("mid") or f"{who}/{event['timestamp']}"
            start = pressed["payload"].lower() in (_START, "get_started")
            return Incoming(id, who, who, Kind.START if start else Kind.CHOICE, pressed["payload"])
        if "message_edit" in event:
            edit = event["message_edit"]
            return Incoming(f"{edit['mid']}/{edit['num_edit']}", who, who, Kind.TEXT, edit["text"])
        message = event.get("message")
        # Receipts, reactions, and the echo of what we or a colleague wrote.
        if message is None or message.get("is_echo") or message.get("is_deleted"):
            return None
        if "quick_reply" in message:
            return Incoming(message["mid"], who, who, Kind.CHOICE, message["quick_reply"]["payload"])
        text = message.get("text")
        return Incoming(message["mid"], who, who, Kind.UNREADABLE if text is None else Kind.TEXT, text or "")

    async def send(self, event: Incoming, part: Part, name: str) -> None:
        message: dict[str, Any] = {"text": part.text}
        if part.buttons:
            replies = [{"content_type": "text", "title": button.title, "payload": button.id} for button in part.buttons]
            message["quick_replies"] = replies
        body = {"recipient": {"id": event.to}, "messaging_type": "RESPONSE", "message": message}
        await self.graph("POST", "me/messages", json=body)

    async def check(self) -> list[str]:
        await self.graph("GET", "me", params={"fields": "id"})
        apps = await self.graph("GET", "me/subscribed_apps")
        fields = {field for app in apps.get("data") or () for field in app.get("subscribed_fields") or ()}
        missing = {"messages", "messaging_postbacks"} - fields
        return [f"the page does not send {name}; subscribe it in the webhook's settings" for name in sorted(missing)]
