"""Calls to a platform: asynchronous, with a time limit, again after a while where that can help.

Undelivered
├── Refused      the platform does not take this message; another one may pass
└── Unreachable  it takes nothing for this person now: blocked, window closed, wrong credentials, down for too long
Later            not now: too many calls, an error of the platform, no answer (only inside this module and `judge`)
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

# Bytes of an answer that are read: a year's worth of what any platform sends at once.
_LARGEST = 20_000_000


class Undelivered(Exception):
    """A message did not arrive. `kind` is one word for the log; it never holds anything that a person wrote."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Refused(Undelivered):
    """The platform does not take this message."""


class Unreachable(Undelivered):
    """The platform takes nothing for this person now."""


class Later(Exception):
    """Try again; `after` seconds where the platform said so, else with growing pauses."""

    def __init__(self, kind: str, after: float | None = None) -> None:
        super().__init__(kind)
        self.kind, self.after = kind, after


@dataclass(frozen=True)
class Pace:
    """When to try again. All in seconds."""

    # The first pause; each further one is twice as long, up to the longest.
    first: float = 0.5
    longest: float = 30.0
    # Nobody waits longer than this for an answer; what is still undelivered then is given up.
    give_up: float = 900.0
    # Limit of one call.
    limit: float = 15.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Answer:
    """What the platform said: HTTP status, the JSON object (empty if it is none), the seconds of Retry-After."""

    status: int
    body: dict[str, Any]
    after: float | None


Judge = Callable[[Answer], None]


def judge_http(answer: Answer) -> None:
    """What an HTTP status means on every platform. Raises Later, Refused or Unreachable."""
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise Later(f"http_{answer.status}", answer.after)
    if answer.status in (401, 403):
        raise Unreachable(f"http_{answer.status}")
    if not 200 <= answer.status < 300:
        raise Refused(f"http_{answer.status}")


class Api:
    """One platform's API at `base`; `judge` raises for each answer that is not good."""

    def __init__(self, base: str, judge: Judge, pace: Pace, headers: Mapping[str, str] | None = None) -> None:
        self._base, self._judge, self._pace = base.rstrip("/"), judge, pace
        self._headers = dict(headers or {})
        self._client: aiohttp.ClientSession | None = None

    async def call(self, method: str, path: str, *, limit: float | None = None, **what: Any) -> dict[str, Any]:
        """The answer of one call, tried again while that can help. `what` is what aiohttp takes: json, data, params, auth.

        Raises Undelivered.
        """
        start, pause = self._pace.clock(), self._pace.first
        while True:
            try:
                return await self.once(method, path, limit=limit, **what)
            except Later as later:
                # A little by chance, so that many waiting people do not all come back at the same moment.
                wait = later.after if later.after is not None else pause * random.uniform(0.7, 1.3)  # noqa: S311
                if self._pace.clock() + wait - start > self._pace.give_up:
                    raise Unreachable(later.kind) from later
                await self._pace.sleep(wait)
                pause = min(pause * 2, self._pace.longest)

    async def once(self, method: str, path: str, *, limit: float | None = None, **what: Any) -> dict[str, Any]:
        """One try. Raises Undelivered, or Later."""
        if self._client is None or self._client.closed:
            self._client = aiohttp.ClientSession(headers=self._headers)
        timeout = aiohttp.ClientTimeout(total=limit or self._pace.limit)
        try:
            async with self._client.request(
                method, self._base + path, timeout=timeout, allow_redirects=False, **what
            ) as response:
                content = await _read(response)
                answer = Answer(response.status, _object(content), _after(response.headers.get("Retry-After")))
        except asyncio.TimeoutError as error:
            raise Later("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Later("no_connection") from error
        self._judge(answer)
        if 200 <= answer.status < 300 and not answer.body and content.strip() != b"{}":
            # Not from the platform (a proxy's page?): nobody knows whether the message arrived. Twice is better than never.
            raise Later("malformed")
        return answer.body

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        content += chunk
        if len(content) > _LARGEST:
            raise Later("too_large")
    return bytes(content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _after(header: str | None) -> float | None:
    """Retry-After in seconds; it may be a number or a date (RFC 9110, 10.2.3)."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
