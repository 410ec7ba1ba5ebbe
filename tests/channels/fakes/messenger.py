"""Messenger's Send API (https://developers.facebook.com/docs/messenger-platform)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.channels.fakes.base import Key, Sent, units
from tests.channels.fakes.meta import FakeMeta


class FakeMessenger(FakeMeta):
    channel = "messenger"

    def routes(self) -> list[web.RouteDef]:
        me = r"/{version:v\d+\.0}/me"
        return [
            web.post(f"{me}/messages", self._send),
            web.get(me, self._me),
            web.get(f"{me}/subscribed_apps", self._apps),
        ]

    async def _me(self, request: web.Request) -> web.Response:
        self.authorise(request)
        return web.json_response({"id": "1"})

    async def _apps(self, request: web.Request) -> web.Response:
        self.authorise(request)
        return web.json_response({"data": [{"id": "1", "subscribed_fields": ["messages", "messaging_postbacks"]}]})

    async def _send(self, request: web.Request) -> Any:
        self.authorise(request)
        return await self.taking(
            request, self._take, lambda: {"recipient_id": self.sent[-1].to, "message_id": f"m_{self.count()}"}
        )

    def _take(self, body: dict[str, Any]) -> Sent:
        if body.get("messaging_type") != "RESPONSE":
            raise self.refuse("messaging_type is required")
        text, replies = body["message"]["text"], body["message"].get("quick_replies", [])
        if not text.strip() or units(text) > 2000:
            raise self.refuse("Length of param message[text] must be less than or equal to 2000")
        if len(replies) > 13:
            raise self.refuse("Param message[quick_replies] has too many elements.")
        if any(units(reply["title"]) > 20 or len(reply["payload"]) > 1000 for reply in replies):
            raise self.refuse("Length of param title must be less than or equal to 20")
        return Sent(body["recipient"]["id"], text, [Key(reply["title"], reply["payload"]) for reply in replies])

    def _messaging(self, person: int, **what: Any) -> dict[str, Any]:
        event = {"sender": {"id": str(person)}, "recipient": {"id": "1"}, "timestamp": self.count(), **what}
        return {"object": "page", "entry": [{"id": "1", "time": 1, "messaging": [event]}]}

    def _message(self, person: int, **what: Any) -> dict[str, Any]:
        return self._messaging(person, message={"mid": f"m_{self.count()}", **what})

    def event(self, person: int, text: str) -> Any:
        return self._message(person, text=text)

    def edited(self, person: int, text: str) -> Any:
        return self._messaging(person, message_edit={"mid": f"m_{self.count()}", "text": text, "num_edit": 1})

    def pressed(self, person: int, id: str) -> Any:
        return self._message(person, text="…", quick_reply={"payload": id})

    def media(self, person: int) -> list[Any]:
        kinds = ("audio", "image", "video", "file", "location", "fallback")
        return [self._message(person, attachments=[{"type": kind, "payload": {"url": "https://x"}}]) for kind in kinds]

    def unknown(self) -> list[Any]:
        return [
            self._messaging(5, delivery={"mids": ["m_1"], "watermark": 1}),
            self._messaging(5, read={"watermark": 1}),
            self._messaging(5, reaction={"reaction": "love", "mid": "m_1"}),
            self._message(5, text="our own words", is_echo=True),
            self._messaging(5, message={"hello": 1}),
            {"object": "page", "entry": [{"id": "1", "changes": []}]},
        ]
