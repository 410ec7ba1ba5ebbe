"""What the fakes of WhatsApp Cloud API and Messenger share: Meta's signature, token and errors."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, ClassVar

from aiohttp import web

from tests.channels.fakes.base import Fake, Fault, Refusal, dump

TOKEN, APP_SECRET, VERIFY = "EAAtoken", "app s3cret", "our own word"


def error(code: int, told: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": told, "type": "OAuthException", "code": code, "fbtrace_id": "x", **more}}


class FakeMeta(Fake):
    prefix: str
    errors: ClassVar[dict[Fault, tuple[int, Any, dict[str, str]]]] = {
        Fault.REFUSED: (400, error(100, "Invalid parameter"), {}),
        Fault.TOO_MANY: (429, error(4, "Application request limit reached"), {"Retry-After": "1"}),
        Fault.BROKEN: (500, error(2, "Temporary error", is_transient=True), {}),
        Fault.BLOCKED: (400, error(551, "This person isn't available right now."), {}),
        Fault.CREDENTIALS: (401, error(190, "Access token has expired"), {}),
    }

    def environment(self) -> dict[str, str]:
        values = {"TOKEN": TOKEN, "APP_SECRET": APP_SECRET, "VERIFY_TOKEN": VERIFY, "URL": self.url}
        return {f"WEGWEISER_{self.channel.upper()}_{name}": value for name, value in values.items()}

    def refuse(self, told: str) -> Refusal:
        return Refusal(400, error(100, told))

    def authorise(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            body = dump(error(190, "Invalid OAuth access token")).decode()
            raise web.HTTPUnauthorized(text=body, content_type="application/json")

    def deliver(self, event: Any) -> int:
        body = dump(event)
        return self.sign_and_post(body, self.sign(body))

    def sign(self, body: bytes, secret: str = APP_SECRET, kind: str = "sha256") -> dict[str, str]:
        made = hmac.new(secret.encode(), body, getattr(hashlib, kind)).hexdigest()
        name = "X-Hub-Signature-256" if kind == "sha256" else "X-Hub-Signature"
        return {"Content-Type": "application/json", name: f"{kind}={made}"}

    def forge(self, person: int, text: str) -> list[int]:
        body = dump(self.event(person, text))
        plain = {"Content-Type": "application/json"}
        headers = (plain, self.sign(body, "wrong"), self.sign(body, kind="sha1"), {**plain, "X-Hub-Signature-256": "bogus=1"})
        return [self.post(body, header) for header in headers]
