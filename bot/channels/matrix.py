"""Matrix: an ordinary account over the client-server API; it fetches, so no public address is needed.

Platform: https://spec.matrix.org/latest/client-server-api/. Rooms of two, without encryption; others
get a sentence that says so.
An edited message counts as a new one. Answers are m.notice, so that two programs never answer each other.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any
from urllib.parse import quote

from sanic.request import Request

from bot.channels.api import Answer, Later, Refused, Undelivered, Unreachable, judge_http
from bot.channels.base import Messenger
from bot.channels.incoming import Forbidden, Incoming, Kind
from bot.channels.options import Field, keyed
from bot.channels.parts import Limits, Part

log = logging.getLogger("wegweiser.channels")
_API = "/_matrix/client/v3"
# Seconds that the server keeps a question for news open.
_OPEN = 30
# Events and pages of them that are fetched after an interruption.
_EVENTS, _PAGES = 100, 20
_FILTER = json.dumps({"presence": {"types": []}, "account_data": {"types": []}, "room": {"timeline": {"limit": _EVENTS}}})
# The quote that clients put above a reply.
_QUOTE = re.compile(r"\A(?:> .*\n?)+\n*")


class MatrixInput(Messenger):
    platform = "Matrix"
    has_webhook = False
    # An event may have 65,536 bytes; a UTF-16 unit is at most three bytes, and the envelope needs some.
    limits = Limits(text=16_000)
    fields = (
        Field("URL", "address of the homeserver, such as https://matrix.example.org"),
        Field("TOKEN", "the access token of the assistant's own account"),
    )

    @classmethod
    def name(cls) -> str:
        return "matrix"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.options['TOKEN']}"}

    def verify(self, request: Request) -> None:
        raise Forbidden("Matrix is fetched, it sends nothing")

    async def run(self) -> None:
        self._groups: dict[str, bool] = {}
        self._me = str((await self.api.call("GET", f"{_API}/account/whoami"))["user_id"])
        while True:
            await self._fetch()

    async def _fetch(self) -> None:
        """One question for news; what came is in the journal before the next question."""
        since = self.journal.place("matrix")
        query = {"filter": _FILTER, "timeout": str(_OPEN * 1000 if since else 0)} | ({"since": since} if since else {})
        news = await self.api.call("GET", f"{_API}/sync", params=query, limit=_OPEN + 20.0)
        rooms = news.get("rooms") or {}
        for room in rooms.get("invite") or {}:
            await self._join(room)
        # What was said before the very first start is history.
        for room, part in (rooms.get("join") or {}).items() if since else ():
            for event in await self._timeline(room, part.get("timeline") or {}, since):
                await self._note(room, event)
        self.journal.move("matrix", str(news["next_batch"]))

    async def _timeline(self, room: str, timeline: dict[str, Any], since: str) -> list[dict[str, Any]]:
        """The events of a room in order; where the server left some out, they are fetched."""
        events: list[dict[str, Any]] = list(timeline.get("events") or ())
        start = timeline.get("prev_batch") if timeline.get("limited") else None
        for _ in range(_PAGES):
            if not start:
                break
            query = {"from": start, "to": since, "dir": "b", "limit": str(_EVENTS)}
            page = await self.api.call("GET", f"{_API}/rooms/{quote(room)}/messages", params=query)
            events = [*reversed(page.get("chunk") or []), *events]
            start = page.get("end")
        if start:
            log.error("Matrix: a room said more than %d things while we were away; the oldest are not read.", _EVENTS * _PAGES)
        return events

    async def _note(self, room: str, event: dict[str, Any]) -> None:
        if event.get("type") == "m.room.member":
            self._groups.pop(room, None)
        if event.get("sender") == self._me or event.get("type") not in ("m.room.message", "m.room.encrypted"):
            return
        if room not in self._groups:
            members = await self.api.call("GET", f"{_API}/rooms/{quote(room)}/joined_members")
            self._groups[room] = len(members.get("joined") or {}) > 2
        while not self.take({**event, "room": room, "group": self._groups[room]}):
            await asyncio.sleep(self.pace.first)

    async def _join(self, room: str) -> None:
        """Accept an invitation and greet; in an encrypted room say at once that we cannot read it."""
        try:
            await self.api.call("POST", f"{_API}/join/{quote(room)}", json={})
            members = await self.api.call("GET", f"{_API}/rooms/{quote(room)}/joined_members")
            encrypted = await self._encrypted(room)
        except Undelivered as error:
            log.warning("Matrix: an invitation failed: %s", error.kind)
            return
        others = [member for member in members.get("joined") or {} if member != self._me]
        kind = "m.room.encrypted" if encrypted else "start"
        for member in others[:1]:
            event = {"event_id": f"join {room}", "sender": member, "type": kind, "content": {}}
            self.take({**event, "room": room, "group": len(others) > 1})

    async def _encrypted(self, room: str) -> bool:
        try:
            await self.api.call("GET", f"{_API}/rooms/{quote(room)}/state/m.room.encryption")
        except Refused:
            return False
        return True

    def read(self, event: dict[str, Any]) -> Incoming | None:
        room, who, content = event["room"], event["sender"], event["content"]
        id, sender = event["event_id"], f"{room}/{who}"
        if event["group"]:
            return Incoming(id, sender, room, Kind.GROUP)
        if event["type"] == "m.room.encrypted":
            return Incoming(id, sender, room, Kind.ENCRYPTED)
        if event["type"] == "start":
            return Incoming(id, sender, room, Kind.START)
        relation = content.get("m.relates_to") or {}
        if relation.get("rel_type") == "m.replace":
            content = content["m.new_content"]
        kind = content.get("msgtype")
        # A deleted message has no kind; notices come from programs.
        if kind is None or kind == "m.notice":
            return None
        text = content["body"]
        if "m.in_reply_to" in relation:
            text = _QUOTE.sub("", text)
        return Incoming(id, sender, room, Kind.TEXT if kind in ("m.text", "m.emote") else Kind.UNREADABLE, text)

    async def send(self, event: Incoming, part: Part, name: str) -> None:
        # The same transaction id for the same part: the server takes it once, however often we send.
        transaction = keyed(self._key, "matrix", event.id, name)
        body = {"msgtype": "m.notice", "body": part.text}
        await self.api.call("PUT", f"{_API}/rooms/{quote(event.to)}/send/m.room.message/{transaction}", json=body)

    def judge(self, answer: Answer) -> None:
        if answer.status == 429:
            after = answer.body.get("retry_after_ms")
            raise Later("too_many", answer.after if after is None else float(after) / 1000)
        if answer.status == 403:
            raise Unreachable("blocked")
        judge_http(answer)

    async def check(self) -> list[str]:
        await self.api.call("GET", f"{_API}/account/whoami")
        return []
