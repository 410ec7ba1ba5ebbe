"""What holds for every answer of the server, whatever is asked: headers, bounds of time and size, errors that tell nothing."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable

import pytest
import requests

from bot.channels import guard
from tests.website.conftest import Server

Serve = Callable[..., Server]
# Every kind of answer that this server gives.
ASKED = [
    ("GET", "/", 404),
    ("GET", "/nothing", 404),
    ("GET", "/webhooks/website/form", 200),
    ("GET", "/webhooks/website/nothing", 404),
    ("GET", "/webhooks/website/session", 405),
    ("POST", "/webhooks/website/session", 200),
    ("POST", "/webhooks/website/message", 400),
    ("POST", "/webhooks/website/form", 401),
    ("PUT", "/", 404),
    ("TRACE", "/webhooks/website/form", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), ASKED)
def test_every_answer_has_the_headers_and_tells_nothing(method: str, path: str, status: int, serve: Serve) -> None:
    answer = requests.request(method, f"http://127.0.0.1:{serve().port}{path}", timeout=10)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not {"Server", "X-Powered-By"} & set(answer.headers)
    assert not any(word in answer.text for word in ("Rasa", "Sanic", "sanic", "Traceback", ".py"))


def _answer(server: Server, sent: bytes, patience: float = 10.0) -> tuple[bytes, float]:
    """What comes back when so much is sent and nothing more, and after how many seconds."""
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as there:
        there.sendall(sent)
        return there.recv(4000), time.monotonic() - start


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /webhooks/website/form HTTP/1.1\r\nHost: x\r\n",
        b"POST /webhooks/website/message HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
    ],
    ids=["head", "body"],
)
def test_who_sends_slowly_is_hung_up_on(sent: bytes, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "HEAD", 0.5)
    monkeypatch.setattr(guard, "BODY", 0.5)
    answer, seconds = _answer(serve(patience=0.05), sent)
    assert answer.startswith(b"HTTP/1.1 408") and seconds < 5
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "bad_request"


def test_the_bounds_of_time_leave_room_for_a_talk_whose_messages_wait(serve: Serve) -> None:
    server = serve(patience=20.0)
    assert server._app.config.RESPONSE_TIMEOUT >= 20.0 * 6
    assert server._app.config.REQUEST_TIMEOUT <= 60


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST /webhooks/website/message HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n",
    ],
    ids=["head", "body"],
)
def test_what_is_huge_is_refused_before_it_is_there(sent: bytes, serve: Serve) -> None:
    answer, seconds = _answer(serve(), sent)
    assert answer.startswith(b"HTTP/1.1 413") and seconds < 5


def test_an_upgrade_to_a_websocket_is_an_ordinary_request(serve: Serve) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "eA=="}
    answer = requests.get(f"{serve().url}/form", headers=upgrade, timeout=10)
    assert answer.status_code == 200 and "Upgrade" not in answer.headers
