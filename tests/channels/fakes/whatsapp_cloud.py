"""WhatsApp's Cloud API (https://developers.facebook.com/docs/whatsapp/cloud-api)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.channels.fakes.base import Key, Sent, units
from tests.channels.fakes.meta import FakeMeta

PHONE_ID = "1080000000000"


class FakeWhatsAppCloud(FakeMeta):
    channel = "whatsapp_cloud"

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "WEGWEISER_WHATSAPP_CLOUD_PHONE_ID": PHONE_ID}

    def routes(self) -> list[web.RouteDef]:
        number = rf"/{{version:v\d+\.0}}/{PHONE_ID}"
        return [web.post(f"{number}/messages", self._send), web.get(number, self._number)]

    async def _number(self, request: web.Request) -> web.Response:
        self.authorise(request)
        return web.json_response({"display_phone_number": "+49 30 111", "id": PHONE_ID})

    async def _send(self, request: web.Request) -> Any:
        self.authorise(request)
        id = f"wamid.{self.count()}"
        return await self.taking(request, self._take, lambda: {"messaging_product": "whatsapp", "messages": [{"id": id}]})

    def _take(self, body: dict[str, Any]) -> Sent:
        if body.get("messaging_product") != "whatsapp":
            raise self.refuse("messaging_product is required")
        if body["type"] == "text":
            text = body["text"]["body"]
            if not text.strip() or units(text) > 4096:
                raise self.refuse("Param text['body'] must be at most 4096 characters long.")
            return Sent(body["to"], text)
        interactive = body["interactive"]
        text, action = interactive["body"]["text"], interactive["action"]
        if not text.strip() or units(text) > 1024:
            raise self.refuse("Invalid interactive.body.text length. Min 1, Max 1024.")
        if interactive["type"] == "button":
            keys = [Key(button["reply"]["title"], button["reply"]["id"]) for button in action["buttons"]]
            most, longest, id_length = 3, 20, 256
        else:
            keys = [Key(row["title"], row["id"]) for section in action["sections"] for row in section["rows"]]
            most, longest, id_length = 10, 24, 200
            if not 1 <= units(action["button"]) <= 20:
                raise self.refuse("Button label is too long")
        if not 1 <= len(keys) <= most or len({key.id for key in keys}) < len(keys):
            raise self.refuse("wrong number of choices")
        if any(not 1 <= units(key.title) <= longest or not 1 <= units(key.id) <= id_length for key in keys):
            raise self.refuse("title or id too long")
        return Sent(body["to"], text, keys)

    def _wrapped(self, **value: Any) -> dict[str, Any]:
        about = {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "4930", "phone_number_id": PHONE_ID}}
        change = {"field": "messages", "value": {**about, **value}}
        return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}

    def _message(self, person: int, kind: str, what: Any) -> dict[str, Any]:
        message = {"from": str(person), "id": f"wamid.{self.count()}", "timestamp": "1700000000", "type": kind, kind: what}
        return self._wrapped(contacts=[{"wa_id": str(person), "profile": {"name": "Lina"}}], messages=[message])

    def event(self, person: int, text: str) -> Any:
        return self._message(person, "text", {"body": text})

    def pressed(self, person: int, id: str) -> Any:
        return self._message(person, "interactive", {"type": "list_reply", "list_reply": {"id": id, "title": "…"}})

    def media(self, person: int) -> list[Any]:
        file = {"id": "1", "mime_type": "x/y", "sha256": "x"}
        kinds = {name: file for name in ("audio", "image", "sticker", "document", "video")}
        kinds["location"] = {"latitude": "52.5", "longitude": "13.4"}
        kinds["unsupported"] = {}
        return [self._message(person, kind, what) for kind, what in kinds.items()]

    def unknown(self) -> list[Any]:
        return [
            self._wrapped(statuses=[{"id": "wamid.1", "status": "read", "recipient_id": "5", "timestamp": "1"}]),
            self._message(5, "reaction", {"message_id": "wamid.1", "emoji": "👍"}),
            self._wrapped(messages=[{"hello": 1}]),
            {
                "object": "whatsapp_business_account",
                "entry": [{"id": "1", "changes": [{"field": "account_update", "value": {}}]}],
            },
            {"object": "whatsapp_business_account", "entry": []},
        ]

    def failed_later(self, person: int, code: int) -> int:
        """The status of a message that Meta had taken."""
        status = {"id": "wamid.1", "status": "failed", "recipient_id": str(person), "errors": [{"code": code, "title": "x"}]}
        return self.deliver(self._wrapped(statuses=[status]))
