"""Figures for the operator, in the form that Prometheus reads: how much, how quick. Never a word or an id of a person.

The labels have few values by construction: channels and topics are those of the project, anything else counts as `other`.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from knowledge import store

# Upper bounds in seconds: around the promise of a quick answer, up to the patience of a person.
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OTHER = "other"
# What an answer asks for → what that means to the operator (`asks` of docs/CONTRACTS.md).
_UNSURE, _HANDOVER = "topic", "consent"


class Metrics:
    """The figures of one process. `turn` counts a turn around the call that answers it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._messages = Counter("wegweiser_messages", "Messages that were read", ["channel"], registry=self.registry)
        self._topics = Counter("wegweiser_topics", "Answers by their first topic", ["topic"], registry=self.registry)
        self._unsure = Counter("wegweiser_unsure", "Answers that asked back for the topic", registry=self.registry)
        self._handovers = Counter(
            "wegweiser_handovers_offered", "Summaries shown with the question for consent", registry=self.registry
        )
        self._errors = Counter("wegweiser_errors", "Turns that ended in an error", ["channel", "kind"], registry=self.registry)
        self._seconds = Histogram(
            "wegweiser_turn_seconds", "Time of a turn", ["channel"], buckets=_BUCKETS, registry=self.registry
        )

    async def turn(self, channel: str, answer: Callable[[], Awaitable[None]], said: Iterable[dict[str, Any]]) -> None:
        """Wait for `answer`, then count what was `said`: the messages that a Collector gathers. Passes every error on."""
        start = time.perf_counter()
        self._messages.labels(channel).inc()
        try:
            await answer()
        except Exception as error:
            self._errors.labels(channel, type(error).__name__).inc()
            raise
        finally:
            self._seconds.labels(channel).observe(time.perf_counter() - start)
        messages = list(said)
        if not messages:
            self._errors.labels(channel, "silence").inc()
        for message in messages:
            self._answered((message.get("custom") or {}).get("advice"))

    def _answered(self, advice: Any) -> None:
        if not isinstance(advice, dict):
            return
        topic = advice.get("topic")
        self._topics.labels(topic if topic in store.current().topics else OTHER).inc()
        if advice.get("asks") == _UNSURE:
            self._unsure.inc()
        if advice.get("asks") == _HANDOVER:
            self._handovers.inc()

    def page(self, request: Request, token: str) -> HTTPResponse:
        """/metrics: 404 where no token is set, 401 without the right one."""
        if not token:
            return empty(404)
        sent = request.headers.get("authorization", "")
        # Compared as bytes: compare_digest refuses text that is not ASCII.
        if not hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), f"Bearer {token}".encode()):
            return empty(401, headers={"WWW-Authenticate": "Bearer"})
        return raw(generate_latest(self.registry), content_type=CONTENT_TYPE_LATEST)


# One for the process, since all channels count into it.
METRICS = Metrics()
