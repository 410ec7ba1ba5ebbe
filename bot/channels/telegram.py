"""Telegram: the Bot API, by webhook or by long polling (for a machine without a public address).

Platform: https://core.telegram.org/bots/api. An edited message counts as a new one. Groups are sent to the private chat.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Any

from sanic.request import Request

from bot.channels.api import Answer, Later, Refused, Undelivered, Unreachable, judge_http
from bot.channels.base import Messenger
from bot.channels.incoming import Forbidden, Incoming, Kind
from bot.channels.options import Field, key_of, keyed
from bot.channels.parts import Limits, Part

log = logging.getLogger("wegweiser.channels")
_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
# What Telegram reports inside a chat without anybody having said something.
_SERVICE = {
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "chat_background_set",
}
# Seconds that Telegram keeps a question for updates open.
_OPEN = 50
# Titles up to this length stand two in a row on a phone.
_SHORT = 18


class TelegramInput(Messenger):
    platform = "Telegram"
    # The Bot API takes 100 buttons and 64 bytes of callback data; it names no limit for titles, phones show about 60 letters.
    limits = Limits(text=4096, with_buttons=4096, buttons=100, title=60, payload=64, links=True)
    fields = (
        Field("TOKEN", "the token that @BotFather gave"),
        Field("SECRET", "the secret of the webhook (A-Z a-z 0-9 _ -); without it one is made", ""),
        Field("POLLING", "1: fetch the messages, no public address is needed", ""),
        Field("URL", "address of the Bot API", "https://api.telegram.org"),
    )

    @classmethod
    def name(cls) -> str:
        return "telegram"

    @property
    def polls(self) -> bool:
        return self.options["POLLING"].lower() in ("1", "on", "true", "yes")

    @property
    def secret(self) -> str:
        return self.options["SECRET"] or keyed(key_of(self.settings.data), "telegram", "secret")

    @property
    def address(self) -> str:
        """Where Telegram shall send updates; empty while the public address is not set."""
        return f"{self.settings.public_url.rstrip('/')}/webhooks/telegram/webhook" if self.settings.public_url else ""

    def verify(self, request: Request) -> None:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if self.polls or not hmac.compare_digest(given.encode(), self.secret.encode()):
            raise Forbidden("secret token")

    def events(self, request: Request) -> list[Any]:
        return [request.json] if isinstance(request.json, dict) else _no_event()

    def read(self, event: dict[str, Any]) -> Incoming | None:
        id = str(event["update_id"])
        if "callback_query" in event:
            pressed = event["callback_query"]
            who = str(pressed["from"]["id"])
            # A press comes without its message when that is very old; in a private chat the person's id is the chat's.
            to = str(pressed["message"]["chat"]["id"]) if "message" in pressed else who
            return Incoming(id, who, to, Kind.CHOICE, str(pressed.get("data", "")), str(pressed["id"]))
        message = event.get("message") or event.get("edited_message")
        if message is None or message.get("from", {}).get("is_bot") or _SERVICE & set(message):
            return None
        chat, who = message["chat"], str(message["from"]["id"])
        if chat["type"] != "private":
            return Incoming(id, f"{chat['id']}/{who}", str(chat["id"]), Kind.GROUP)
        text = message.get("text") or message.get("caption")
        kind = Kind.UNREADABLE if text is None else Kind.TEXT
        if text is not None and text.split("@")[0].split()[:1] in (["/start"], ["/help"], ["/hilfe"]):
            kind = Kind.START
        return Incoming(id, who, str(chat["id"]), kind, text or "")

    async def receive(self, event: Incoming) -> None:
        if event.receipt:
            await self._call("answerCallbackQuery", callback_query_id=event.receipt)

    async def send(self, event: Incoming, part: Part, name: str) -> None:
        # No parse_mode: * and _ arrive as they are.
        body: dict[str, Any] = {"chat_id": event.to, "text": part.text, "link_preview_options": {"is_disabled": True}}
        if part.buttons:
            body["reply_markup"] = {"inline_keyboard": _rows(part)}
        await self._call("sendMessage", **body)

    def judge(self, answer: Answer) -> None:
        if answer.status == 429:
            after = (answer.body.get("parameters") or {}).get("retry_after", answer.after)
            raise Later("too_many", float(after) if after is not None else None)
        if answer.status == 403:
            raise Unreachable("blocked")
        told = str(answer.body.get("description", ""))
        if answer.status == 400 and ("chat not found" in told or "deactivated" in told):
            raise Unreachable("no_chat")
        if answer.status == 404:
            raise Unreachable("credentials")
        judge_http(answer)
        if answer.body and answer.body.get("ok") is not True:
            raise Refused("not_ok")

    async def run(self) -> None:
        if not self.polls:
            if self.address:
                await self._connect()
            return
        await self._call("deleteWebhook")
        while True:
            await self._fetch()

    async def _connect(self) -> None:
        try:
            await self._call("setWebhook", url=self.address, secret_token=self.secret, allowed_updates=_UPDATES)
        except Undelivered as error:
            log.error("Telegram did not take the webhook: %s", error.kind)

    async def _fetch(self) -> None:
        """One question for updates. Telegram forgets those before `offset`, so it moves only when they are in the journal."""
        offset = int(self.journal.place("telegram") or 0)
        body = {"offset": offset, "timeout": _OPEN, "allowed_updates": _UPDATES}
        for update in (await self._call("getUpdates", limit=_OPEN + 10.0, **body))["result"]:
            while not self.take(update):
                await asyncio.sleep(self.pace.first)
            self.journal.move("telegram", str(update["update_id"] + 1))

    async def check(self) -> list[str]:
        await self._call("getMe")
        if self.polls:
            return []
        if not self.address:
            return ["WEGWEISER_PUBLIC_URL is not set: Telegram cannot reach the assistant; or set WEGWEISER_TELEGRAM_POLLING=1"]
        known = (await self._call("getWebhookInfo"))["result"]
        found = []
        if known.get("url") != self.address:
            found.append(f"Telegram sends to „{known.get('url', '')}“, not to {self.address}; serve sets it when it starts")
        if known.get("last_error_message"):
            found.append(f"Telegram could not deliver: {known['last_error_message']}")
        return found

    async def _call(self, method: str, limit: float | None = None, **body: Any) -> dict[str, Any]:
        return await self.api.call("POST", f"/bot{self.options['TOKEN']}/{method}", limit=limit, json=body)


def _rows(part: Part) -> list[list[dict[str, str]]]:
    """Long titles one in a row, many short ones two in a row."""
    keys = [{"text": b.title, "url": b.url} if b.url else {"text": b.title, "callback_data": b.id} for b in part.buttons]
    width = 2 if len(keys) > 4 and all(len(b.title) <= _SHORT for b in part.buttons) else 1
    return [keys[i : i + width] for i in range(0, len(keys), width)]


def _no_event() -> list[Any]:
    raise ValueError("no event")
