"""The website's channel and its page: whatever is sent, the answer is one of the contract, in its form, and never a 500."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import strategies as st

from tests.fuzz.fuzz import fuzz
from tests.fuzz.inputs import broken, damaged, json_values, raw, texts
from tests.fuzz.test_webhooks import request
from tests.website.conftest import Server, serve

__all__ = ["serve"]
REFUSED = {400, 401, 403, 404, 405, 413, 429}
latin = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)
odd_headers = st.dictionaries(
    st.sampled_from("Origin Host Accept Content-Type X-Forwarded-For X-Forwarded-Host Forwarded Cookie Authorization".split()),
    st.one_of(latin, st.sampled_from(["null", "http://", "*/*", "text/html;q=x", "for=_x", "a=b; c"])),
    max_size=3,
)


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(rate_limit="off")


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    yield made
    made.close()


def _session(connection: http.client.HTTPConnection) -> str:
    return str(json.loads(request(connection, "POST", "/webhooks/website/session", b"{}", {})[1])["session"])


def _is_refusal(status: int, body: bytes) -> None:
    assert status in REFUSED, (status, body)
    assert set(json.loads(body)["error"]) == {"code", "message"}


def _cleared(server: Server) -> Callable[[], None]:
    return server.heard.clear


def test_messages_in_a_good_session(server: Server, connection: http.client.HTTPConnection) -> None:
    session = _session(connection)
    good = [{"session": session, "text": "Wer berät mich?"}, {"session": session, "choice": "land:DE-BY", "id": "a1"}]
    bodies = st.one_of(st.sampled_from(good).flatmap(broken), st.builds(lambda text: good[0] | {"text": text}, texts))

    def entry(body: Any) -> None:
        status, answer = request(connection, "POST", "/webhooks/website/message", json.dumps(body).encode(), {})
        if status == 200:
            assert json.loads(answer)["messages"]
        else:
            _is_refusal(status, answer)

    fuzz(bodies, entry, after=_cleared(server))
    assert all(not text.startswith("/") or text.startswith('/choose{"choice": "') for _, text in server.heard)


@pytest.mark.parametrize("path", ["message", "session"])
def test_bodies_and_headers_of_any_form(path: str, server: Server, connection: http.client.HTTPConnection) -> None:
    good = json.dumps({"session": _session(connection), "text": "Wer berät mich?"}).encode()
    bodies = st.one_of(raw, damaged(good), json_values.map(lambda value: json.dumps(value).encode()))

    def entry(what: tuple[bytes, dict[str, str]]) -> None:
        status, answer = request(connection, "POST", f"/webhooks/website/{path}", *what)
        if status == 200:
            assert json.loads(answer)["messages"]
        else:
            _is_refusal(status, answer)

    fuzz(st.tuples(bodies, odd_headers), entry, after=_cleared(server))


def test_the_page_without_javascript(server: Server, connection: http.client.HTTPConnection) -> None:
    page = request(connection, "GET", "/webhooks/website/form", None, {})[1].decode()
    talk = page.split('name="page" value="')[1].split('"')[0]
    names = st.sampled_from(["text", "choice", "land", "choose_land", "delete", "id", "page"])
    fields = st.dictionaries(st.one_of(names, texts), texts, max_size=5)
    forms = st.builds(lambda with_page, form: ({"page": talk} if with_page else {}) | form, st.booleans(), fields)
    bodies = st.one_of(forms.map(lambda form: urlencode(form, errors="surrogatepass").encode()), raw)

    def entry(what: tuple[bytes, dict[str, str]]) -> None:
        status, answer = request(connection, "POST", "/webhooks/website/form", *what)
        assert status == 200 or status in REFUSED, status
        assert b"<script" not in answer and b"Traceback" not in answer

    fuzz(st.tuples(bodies, odd_headers), entry, after=_cleared(server))


def test_addresses_and_methods_of_any_form(server: Server, connection: http.client.HTTPConnection) -> None:
    methods = st.sampled_from("GET HEAD PUT PATCH DELETE OPTIONS TRACE POST".split())

    def entry(what: tuple[str, str, str, dict[str, str]]) -> None:
        method, start, text, headers = what
        path = start + quote(text, safe="/%?&=;", errors="surrogatepass")
        status, _ = request(connection, method, path, None, headers)
        assert status < 500, (method, path, status)

    starts = st.sampled_from(["/", "/webhooks/website/", "/webhooks/", "/webhooks/website/form?", "//", "/%"])
    fuzz(st.tuples(methods, starts, texts, odd_headers), entry)


def test_bytes_that_are_no_http_end_nothing(server: Server, connection: http.client.HTTPConnection) -> None:
    head = b" /webhooks/website/session HTTP/1.1\r\nHost: x\r\n"
    good = b"POST" + head + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    upgrade = b"GET" + head + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n"
    inputs = st.one_of(raw, damaged(good), damaged(upgrade))

    def entry(sent: bytes) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as there:
            answer = b""
            try:
                there.sendall(sent)
                there.shutdown(socket.SHUT_WR)
                answer = there.recv(4000)
            except OSError:  # it has hung up, which is an answer
                pass
            assert not answer.startswith(b"HTTP/1.1 5") or answer.startswith(b"HTTP/1.1 503"), answer

    fuzz(inputs, entry)
    assert _session(connection)
