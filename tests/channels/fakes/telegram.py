"""Telegram's Bot API (https://core.telegram.org/bots/api): sendMessage, callback queries, webhook and polling."""

from __future__ import annotations

import asyncio
import json
from typing import Any, ClassVar

from aiohttp import web

from tests.channels.fakes.base import Fake, Fault, Key, Refusal, Sent, dump, units

TOKEN, SECRET = "12345678:AAH-fake_token_of_the_tests_0123456789", "s3cret_of-the-webhook"


def _error(code: int, told: str, **more: Any) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": told, **more}


class FakeTelegram(Fake):
    channel = "telegram"
    polling = False
    errors: ClassVar[dict[Fault, tuple[int, Any, dict[str, str]]]] = {
        Fault.REFUSED: (400, _error(400, "Bad Request: can't parse entities"), {}),
        Fault.TOO_MANY: (429, _error(429, "Too Many Requests: retry after 1", parameters={"retry_after": 1}), {}),
        Fault.BROKEN: (500, _error(500, "Internal Server Error"), {}),
        Fault.BLOCKED: (403, _error(403, "Forbidden: bot was blocked by the user"), {}),
        Fault.CREDENTIALS: (401, _error(401, "Unauthorized"), {}),
    }

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.updates: list[dict[str, Any]] = []
        self.confirmed: list[str] = []
        self.webhook: dict[str, Any] = {}

    def environment(self) -> dict[str, str]:
        prefix = "WEGWEISER_TELEGRAM_"
        return {f"{prefix}TOKEN": TOKEN, f"{prefix}SECRET": SECRET, f"{prefix}URL": self.url}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/bot{token}/{method}", self._call)]

    async def _call(self, request: web.Request) -> Any:
        if request.match_info["token"] != TOKEN:
            return web.json_response(_error(401, "Unauthorized"), status=401)
        method = request.match_info["method"]
        if method == "sendMessage":
            return await self.taking(request, self._take, self._result)
        body = await request.json() if request.can_read_body and request.content_type == "application/json" else {}
        return web.json_response({"ok": True, "result": await getattr(self, f"_{method}")(body)})

    async def _getMe(self, _: Any) -> dict[str, Any]:
        return {"id": 1, "is_bot": True, "first_name": "Wegweiser", "username": "wegweiser_bot"}

    async def _answerCallbackQuery(self, body: dict[str, Any]) -> bool:
        self.confirmed.append(body["callback_query_id"])
        return True

    async def _setWebhook(self, body: dict[str, Any]) -> bool:
        self.webhook = body
        return True

    async def _deleteWebhook(self, _: Any) -> bool:
        self.webhook = {}
        return True

    async def _getWebhookInfo(self, _: Any) -> dict[str, Any]:
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}

    async def _getUpdates(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        self.updates = [update for update in self.updates if update["update_id"] >= body["offset"]]
        for _ in range(50):
            if self.updates:
                break
            await asyncio.sleep(0.01)
        return self.updates[:100]

    def _result(self) -> dict[str, Any]:
        chat = {"id": int(self.sent[-1].to), "type": "private"}
        return {"ok": True, "result": {"message_id": self.count(), "date": 1, "chat": chat, "text": self.sent[-1].text}}

    def _take(self, body: dict[str, Any]) -> Sent:
        text = body.get("text", "")
        if not text.strip():
            raise Refusal(400, _error(400, "Bad Request: message text is empty"))
        if units(text) > 4096:
            raise Refusal(400, _error(400, "Bad Request: message is too long"))
        markup = body.get("reply_markup") or {}
        # In a form, as some clients send it, an object is a JSON string.
        rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
        keys = [key for row in rows for key in row]
        if len(keys) > 100 or any(len(row) > 8 for row in rows):
            raise Refusal(400, _error(400, "Bad Request: too many buttons"))
        for key in keys:
            data, url = key.get("callback_data"), key.get("url")
            if (data is None) == (url is None) or not key.get("text"):
                raise Refusal(400, _error(400, "Bad Request: Text buttons are unallowed in the inline keyboard"))
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise Refusal(400, _error(400, "Bad Request: BUTTON_DATA_INVALID"))
            if url is not None and not url.startswith(("http://", "https://", "tg://")):
                raise Refusal(400, _error(400, "Bad Request: BUTTON_URL_INVALID"))
        found = [Key(key["text"], key.get("callback_data", ""), key.get("url", "")) for key in keys]
        return Sent(str(body["chat_id"]), text, found)

    def _message(self, person: int, **what: Any) -> dict[str, Any]:
        who = {"id": person, "is_bot": False, "first_name": "Lina"}
        chat = {"id": person, "type": "private", "first_name": "Lina"}
        return {"message_id": self.count(), "from": who, "chat": chat, "date": 1_700_000_000, **what}

    def _update(self, **what: Any) -> dict[str, Any]:
        return {"update_id": self.count(), **what}

    def event(self, person: int, text: str) -> Any:
        return self._update(message=self._message(person, text=text))

    def edited(self, person: int, text: str) -> Any:
        return self._update(edited_message=self._message(person, text=text, edit_date=1_700_000_001))

    def pressed(self, person: int, id: str) -> Any:
        message = self._message(person, text="…")
        query = {"id": str(self.count()), "from": message["from"], "message": message, "chat_instance": "1", "data": id}
        return self._update(callback_query=query)

    def media(self, person: int) -> list[Any]:
        file = {"file_id": "f", "file_unique_id": "u"}
        kinds: list[dict[str, Any]] = [
            {"voice": {**file, "duration": 3}},
            {"photo": [{**file, "width": 9, "height": 9}]},
            {"sticker": {**file, "width": 9, "height": 9, "type": "regular", "is_animated": False, "is_video": False}},
            {"location": {"latitude": 52.5, "longitude": 13.4}},
            {"document": file},
            {"contact": {"phone_number": "+49", "first_name": "L"}},
        ]
        return [self._update(message=self._message(person, **kind)) for kind in kinds]

    def unknown(self) -> list[Any]:
        who = self._message(5)
        member = {"user": {"id": 1, "is_bot": True, "first_name": "W"}, "status": "member"}
        blocked = {"chat": who["chat"], "from": who["from"], "date": 1, "old_chat_member": member}
        blocked["new_chat_member"] = {**member, "status": "kicked", "until_date": 0}
        return [
            self._update(),
            self._update(poll={"id": "1"}),
            self._update(message={"text": "no sender"}),
            self._update(my_chat_member=blocked),
            self._update(message=self._message(5, pinned_message=who)),
            {"hello": 1},
        ]

    def group(self, person: int, text: str) -> Any:
        chat = {"id": -100, "type": "supergroup", "title": "Gruppe"}
        return self._update(message={**self._message(person, text=text), "chat": chat})

    def deliver(self, event: Any) -> int:
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        return self.sign_and_post(dump(event), headers)

    def forge(self, person: int, text: str) -> list[int]:
        body, kind = dump(self.event(person, text)), {"Content-Type": "application/json"}
        tokens = ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, {"X-Telegram-Bot-Api-Secret-Token": ""})
        return [self.post(body, kind | token) for token in tokens]


class FakePollingTelegram(FakeTelegram):
    """The same platform; the assistant fetches."""

    calls_us = False
    polling = True

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "WEGWEISER_TELEGRAM_POLLING": "1"}

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._newest: Any = None

    def unknown(self) -> list[Any]:
        return [update for update in super().unknown() if "update_id" in update]

    def deliver(self, event: Any) -> int:
        self._newest = event
        self.updates.append(event)
        return 200

    def replay(self) -> int:
        return self.deliver(self._newest)
