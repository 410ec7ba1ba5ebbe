"""Slack's Web API and Events API (https://docs.slack.dev). Requests are signed by Slack's own library."""

from __future__ import annotations

import time
from typing import Any, ClassVar
from urllib.parse import urlencode

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from tests.channels.fakes.base import Fake, Fault, Key, Refusal, Sent, dump

TOKEN, SECRET = "xoxb-1-fake", "8f742231b10e8888abcd99yyyzzz85a5"


def _error(name: str) -> dict[str, Any]:
    return {"ok": False, "error": name}


class FakeSlack(Fake):
    channel = "slack"
    errors: ClassVar[dict[Fault, tuple[int, Any, dict[str, str]]]] = {
        Fault.REFUSED: (200, _error("invalid_blocks"), {}),
        Fault.TOO_MANY: (429, _error("ratelimited"), {"Retry-After": "1"}),
        Fault.BROKEN: (500, _error("internal_error"), {}),
        Fault.BLOCKED: (200, _error("channel_not_found"), {}),
        Fault.CREDENTIALS: (200, _error("invalid_auth"), {}),
    }

    def environment(self) -> dict[str, str]:
        values = {"TOKEN": TOKEN, "SIGNING_SECRET": SECRET, "URL": f"{self.url}/api"}
        return {f"WEGWEISER_SLACK_{name}": value for name, value in values.items()}

    def address(self, person: int) -> str:
        return f"D{person}"

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/api/chat.postMessage", self._send), web.post("/api/auth.test", self._test)]

    async def _test(self, request: web.Request) -> web.Response:
        good = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        return web.json_response({"ok": True, "bot_id": "B1"} if good else _error("invalid_auth"))

    async def _send(self, request: web.Request) -> Any:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response(_error("invalid_auth"))
        return await self.taking(request, self._take, lambda: {"ok": True, "channel": self.sent[-1].to, "ts": str(time.time())})

    def _take(self, body: dict[str, Any]) -> Sent:
        text, blocks = body.get("text", ""), body.get("blocks", [])
        if not text.strip():
            raise Refusal(200, _error("no_text"))
        # Slack cuts off what is behind 40,000 characters; already above 4,000 it warns.
        if len(text) > 5000 or len(blocks) > 50:
            raise Refusal(200, _error("msg_too_long"))
        keys = []
        for block in blocks:
            if block["type"] == "section" and not 1 <= len(block["text"]["text"]) <= 3000:
                raise Refusal(200, _error("invalid_blocks"))
            elements = block.get("elements", [])
            if len(elements) > 25 or len({element["action_id"] for element in elements}) < len(elements):
                raise Refusal(200, _error("invalid_blocks"))
            for key in elements:
                title, value, url = key["text"]["text"], key.get("value", ""), key.get("url", "")
                if not 1 <= len(title) <= 75 or len(value) > 2000 or len(url) > 3000:
                    raise Refusal(200, _error("invalid_blocks"))
                keys.append(Key(title, value, url))
        shown = blocks[0]["text"]["text"] if blocks else text
        assert body.get("mrkdwn") is False
        return Sent(body["channel"], shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), keys)

    def _callback(self, **event: Any) -> dict[str, Any]:
        id = f"Ev{self.count()}"
        return {"type": "event_callback", "token": "x", "team_id": "T1", "event_id": id, "event_time": 1, "event": event}

    def _direct(self, person: int, **what: Any) -> dict[str, Any]:
        return self._callback(type="message", channel=f"D{person}", channel_type="im", ts=f"{self.count()}.1", **what)

    def event(self, person: int, text: str) -> Any:
        typed = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self._direct(person, user=f"U{person}", text=typed)

    def edited(self, person: int, text: str) -> Any:
        new = {"type": "message", "user": f"U{person}", "text": text, "ts": "1.1"}
        return self._direct(person, subtype="message_changed", message=new, previous_message={**new, "text": "before"})

    def pressed(self, person: int, id: str) -> Any:
        action = {"type": "button", "action_id": "b0", "block_id": "x", "value": id, "action_ts": f"{self.count()}.2"}
        about = {"user": {"id": f"U{person}"}, "channel": {"id": f"D{person}"}, "team": {"id": "T1"}}
        return {"type": "block_actions", "actions": [action], **about}

    def media(self, person: int) -> list[Any]:
        file = {"id": "F1", "mimetype": "audio/mp4", "name": "voice.m4a"}
        return [self._direct(person, user=f"U{person}", subtype="file_share", text="", files=[file])]

    def unknown(self) -> list[Any]:
        new = {"type": "message", "user": "U5", "text": "same", "ts": "1.1"}
        return [
            self._callback(type="reaction_added", user="U5", reaction="thumbsup"),
            self._direct(5, bot_id="B1", text="our own words"),
            self._direct(5, subtype="message_deleted", deleted_ts="1.1"),
            self._direct(5, subtype="message_changed", message=new, previous_message=new),
            self._callback(type="message", channel="C1", channel_type="channel", user="U5", text="to all"),
            self._callback(hello=1),
            {"type": "hello"},
        ]

    def group(self, person: int, text: str) -> Any:
        return self._callback(type="app_mention", channel="C1", user=f"U{person}", text=text, ts="1.1")

    def encode(self, event: Any) -> tuple[bytes, str]:
        if event.get("type") == "block_actions":
            return urlencode({"payload": dump(event).decode()}).encode(), "application/x-www-form-urlencoded"
        return dump(event), "application/json; charset=utf-8"

    def sign(self, body: bytes, kind: str, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
        return {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}

    def deliver(self, event: Any) -> int:
        body, kind = self.encode(event)
        return self.sign_and_post(body, self.sign(body, kind))

    def forge(self, person: int, text: str) -> list[int]:
        body, kind = self.encode(self.event(person, text))
        old, wrong = self.sign(body, kind, time.time() - 400), self.sign(body, kind, secret="wrong")
        ahead = self.sign(body, kind, time.time() + 400)
        return [self.post(body, headers) for headers in ({"Content-Type": kind}, old, ahead, wrong)]
