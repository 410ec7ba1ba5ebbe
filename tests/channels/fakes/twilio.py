"""Twilio's Programmable Messaging with a WhatsApp sender. Requests are signed by Twilio's own library."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import urlencode

from aiohttp import BasicAuth, web
from twilio.request_validator import RequestValidator

from tests.channels.fakes.base import Fake, Fault, Refusal, Sent, units

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "t0ken of the account", "whatsapp:+49301111111"


def _error(status: int, code: int, told: str) -> tuple[int, Any, dict[str, str]]:
    return (
        status,
        {"code": code, "message": told, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status},
        {},
    )


class FakeTwilio(Fake):
    channel = "whatsapp_twilio"
    errors: ClassVar[dict[Fault, tuple[int, Any, dict[str, str]]]] = {
        Fault.REFUSED: _error(400, 21602, "Message body is required."),
        Fault.TOO_MANY: (*_error(429, 20429, "Too Many Requests")[:2], {"Retry-After": "1"}),
        Fault.BROKEN: _error(500, 20500, "Internal Server Error"),
        Fault.BLOCKED: _error(400, 21610, "Attempt to send to unsubscribed recipient"),
        Fault.CREDENTIALS: _error(401, 20003, "Authenticate"),
    }

    def environment(self) -> dict[str, str]:
        prefix = "WEGWEISER_WHATSAPP_TWILIO_"
        values = {"ACCOUNT": ACCOUNT, "TOKEN": TOKEN, "FROM": NUMBER, "URL": self.url}
        return {prefix + name: value for name, value in values.items()}

    def routes(self) -> list[web.RouteDef]:
        account = f"/2010-04-01/Accounts/{ACCOUNT}"
        return [web.post(f"{account}/Messages.json", self._send), web.get(f"{account}.json", self._account)]

    def _authorise(self, request: web.Request) -> None:
        if BasicAuth.decode(request.headers["Authorization"]) != BasicAuth(ACCOUNT, TOKEN):
            body = json.dumps(self.errors[Fault.CREDENTIALS][1])
            raise web.HTTPUnauthorized(text=body, content_type="application/json")

    async def _account(self, request: web.Request) -> web.Response:
        self._authorise(request)
        return web.json_response({"sid": ACCOUNT, "status": "active"})

    async def _send(self, request: web.Request) -> Any:
        self._authorise(request)
        return await self.taking(request, self._take, lambda: {"sid": f"SM{self.count():032}", "status": "queued"})

    def _take(self, body: dict[str, Any]) -> Sent:
        text = body.get("Body", "")
        if not text.strip():
            raise Refusal(*_error(400, 21602, "Message body is required.")[:2])
        if units(text) > 1600:
            raise Refusal(*_error(400, 21617, "The concatenated message body exceeds the 1600 character limit")[:2])
        if body.get("From") != NUMBER or not body["To"].startswith("whatsapp:+"):
            raise Refusal(*_error(400, 21211, "Invalid 'To' Phone Number")[:2])
        return Sent(body["To"].removeprefix("whatsapp:+49170"), text)

    def _fields(self, person: int, **what: str) -> dict[str, str]:
        sid = f"SM{self.count():032x}"
        fields = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": ACCOUNT,
            "To": NUMBER,
            "NumMedia": "0",
            "ProfileName": "",
        }
        return {**fields, "From": f"whatsapp:+49170{person}", "WaId": f"49170{person}", "Body": "", **what}

    def event(self, person: int, text: str) -> Any:
        return self._fields(person, Body=text)

    def pressed(self, person: int, id: str) -> Any:
        return self._fields(person, Body="…", ButtonPayload=id, ButtonText="…")

    def media(self, person: int) -> list[Any]:
        kinds: list[dict[str, str]] = [
            {"NumMedia": "1", "MediaContentType0": "audio/ogg", "MediaUrl0": "https://api.twilio.com/x"},
            {"NumMedia": "1", "MediaContentType0": "image/jpeg", "MediaUrl0": "https://api.twilio.com/x"},
            {"Latitude": "52.5", "Longitude": "13.4"},
        ]
        without_body = [self._fields(person, **kind) for kind in kinds]
        del without_body[0]["Body"]
        return without_body

    def unknown(self) -> list[Any]:
        return [{"Hello": "1"}, {"SmsStatus": "received", "MessageSid": "SM1"}]

    def sign(self, path: str, fields: dict[str, str]) -> dict[str, str]:
        signature = RequestValidator(TOKEN).compute_signature(f"{self.target}/webhooks/{self.channel}/{path}", fields)
        return {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "X-Twilio-Signature": signature}

    def deliver(self, event: Any) -> int:
        return self.sign_and_post(urlencode(event).encode(), self.sign("webhook", event))

    def failed_later(self, person: int, code: int) -> int:
        """The status callback of a message that Twilio had taken."""
        fields = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": str(code), "To": f"whatsapp:+49170{person}"}
        return self.post(urlencode(fields).encode(), self.sign("status", fields), "status")

    def forge(self, person: int, text: str) -> list[int]:
        event = self.event(person, text)
        right = self.sign("webhook", event)
        other = urlencode({**event, "From": "whatsapp:+4917099"}).encode()
        unsigned = {"Content-Type": right["Content-Type"]}
        wrong = {**right, "X-Twilio-Signature": "AAAA"}
        return [self.post(other, right), self.post(other, unsigned), self.post(urlencode(event).encode(), wrong)]
