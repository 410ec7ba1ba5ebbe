"""Handovers as signed JSON to an address of the office's own."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from prescreen.delivery import http
from prescreen.delivery.message import Names, fields
from prescreen.handovers import Handover

_SHORTEST_SECRET = 16


class Webhook:
    """POST {"event", "id", "handover"}; header X-Wegweiser-Signature = hex HMAC-SHA256 of "<timestamp>.<body>"."""

    def __init__(self, *, names: Names, url: str, secret: str) -> None:
        self._url = http.checked(url)
        if len(str(secret)) < _SHORTEST_SECRET:
            raise ValueError(f"secret needs {_SHORTEST_SECRET} characters")
        self._secret = str(secret).encode()

    def send(self, id: str, handover: Handover) -> str:
        """Deliver; there is no reference but the code."""
        self._post(id, {"event": "handover", "id": id, "handover": fields(handover)})
        return ""

    def retract(self, id: str, code: str, reference: str) -> None:
        """Tell that the handover with this code is deleted."""
        self._post(id, {"event": "deleted", "id": id, "handover": {"code": code}})

    def _post(self, id: str, content: dict[str, Any]) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Wegweiser-Delivery": id,
            "X-Wegweiser-Timestamp": timestamp,
            "X-Wegweiser-Signature": signature(self._secret, timestamp, body),
        }
        http.call("POST", self._url, headers, data=body)


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What the receiver computes too, and compares; the timestamp keeps an old message from being sent again."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
