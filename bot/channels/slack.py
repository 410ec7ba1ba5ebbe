"""Slack: Events API and interactive buttons. Talks only in direct messages.

Platform: https://docs.slack.dev. An edited message counts as a new one. Slack's retries are known by their event id.
"""

from __future__ import annotations

import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qs

from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as json_answer

from bot.channels.api import Answer, Later, Refused, Unreachable, judge_http
from bot.channels.base import CHOICE_ID, Messenger
from bot.channels.incoming import Forbidden, Incoming, Kind
from bot.channels.options import Field
from bot.channels.parts import Limits, Part

# Seconds that a request may be old: Slack's own advice against replays.
_WINDOW = 300
_ROW = 25
_LATER = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}
_REFUSED = {"msg_too_long", "no_text", "invalid_blocks", "invalid_blocks_format", "too_many_attachments", "invalid_arguments"}


class SlackInput(Messenger):
    platform = "Slack"
    # A section takes 3,000 characters, a row of actions 25 buttons, a button 75 characters, a value 2,000.
    limits = Limits(text=4000, with_buttons=3000, buttons=100, title=75, payload=2000, links=True)
    fields = (
        Field("TOKEN", "the Bot User OAuth Token (xoxb-…): app, OAuth & Permissions"),
        Field("SIGNING_SECRET", "the Signing Secret: app, Basic Information"),
        Field("URL", "address of Slack's API", "https://slack.com/api"),
    )

    @classmethod
    def name(cls) -> str:
        return "slack"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.options['TOKEN']}"}

    def verify(self, request: Request) -> None:
        at = request.headers.get("X-Slack-Request-Timestamp", "")
        if not (at.isascii() and at.isdigit()) or abs(time.time() - int(at)) > _WINDOW:
            raise Forbidden("time")
        signed = b"v0:" + at.encode() + b":" + request.body
        right = "v0=" + hmac.new(self.options["SIGNING_SECRET"].encode(), signed, "sha256").hexdigest()
        if not hmac.compare_digest(request.headers.get("X-Slack-Signature", "").encode(), right.encode()):
            raise Forbidden("signature")

    def events(self, request: Request) -> list[Any]:
        body = _body(request)
        if body.get("type") == "block_actions":
            return [{"action": action, **body} for action in body.get("actions") or ()]
        return [body] if body.get("type") == "event_callback" else []

    def acknowledge(self, request: Request) -> HTTPResponse:
        body = _body(request)
        return json_answer({"challenge": body["challenge"]}) if body.get("type") == "url_verification" else empty(200)

    def read(self, event: dict[str, Any]) -> Incoming | None:
        if "action" in event:
            return _pressed(event)
        said = event["event"]
        id, kind, subtype = event["event_id"], said["type"], said.get("subtype")
        if kind == "app_mention":
            return Incoming(id, f"{said['channel']}/{said['user']}", said["channel"], Kind.GROUP)
        if kind != "message" or said.get("channel_type") != "im" or said.get("bot_id"):
            return None
        if subtype == "message_changed":
            new, old = said["message"], said.get("previous_message") or {}
            # A link's preview changes a message too, and so do we.
            if new.get("bot_id") or new.get("text") == old.get("text"):
                return None
            return Incoming(id, new["user"], said["channel"], Kind.TEXT, _typed(new["text"]))
        if subtype not in (None, "file_share", "me_message", "thread_broadcast"):
            return None
        text = _typed(said.get("text") or "")
        return Incoming(id, said["user"], said["channel"], Kind.TEXT if text or subtype is None else Kind.UNREADABLE, text)

    async def send(self, event: Incoming, part: Part, name: str) -> None:
        body: dict[str, Any] = {"channel": event.to, "text": _escaped(part.text), "mrkdwn": False, "unfurl_links": False}
        if part.buttons:
            body["blocks"] = _blocks(part)
        await self.api.call("POST", "/chat.postMessage", json=body)

    def judge(self, answer: Answer) -> None:
        judge_http(answer)
        if answer.body.get("ok") is False:
            error = str(answer.body.get("error"))
            if error in _LATER:
                raise Later(error, answer.after)
            raise Refused(error) if error in _REFUSED else Unreachable(error)

    async def check(self) -> list[str]:
        await self.api.call("POST", "/auth.test")
        return []


def _body(request: Request) -> dict[str, Any]:
    """JSON for events, a form with JSON inside for buttons; Slack also sends the kind with a charset. Raises ValueError."""
    content = request.body.decode("utf-8")
    if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        content = parse_qs(content).get("payload", [""])[0]
    body = json.loads(content)
    if not isinstance(body, dict):
        raise ValueError("no object")
    return body


def _pressed(event: dict[str, Any]) -> Incoming | None:
    action, who = event["action"], event["user"]["id"]
    # A button with an address opens it by itself; Slack tells us all the same.
    if not CHOICE_ID.match(action.get("value") or ""):
        return None
    id = f"{who}/{action['action_ts']}/{action['action_id']}"
    return Incoming(id, who, event["channel"]["id"], Kind.CHOICE, action["value"])


def _escaped(text: str) -> str:
    """Slack's three control characters; with mrkdwn off, all others arrive as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _typed(text: str) -> str:
    """What the person typed, without Slack's escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _blocks(part: Part) -> list[dict[str, Any]]:
    keys = []
    for i, button in enumerate(part.buttons):
        key = {"type": "button", "action_id": f"b{i}", "text": {"type": "plain_text", "text": button.title, "emoji": False}}
        keys.append(key | ({"url": button.url} if button.url else {"value": button.id}))
    rows = [{"type": "actions", "elements": keys[i : i + _ROW]} for i in range(0, len(keys), _ROW)]
    return [{"type": "section", "text": {"type": "plain_text", "text": part.text, "emoji": False}}, *rows]
