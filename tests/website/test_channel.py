"""The channel keeps its promises: one message at a time, each answered once, limits, sizes, origins; errors in German JSON."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
import pytest

from bot.channels.development import DevelopmentRestInput
from bot.channels.keyfile import key
from bot.channels.sessions import Sessions
from bot.settings import Settings, SettingsError
from tests.website.conftest import Server

Serve = Callable[..., Server]


def ask(
    server: Server, path: str, body: Any = None, headers: dict[str, str] | None = None, method: str = "POST"
) -> tuple[int, dict[str, str], Any]:
    """(status, headers in lower case, parsed answer)"""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection.request(method, f"/webhooks/website{path}", data, {"Content-Type": "application/json", **(headers or {})})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    found = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, found, json.loads(content) if content else None


def begin(server: Server) -> str:
    return str(ask(server, "/session")[2]["session"])


def say(server: Server, session: str, text: str, id: str | None = None) -> tuple[int, dict[str, str], Any]:
    return ask(server, "/message", {"session": session, "text": text, **({"id": id} if id else {})})


def test_many_messages_of_one_talk_are_answered_one_after_the_other(serve: Serve) -> None:
    server = serve(rate_limit="off")
    server.slow = 0.02
    session = begin(server)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda i: say(server, session, f"Frage {i}"), range(20)))
    assert [status for status, _, _ in answers] == [200] * 20
    assert server.most_at_once == 1 and len(server.heard) == 20


def test_talks_do_not_wait_for_each_other(serve: Serve) -> None:
    server = serve(rate_limit="off")
    server.slow = 0.5
    sessions = [begin(server) for _ in range(4)]
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda session: say(server, session, "Hallo"), sessions))
    assert time.monotonic() - start < 1.5


def test_a_talk_with_too_many_waiting_messages_is_told_to_wait(serve: Serve) -> None:
    server = serve(rate_limit="100/minute")
    server.slow = 0.2
    session = begin(server)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda i: say(server, session, f"Frage {i}"), range(12)))
    refused = [(status, body["error"]["code"]) for status, _, body in answers if status != 200]
    assert refused and set(refused) == {(429, "busy")}
    assert say(server, session, "Und jetzt?")[0] == 200


def test_a_message_that_comes_again_is_answered_once(serve: Serve) -> None:
    server = serve()
    session = begin(server)
    first, again, other = (say(server, session, "Hallo", id) for id in ("a-1", "a-1", "a-2"))
    assert first[2] == again[2] == other[2]
    assert len(server.heard) == 2


def test_the_same_id_in_another_talk_is_another_message(serve: Serve) -> None:
    server = serve()
    for _ in range(2):
        say(server, begin(server), "Hallo", "a-1")
    assert len(server.heard) == 2


def test_a_turn_goes_on_when_the_connection_breaks_and_its_answer_waits(serve: Serve) -> None:
    server = serve()
    server.slow = 0.3
    session = begin(server)
    body = json.dumps({"session": session, "text": "Hallo", "id": "x"}).encode()
    head = f"POST /webhooks/website/message HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head + body)
        time.sleep(0.1)
    status, _, answer = say(server, session, "Hallo", "x")
    assert status == 200 and answer["messages"][0]["text"] == "Gehört: Hallo"
    assert len(server.heard) == 1


@pytest.mark.parametrize("id", ["", "x" * 65, "a b", "<b>", 5, ["a"], "a\n"])
def test_an_odd_id_is_refused(serve: Serve, id: Any) -> None:
    server = serve()
    status, _, body = ask(server, "/message", {"session": begin(server), "text": "Hallo", "id": id})
    assert (status, body["error"]["code"]) == (400, "bad_request")


def test_a_talk_that_asks_too_often_is_told_to_wait_in_german(serve: Serve) -> None:
    server = serve(rate_limit="3/minute")
    session = begin(server)
    answers = [say(server, session, f"Frage {i}") for i in range(4)]
    assert [status for status, _, _ in answers] == [200, 200, 200, 429]
    _, headers, body = answers[-1]
    assert body["error"]["code"] == "too_many" and "Bitte warten Sie" in body["error"]["message"]
    assert 1 <= int(headers["retry-after"]) <= 61
    assert say(server, begin(server), "Hallo")[0] == 200


def test_an_address_has_a_limit_over_all_its_talks(serve: Serve) -> None:
    server = serve(rate_limit_address="4/minute")
    assert [ask(server, "/session")[0] for _ in range(5)] == [200, 200, 200, 200, 429]


def test_addresses_are_believed_only_from_as_many_proxies_as_are_set(serve: Serve) -> None:
    server = serve(rate_limit_address="2/minute")
    made_up = [{"X-Forwarded-For": f"192.0.2.{i}"} for i in range(3)]
    assert [ask(server, "/session", headers=headers)[0] for headers in made_up] == [200, 200, 429]


def test_limits_can_be_switched_off_for_tests(serve: Serve) -> None:
    server = serve(rate_limit="off", rate_limit_address="1/minute")
    session = begin(server)
    assert {say(server, session, "Hallo")[0] for _ in range(40)} == {200}


def test_two_processes_share_limits_and_answers_through_redis(serve: Serve, redis_url: str) -> None:
    one, two = (serve(rate_limit="3/minute", redis_url=redis_url) for _ in range(2))
    session = begin(one)
    assert say(one, session, "Hallo", "a")[2] == say(two, session, "Hallo", "a")[2]
    assert len(one.heard) == 1 and two.heard == []
    assert [say(server, session, "Noch einmal")[0] for server in (two, one)] == [200, 429]


def test_without_its_redis_the_channel_still_answers_and_counts(serve: Serve) -> None:
    server = serve(rate_limit="2/minute", redis_url="redis://127.0.0.1:9/0")
    session = begin(server)
    assert [say(server, session, "Hallo", f"m{i}")[0] for i in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_huge_body_is_refused_without_being_read(serve: Serve, chunked: bool) -> None:
    server = serve()
    body: Any = iter([b"x" * 65536] * 400) if chunked else b"x" * 300_000
    headers = {"Transfer-Encoding": "chunked"} if chunked else {}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with contextlib.closing(connection):
        # The server may shut the door while we are still pushing; its answer is there all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", "/webhooks/website/message", body, headers, encode_chunked=chunked)
        with connection.getresponse() as answer:
            assert (answer.status, json.load(answer)["error"]["code"]) == (413, "too_long")
    assert server.heard == []


def test_chunks_that_are_none_are_refused(serve: Serve) -> None:
    status, _, body = ask(serve(), "/message", b"no chunks", {"Transfer-Encoding": "chunked", "Content-Length": ""})
    assert (status, body["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(("path", "status"), [("/message", 405), ("/session", 405), ("/nothing", 404), ("/a/b/c", 404)])
def test_other_methods_and_addresses_get_a_german_error_in_json(serve: Serve, method: str, path: str, status: int) -> None:
    got, headers, body = ask(serve(), path, method=method)
    assert got == status and headers["content-type"].startswith("application/json")
    assert body["error"]["message"] == "Diese Anfrage kann ich nicht lesen."


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'"text"', b"[" * 20000])
def test_what_is_no_json_object_is_refused(serve: Serve, body: bytes) -> None:
    status, _, answer = ask(serve(), "/message", body)
    assert (status, answer["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("https://www.example.org", 200),
        ("http://127.0.0.1:{port}", 200),
        ("https://www.example.org.evil.example", 403),
        ("https://evil.example", 403),
        ("http://www.example.org", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_only_our_own_pages_and_the_sites_of_the_setting_may_ask(serve: Serve, origin: str | None, status: int) -> None:
    server = serve(sites="https://www.example.org/, https://other.example")
    headers = {} if origin is None else {"Origin": origin.format(port=server.port)}
    assert ask(server, "/session", headers=headers)[0] == status


def test_a_session_past_half_of_its_life_is_renewed(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    old = jwt.encode({"sub": "someone", "exp": int(time.time()) + 60}, key(tmp_path), "HS256")
    renewed = say(server, old, "Hallo")[2]["session"]
    assert jwt.decode(renewed, options={"verify_signature": False})["sub"] == "someone"
    assert "session" not in say(server, renewed, "Hallo")[2]


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "someone", "exp": int(time.time()) - 1},
        {"sub": "someone"},
        {"exp": int(time.time()) + 60},
        {"sub": "someone", "exp": int(time.time()) + 60, "aud": "page", "said": []},
    ],
)
def test_a_token_that_is_no_session_of_ours_is_refused(serve: Serve, tmp_path: Path, claims: dict[str, Any]) -> None:
    server = serve()
    for secret in (key(tmp_path), "another" * 9):
        token = jwt.encode(claims, secret, "HS256")
        assert say(server, token, "Hallo")[0] == 401
    assert say(server, jwt.encode(claims | {"exp": int(time.time()) + 60}, None, "none"), "Hallo")[0] == 401


def test_two_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found[0]) == 64
    assert (tmp_path / "session.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["session.key"]


def test_deleting_is_told_to_the_widget_and_forgets_the_answers(serve: Serve) -> None:
    server = serve()
    session = begin(server)
    say(server, session, "Hallo", "a")
    _, _, answer = say(server, session, "alles löschen")
    assert answer["deleted"] is True and "gelöscht" in answer["messages"][0]["text"]
    say(server, session, "Hallo", "a")
    assert len(server.heard) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATE_LIMIT", "many"),
        ("RATE_LIMIT_ADDRESS", "5 per"),
        ("SITES", "www.example.org"),
        ("REST", "yes"),
        ("PROXIES", "one"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"WEGWEISER_{name}"):
        Settings.read({f"WEGWEISER_{name}": value})


def test_a_signed_page_gives_back_what_was_said(tmp_path: Path) -> None:
    sessions = Sessions(Settings(data=tmp_path))
    said = [{"own": "Grüße"}, {"texts": []}]
    assert sessions.read_page(sessions.sign_page("someone", said)) == ("someone", said)


@pytest.mark.parametrize(("setting", "open"), [(None, False), ("off", False), ("on", True)])
def test_rasas_own_rest_channel_is_shut_unless_it_is_switched_on(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, open: bool
) -> None:
    async def nobody(_: object) -> None: ...

    monkeypatch.delenv("WEGWEISER_REST", raising=False)
    if setting:
        monkeypatch.setenv("WEGWEISER_REST", setting)
    blueprint = DevelopmentRestInput().blueprint(nobody)
    assert bool(blueprint._future_routes) is open


def test_an_error_inside_is_a_german_sentence_in_json(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve()
    session = begin(server)

    def broken(*_: object) -> None:
        raise OSError("the disk is full: /secret/path")

    monkeypatch.setattr("bot.talks.delete", broken)
    status, headers, body = say(server, session, "alles löschen")
    assert status == 500 and headers["content-type"].startswith("application/json")
    assert "+49 30 1815-1111" in body["error"]["message"] and "secret" not in str(body)
    assert say(server, session, "Hallo")[0] == 200
