"""Nobody's words, ids or secrets stand in a log, whatever fails: the real assistant, its own files of logs."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from bot.server import Assistant, free_port
from bot.settings import Settings
from tests.dialogues.talk import Talk, post

pytestmark = pytest.mark.assistant
# Words that stand in no file of the project, each sent by another way.
WORDS = "Quastenflosser Xylothekar Zwirbeldrüse Wolpertingerin Schnabeltasse Fliegenpilzsuppe Rumpelstilz Haddadowna".split()
PERSONAL = ("0151 2345678", "2345678", "lina.haddad@example.org", "DE44500105175407324931", "Haddad")
SECRETS = {
    "METRICS_TOKEN": "metrics-s3cret-of-the-test",
    "TELEGRAM_TOKEN": "12345678:AAH-telegram_s3cret_of_the_test",
    "TELEGRAM_SECRET": "telegram_webhook_s3cret_of_the_test",
    "TELEGRAM_URL": "http://127.0.0.1:9",
    "SLACK_TOKEN": "xoxb-slack-s3cret-of-the-test",
    "SLACK_SIGNING_SECRET": "slack-signing-s3cret-of-the-test",
    "SLACK_URL": "http://127.0.0.1:9",
}
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (WARNING|ERROR|CRITICAL) [\w.]+ ([0-9a-f]{12}|-) \S")


# A line of ours, or the next lines of one. What Python prints while libraries are imported, before there is a talk, is none.
OURS = re.compile(r"\d{4}-|\{|    at ")


def _ask(url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> None:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers or {}), timeout=20) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        error.read()


def _raw(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as there:
        there.sendall(sent)
        there.shutdown(socket.SHUT_WR)
        there.recv(4000)


def _fail(assistant: Assistant, talk: Talk, sender: str) -> None:
    """Everything that can go wrong, each time with words of somebody in it."""
    tracker: dict[str, Any] = {
        "sender_id": sender,
        "slots": {},
        "events": [],
        "latest_message": {"text": WORDS[1], "intent_ranking": [WORDS[2]]},
    }
    call = {"next_action": "action_advise", "tracker": tracker, "domain": {}}
    actions = f"http://127.0.0.1:{assistant.action_port}/webhook"
    _ask(actions, json.dumps(call).encode())
    _ask(actions, b'{"next_action": "' + WORDS[3].encode() + b'", "tracker": {}}')
    _ask(actions, b'{"next_action": "action_advise", "tracker": {"events": "' + WORDS[3].encode() + b'"}}')
    _ask(f"{assistant.url}/webhooks/website/{WORDS[4]}")
    _ask(f"{assistant.url}/{WORDS[4]}?q={WORDS[4]}", None, {"Accept": WORDS[4], "User-Agent": WORDS[4]})
    post(f"{assistant.url}/webhooks/website/message", {"session": talk.session, "text": [WORDS[5]]})
    post(f"{assistant.url}/webhooks/website/message", {"session": WORDS[5], "text": WORDS[5], "id": WORDS[5]})
    head = b"POST /webhooks/website/message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    _raw(assistant.port, head + WORDS[6].encode() + b"\r\n" + WORDS[6].encode())
    _raw(assistant.port, WORDS[6].encode() + b" " + WORDS[6].encode() + b"\r\n\r\n")
    telegram = {
        "update_id": 1,
        "message": {"chat": {"id": 77, "type": "private"}, "from": {"id": 770077, "first_name": WORDS[7]}},
    }
    telegram["message"]["text"] = f"{WORDS[7]} in Kiel"  # type: ignore[index]
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRETS["TELEGRAM_SECRET"], "Content-Type": "application/json"}
    _ask(f"{assistant.url}/webhooks/telegram/webhook", json.dumps(telegram).encode(), headers)
    _ask(f"{assistant.url}/webhooks/slack/webhook", WORDS[7].encode(), {"X-Slack-Signature": WORDS[7]})
    assistant.kill("actions")
    assert "1815-1111" in talk.say(f"Was kostet die Anerkennung als {WORDS[0]}? Tel. 0151 2345678").text


@pytest.fixture(scope="module", params=["text", "json"])
def logged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """The form, all logs of an assistant to which everything has happened, and the name of the talk."""
    folder: Path = tmp_path_factory.mktemp("logged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEGWEISER_DATA", str(folder))
        patch.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
        patch.setenv("WEGWEISER_LOG_FORMAT", request.param)
        patch.delenv("LOG_LEVEL", raising=False)
        for name, value in SECRETS.items():
            patch.setenv(f"WEGWEISER_{name}", value)
        with Assistant(Settings(data=folder, actions="server"), port=free_port()) as assistant:
            talk = Talk(assistant.url)
            sender = str(jwt.decode(talk.session, options={"verify_signature": False})["sub"])
            talk.say(
                f"Ich heiße Lina Haddad und bin {WORDS[0]}, Tel. 0151 2345678, lina.haddad@example.org, DE44500105175407324931"
            )
            talk.say(f"Meine {WORDS[0]} ist aus Syrien")
            _fail(assistant, talk, sender)
        logs = "\n".join(path.read_text(encoding="utf-8") for path in sorted((folder / "logs").iterdir()))
    yield request.param, logs, sender


def test_no_word_of_anybody_no_id_and_no_secret_stands_in_a_log(logged: tuple[str, str, str]) -> None:
    _, logs, sender = logged
    assert logs.count("ERROR") > 2, "nothing has failed, so nothing is tested"
    found = [word for word in (*WORDS, *PERSONAL, "770077", sender, *SECRETS.values()) if word.lower() in logs.lower()]
    assert [word for word in found if not word.startswith("http://")] == [], logs


def test_each_line_has_time_level_logger_and_a_hash_of_the_talk(logged: tuple[str, str, str]) -> None:
    form, logs, _ = logged
    started = re.split(r"(?m)^(?=(?:\d{4}-|\{))", logs, maxsplit=1)[1]
    lines = [line for line in started.splitlines() if OURS.match(line) or "wegweiser." in line]
    lines = [line for line in lines if '"channel"' not in line]  # dead letters have their own form
    if form == "json":
        records = [json.loads(line) for line in lines]
        assert all({"time", "level", "logger", "message"} <= set(record) for record in records)
        talks = {record.get("talk") for record in records}
    else:
        assert [line for line in lines if not LINE.match(line)] == []
        talks = {match[2] for line in lines if (match := LINE.match(line))}
    assert len(talks - {"-", None}) in (1, 2), "the talk of the website has the same hash in both servers; Telegram has its own"


def test_an_error_names_its_kind_and_its_place(logged: tuple[str, str, str]) -> None:
    assert re.search(r"AdviseAction failed.*(TypeError|AttributeError) at .*actions/\w+\.py:\d+", logged[1])
