"""WhatsApp through Twilio's Programmable Messaging. No native buttons without templates, so choices are numbered.

Platform: https://www.twilio.com/docs/messaging. What fails later (24-hour window) comes to /status.
"""

from __future__ import annotations

import base64
import hmac
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from bot.channels.api import Answer, Later, Unreachable, judge_http
from bot.channels.base import CHOICE_ID, Messenger
from bot.channels.incoming import Forbidden, Incoming, Kind
from bot.channels.options import Field, keyed
from bot.channels.parts import Limits, Part

# https://www.twilio.com/docs/api/errors
_LATER = {20429, 63018, 63038, 14107}
_UNREACHABLE = {
    20003: "credentials",
    20404: "credentials",
    21610: "blocked",
    21211: "no_such_number",
    21614: "no_such_number",
    63003: "no_such_number",
    63016: "window_closed",
    63024: "no_such_number",
    63032: "blocked",
}


class WhatsAppTwilioInput(Messenger):
    platform = "WhatsApp"
    limits = Limits(text=1600)
    fields = (
        Field("ACCOUNT", "the Account SID (AC…) of the Twilio console"),
        Field("TOKEN", "the Auth Token beside it"),
        Field("FROM", "our number, such as whatsapp:+4930123456"),
        Field("URL", "address of Twilio's API", "https://api.twilio.com"),
    )

    @classmethod
    def name(cls) -> str:
        return "whatsapp_twilio"

    def verify(self, request: Request) -> None:
        """Twilio signs the address that it called and the sorted fields (https://www.twilio.com/docs/usage/security)."""
        where = request.path + (f"?{request.query_string}" if request.query_string else "")
        address = self.settings.public_url.rstrip("/") + where if self.settings.public_url else request.url
        signed = address + "".join(name + value for name, value in sorted(set(_fields(request))))
        right = base64.b64encode(hmac.new(self.options["TOKEN"].encode(), signed.encode(), "sha1").digest())
        if not hmac.compare_digest(request.headers.get("X-Twilio-Signature", "").encode(), right):
            raise Forbidden("signature; is WEGWEISER_PUBLIC_URL the address that Twilio calls?")

    def events(self, request: Request) -> list[Any]:
        fields = dict(_fields(request))
        if not fields:
            raise ValueError("no fields")
        return [fields]

    def read(self, event: dict[str, str]) -> Incoming | None:
        id, who = event["MessageSid"], event["From"]
        pressed, said = event.get("ButtonPayload", ""), event.get("Body", "")
        if CHOICE_ID.match(pressed):
            return Incoming(id, who, who, Kind.CHOICE, pressed)
        sent_something = event.get("NumMedia", "0") not in ("", "0") or "Latitude" in event
        return Incoming(id, who, who, Kind.UNREADABLE if sent_something and not said.strip() else Kind.TEXT, said)

    def acknowledge(self, request: Request) -> HTTPResponse:
        return text('<?xml version="1.0" encoding="UTF-8"?><Response/>', content_type="text/xml")

    async def send(self, event: Incoming, part: Part, name: str) -> None:
        body = {"To": event.to, "From": self.options["FROM"], "Body": part.text}
        if self.settings.public_url:
            body["StatusCallback"] = f"{self.settings.public_url.rstrip('/')}/webhooks/whatsapp_twilio/status"
        await self.api.call("POST", f"{self._account}/Messages.json", data=body, auth=self._auth)

    def judge(self, answer: Answer) -> None:
        code = answer.body.get("code")
        if answer.status >= 400 and code in _LATER:
            raise Later("too_many", answer.after)
        if answer.status >= 400 and code in _UNREACHABLE:
            raise Unreachable(_UNREACHABLE[code])
        judge_http(answer)

    def routes(self, blueprint: Blueprint) -> None:
        @blueprint.post("/status")
        async def status(request: Request) -> HTTPResponse:
            """What became of a message that Twilio had taken."""
            try:
                self.verify(request)
            except Forbidden:
                return empty(403)
            except ValueError:  # a body that is no text
                return empty(400)
            told = dict(_fields(request))
            if told.get("MessageStatus") in ("failed", "undelivered"):
                given = told.get("ErrorCode", "")
                code = int(given) if given.isdecimal() and len(given) < 10 else 0
                talk = keyed(self._key, self.name(), "person", told.get("To", ""))
                self.dead.add(self.name(), talk, _UNREACHABLE.get(code, f"twilio_{code}"))
            return empty(204)

    async def check(self) -> list[str]:
        account = await self.api.call("GET", f"{self._account}.json", auth=self._auth)
        found = [] if account.get("status") == "active" else [f"Twilio says that the account is {account.get('status')}"]
        if not self.settings.public_url:
            found.append("WEGWEISER_PUBLIC_URL is not set: signatures and failed deliveries need the address that Twilio calls")
        if not self.options["FROM"].startswith("whatsapp:+"):
            found.append(f"{self.options.variable('FROM')} must look like whatsapp:+4930123456")
        return found

    @property
    def _account(self) -> str:
        return f"/2010-04-01/Accounts/{self.options['ACCOUNT']}"

    @property
    def _auth(self) -> aiohttp.BasicAuth:
        return aiohttp.BasicAuth(self.options["ACCOUNT"], self.options["TOKEN"])


def _fields(request: Request) -> list[tuple[str, str]]:
    """All fields, also empty ones: they are part of what is signed. Raises ValueError for a body that is no form."""
    return parse_qsl(request.body.decode("utf-8"), keep_blank_values=True)
