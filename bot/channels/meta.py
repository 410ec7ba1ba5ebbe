"""What WhatsApp Cloud API and Messenger share: Meta's Graph API, its signature and its verification by GET."""

from __future__ import annotations

import hmac
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from bot.channels.api import Answer, Later, Unreachable, judge_http
from bot.channels.base import Messenger
from bot.channels.incoming import Forbidden
from bot.channels.options import Field

FIELDS = (
    Field("TOKEN", "the access token of the app (a permanent one of a system user or page)"),
    Field("APP_SECRET", "the app secret: app dashboard, Settings, Basic"),
    Field("VERIFY_TOKEN", "a word of your own, the same as in the webhook's settings at Meta"),
    Field("VERSION", "version of the Graph API", "v24.0"),
    Field("URL", "address of the Graph API", "https://graph.facebook.com"),
)
# https://developers.facebook.com/docs/graph-api/guides/error-handling and the error pages of both products
_LATER = {1, 2, 4, 17, 32, 341, 613, 80007, 130429, 131000, 131016, 131048, 131056, 133004}
_UNREACHABLE = {
    10: "window_closed",
    190: "credentials",
    200: "no_permission",
    551: "blocked",
    131026: "no_such_number",
    131031: "account_locked",
    131047: "window_closed",
    131050: "blocked",
}


class MetaMessenger(Messenger):
    """A base for channels over the Graph API."""

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.options['TOKEN']}"}

    def verify(self, request: Request) -> None:
        right = "sha256=" + hmac.new(self.options["APP_SECRET"].encode(), request.body, "sha256").hexdigest()
        if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", "").encode(), right.encode()):
            raise Forbidden("signature")

    def entries(self, request: Request) -> list[dict[str, Any]]:
        """The entries of a webhook. Raises ValueError where there are none."""
        body = request.json
        entries = body.get("entry") if isinstance(body, dict) else None
        if not isinstance(entries, list):
            raise ValueError("no entries")
        return [entry for entry in entries if isinstance(entry, dict)]

    def judge(self, answer: Answer) -> None:
        error = answer.body.get("error")
        if isinstance(error, dict):
            code = error.get("code")
            if error.get("is_transient") or code in _LATER:
                raise Later(f"meta_{code}", answer.after)
            if code in _UNREACHABLE:
                raise Unreachable(_UNREACHABLE[code])
        judge_http(answer)

    def routes(self, blueprint: Blueprint) -> None:
        @blueprint.get("/webhook")
        async def subscribe(request: Request) -> HTTPResponse:
            """Meta asks once whether the address is ours."""
            given = str(request.args.get("hub.verify_token", ""))
            if not hmac.compare_digest(given.encode(), self.options["VERIFY_TOKEN"].encode()):
                return empty(403)
            return text(str(request.args.get("hub.challenge", "")))

    async def graph(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        """A call of the Graph API."""
        return await self.api.call(method, f"/{self.options['VERSION']}/{path}", **what)


def failure(code: Any) -> str:
    """The word for the log for a delivery that failed later."""
    return _UNREACHABLE.get(code, f"meta_{code}")
