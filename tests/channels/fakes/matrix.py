"""A Matrix homeserver as far as the assistant needs one (https://spec.matrix.org/latest/client-server-api/).

The test with a real homeserver is tests/channels/test_synapse.py.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from aiohttp import web

from tests.channels.fakes.base import Fake, Fault, Refusal, Sent, dump

TOKEN, ME = "syt_fake", "@wegweiser:localhost"


def _error(code: str, **more: Any) -> dict[str, Any]:
    return {"errcode": code, "error": code, **more}


class FakeMatrix(Fake):
    channel = "matrix"
    calls_us = False
    errors: ClassVar[dict[Fault, tuple[int, Any, dict[str, str]]]] = {
        Fault.REFUSED: (400, _error("M_BAD_JSON"), {}),
        Fault.TOO_MANY: (429, _error("M_LIMIT_EXCEEDED", retry_after_ms=1000), {}),
        Fault.BROKEN: (500, _error("M_UNKNOWN"), {}),
        Fault.BLOCKED: (403, _error("M_FORBIDDEN"), {}),
        Fault.CREDENTIALS: (401, _error("M_UNKNOWN_TOKEN"), {}),
    }

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # Events of all rooms in order: (room, event). Their index is the position of a sync token.
        self.log: list[tuple[str, dict[str, Any]]] = []
        self.invited: list[str] = []
        self.members: dict[str, list[str]] = {}
        self.encrypted: set[str] = set()
        self.transactions: set[str] = set()
        self.synced = False

    def environment(self) -> dict[str, str]:
        return {"WEGWEISER_MATRIX_URL": self.url, "WEGWEISER_MATRIX_TOKEN": TOKEN}

    def ready(self) -> bool:
        return self.synced

    def address(self, person: int) -> str:
        return f"!{person}:localhost"

    def routes(self) -> list[web.RouteDef]:
        api = "/_matrix/client/v3"
        room = f"{api}/rooms/{{room}}"
        return [
            web.get(f"{api}/account/whoami", self._whoami),
            web.get(f"{api}/sync", self._sync),
            web.post(f"{api}/join/{{room}}", self._join),
            web.get(f"{room}/joined_members", self._members),
            web.get(f"{room}/messages", self._messages),
            web.get(f"{room}/state/m.room.encryption", self._encryption),
            web.put(f"{room}/send/m.room.message/{{transaction}}", self._send),
        ]

    async def _whoami(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response(_error("M_UNKNOWN_TOKEN"), status=401)
        return web.json_response({"user_id": ME})

    async def _sync(self, request: web.Request) -> web.Response:
        since = request.query.get("since")
        start = int(since) if since else 0
        if since:
            for _ in range(50):
                if len(self.log) > start or self.invited:
                    break
                await asyncio.sleep(0.01)
        self.synced = True
        rooms: dict[str, Any] = {"join": {}, "invite": {room: {} for room in self.invited}}
        for room in {room for room, _ in self.log[start:]}:
            events = [event for where, event in self.log[start:] if where == room]
            # A real server gives the newest few and says that there are more; here three, so that the gap is tested.
            timeline = {"events": events[-3:], "limited": len(events) > 3, "prev_batch": f"{len(self.log)}-{len(events) - 3}"}
            rooms["join"][room] = {"timeline": timeline}
        self.invited = []
        return web.json_response({"next_batch": str(len(self.log)), "rooms": rooms})

    async def _messages(self, request: web.Request) -> web.Response:
        room = request.match_info["room"]
        end, count = (int(part) for part in request.query["from"].split("-"))
        events = [event for where, event in self.log[int(request.query["to"]) : end] if where == room][:count]
        page = list(reversed(events))[:10]
        rest = count - len(page)
        return web.json_response({"chunk": page, **({"end": f"{end}-{rest}"} if rest > 0 else {})})

    async def _join(self, request: web.Request) -> web.Response:
        self.members.setdefault(request.match_info["room"], []).append(ME)
        return web.json_response({"room_id": request.match_info["room"]})

    async def _members(self, request: web.Request) -> web.Response:
        room = request.match_info["room"]
        members = self.members.get(room, [ME, f"@u{room[1:].split(':')[0]}:localhost"])
        return web.json_response({"joined": {member: {} for member in members}})

    async def _encryption(self, request: web.Request) -> web.Response:
        if request.match_info["room"] in self.encrypted:
            return web.json_response({"algorithm": "m.megolm.v1.aes-sha2"})
        return web.json_response(_error("M_NOT_FOUND"), status=404)

    async def _send(self, request: web.Request) -> Any:
        room, transaction = request.match_info["room"], request.match_info["transaction"]
        if transaction in self.transactions:
            return web.json_response({"event_id": "$known"})

        def take(body: dict[str, Any]) -> Sent:
            if len(dump(body)) > 65_000:
                raise Refusal(413, _error("M_TOO_LARGE"))
            if body["msgtype"] not in ("m.text", "m.notice") or not body["body"].strip():
                raise Refusal(400, _error("M_BAD_JSON"))
            self.transactions.add(transaction)
            self.log.append((room, self._event(ME, room, body)))
            return Sent(room, body["body"])

        return await self.taking(request, take, lambda: {"event_id": f"${self.count()}"})

    def _event(self, sender: str, room: str, content: Any, kind: str = "m.room.message") -> dict[str, Any]:
        return {
            "type": kind,
            "sender": sender,
            "event_id": f"${self.count()}",
            "origin_server_ts": 1,
            "content": content,
            "_": room,
        }

    def _said(self, person: int, content: Any, kind: str = "m.room.message") -> Any:
        return self._event(f"@u{person}:localhost", self.address(person), content, kind)

    def event(self, person: int, text: str) -> Any:
        return self._said(person, {"msgtype": "m.text", "body": text})

    def edited(self, person: int, text: str) -> Any:
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": "$1"}
        return self._said(person, {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation})

    def pressed(self, person: int, id: str) -> Any:
        raise NotImplementedError("Matrix has no buttons")

    def media(self, person: int) -> list[Any]:
        kinds = ("m.audio", "m.image", "m.video", "m.file", "m.location")
        return [self._said(person, {"msgtype": kind, "body": "voice.ogg", "url": "mxc://x"}) for kind in kinds]

    def unknown(self) -> list[Any]:
        return [
            self._said(5, {}),
            self._said(5, {"msgtype": "m.notice", "body": "from a program"}),
            self._said(5, {"m.relates_to": {"rel_type": "m.annotation", "key": "👍"}}, "m.reaction"),
            self._said(5, {"membership": "join"}, "m.room.member"),
            self._said(5, {"msgtype": "m.text"}),
            self._event(ME, self.address(5), {"msgtype": "m.text", "body": "our own words"}),
        ]

    def group(self, person: int, text: str) -> Any:
        event = self.event(person, text)
        self.members[self.address(person)] = [ME, "@a:localhost", "@b:localhost"]
        return event

    def deliver(self, event: Any) -> int:
        self.log.append((event["_"], event))
        return 200

    def replay(self) -> int:
        room, event = next((room, event) for room, event in reversed(self.log) if event["sender"] != ME)
        self.log.append((room, event))
        return 200

    def invite(self, person: int, encrypted: bool = False) -> None:
        room = self.address(person)
        self.members[room] = [f"@u{person}:localhost"]
        if encrypted:
            self.encrypted.add(room)
        self.invited.append(room)

    def encrypted_message(self, person: int) -> Any:
        content = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEn", "session_id": "x"}
        return self._said(person, content, "m.room.encrypted")
