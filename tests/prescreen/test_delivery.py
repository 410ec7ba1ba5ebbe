"""Delivery: by rule, only with consent, again after a failure, never twice, and deleting reaches the receivers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.server import free_port
from prescreen.delivery import outbox as module
from prescreen.delivery.message import Names
from prescreen.delivery.outbox import PAUSES, Outbox
from prescreen.delivery.rules import DEFAULT, BadRules, Rules, read
from prescreen.delivery.webhook import signature
from prescreen.handovers import Handovers
from prescreen.tables import handovers as table
from tests.prescreen.receivers import Calls, http_server, mail_server

NAMES = Names({"DE-SH": "Schleswig-Holstein", "DE-BE": "Berlin"}, {"documents": "Welche Unterlagen?"})
SECRET = "a secret of some length"
CONSENT = "Ja, eine Beratungsstelle darf das lesen."


def rules(folder: Path, ways: dict[str, Any], to: list[str] | None = None) -> Rules:
    path = folder / "delivery.yml"
    path.write_text(yaml.safe_dump({"ways": ways, "rules": [{"to": to or list(ways)}]}), encoding="utf-8")
    return read(path, NAMES, {})


def opened(handovers: Handovers, contact: str | None = "lina@example.org", conversation: str = "talk") -> str:
    code = handovers.open(
        conversation, summary="Wohnt in Kiel.", topic="documents", land="DE-SH", language="de", consent=CONSENT
    )
    if contact:
        handovers.give_contact(conversation, contact)
    return code


@pytest.fixture
def handovers(url: str) -> Handovers:
    return Handovers(url)


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[tuple[Rules, Calls, list[int]]]:
    """A webhook; the statuses of its next answers, then 200."""
    statuses: list[int] = []
    with http_server(lambda *_: (statuses.pop(0) if statuses else 200, None)) as (address, calls):
        yield rules(tmp_path, {"hook": {"kind": "webhook", "url": address, "secret": SECRET}}), calls, statuses


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    moment = module.now() + by
    monkeypatch.setattr(module, "now", lambda: moment)


def test_nothing_leaves_before_the_person_is_done(handovers: Handovers, hook: Any) -> None:
    opened(handovers, contact=None)
    assert Outbox(handovers.database, hook[0]).work() == 0 and hook[1] == []
    handovers.without_contact("talk")
    assert Outbox(handovers.database, hook[0]).work() == 1 and len(hook[1]) == 1


def test_nothing_leaves_without_stored_consent(handovers: Handovers, hook: Any) -> None:
    opened(handovers)
    with handovers.database.write() as connection:
        connection.execute(table.update().values(consent=""))
    outbox = Outbox(handovers.database, hook[0])
    outbox.work()
    assert hook[1] == []
    assert [delivery.error for delivery in outbox.list("dead")] == ["there is no consent"]


def test_a_webhook_gets_signed_fields_once_and_not_the_id_of_the_talk(handovers: Handovers, hook: Any) -> None:
    code = opened(handovers, conversation="secret-talk-id")
    outbox = Outbox(handovers.database, hook[0])
    assert [outbox.work(), outbox.work()] == [1, 0]
    ((method, _, headers, body),) = hook[1]
    assert method == "POST" and b"secret-talk-id" not in body
    record = json.loads(body)["handover"]
    assert (record["code"], record["contact"], record["consent"]) == (code, "lina@example.org", CONSENT)
    assert headers["X-Wegweiser-Signature"] == signature(SECRET.encode(), headers["X-Wegweiser-Timestamp"], body)
    assert signature(b"another", headers["X-Wegweiser-Timestamp"], body) != headers["X-Wegweiser-Signature"]


def test_a_failure_is_tried_again_after_a_pause_under_the_same_id(
    handovers: Handovers, hook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways, calls, statuses = hook
    statuses.extend([500, 429])
    opened(handovers)
    outbox = Outbox(handovers.database, ways)
    assert [outbox.work(), outbox.work()] == [1, 0]
    for pause in PAUSES[:2]:
        later(monkeypatch, pause - timedelta(seconds=20))
        assert outbox.work() == 0
        later(monkeypatch, timedelta(seconds=25))
        assert outbox.work() == 1
    assert len(outbox.list("sent")) == 1 and len({headers["X-Wegweiser-Delivery"] for _, _, headers, _ in calls}) == 1


def test_what_fails_for_good_is_kept_and_a_person_may_try_it_anew(
    handovers: Handovers, hook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways, calls, statuses = hook
    statuses.extend([500] * (len(PAUSES) + 1))
    opened(handovers)
    outbox = Outbox(handovers.database, ways)
    for pause in PAUSES:
        outbox.work()
        later(monkeypatch, pause + timedelta(seconds=1))
    outbox.work()
    (dead,) = outbox.list("dead")
    assert dead.error == "answer 500" and len(calls) == len(PAUSES) + 1
    assert outbox.again(dead.id) and not outbox.again(dead.id)
    outbox.work()
    assert outbox.list("dead") == [] and len(outbox.list("sent")) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 302])
def test_a_refusal_is_not_repeated_and_a_redirect_not_followed(handovers: Handovers, hook: Any, status: int) -> None:
    ways, calls, statuses = hook
    statuses.append(status)
    opened(handovers)
    outbox = Outbox(handovers.database, ways)
    outbox.work()
    assert [path for _, path, _, _ in calls] == ["/"]
    assert len(outbox.list("dead")) == (status != 302)


def test_deleting_before_it_went_out_leaves_nothing_to_send(handovers: Handovers, hook: Any) -> None:
    opened(handovers)
    outbox = Outbox(handovers.database, hook[0])
    outbox._route()
    handovers.delete("talk")
    assert outbox.work() == 0 and hook[1] == []


def test_deleting_tells_who_has_got_it(handovers: Handovers, hook: Any) -> None:
    code = opened(handovers)
    outbox = Outbox(handovers.database, hook[0])
    outbox.work()
    handovers.delete("talk")
    assert outbox.work() == 1
    record = json.loads(hook[1][1][3])
    assert (record["event"], record["handover"]) == ("deleted", {"code": code})


def test_deleting_while_it_is_going_out_is_told_afterwards(handovers: Handovers, tmp_path: Path) -> None:
    def answer(*_: Any) -> tuple[int, None]:
        handovers.delete("talk")
        return 200, None

    with http_server(answer) as (address, calls):
        ways = rules(tmp_path, {"hook": {"kind": "webhook", "url": address, "secret": SECRET}})
        opened(handovers)
        assert Outbox(handovers.database, ways).work() == 2
    assert [json.loads(body)["event"] for *_, body in calls] == ["handover", "deleted"]


def test_replacing_takes_back_the_old_one_and_sends_the_new_one(handovers: Handovers, tmp_path: Path) -> None:
    with http_server(lambda *_: (200, None)) as (address, calls):
        hook = {"kind": "webhook", "url": address, "secret": SECRET}
        outbox = Outbox(handovers.database, rules(tmp_path, {"desk": {"kind": "desk"}, "hook": hook}))
        opened(handovers)
        outbox.work()
        opened(handovers, contact="neu@example.org")
        outbox.work()
    events = [json.loads(body)["event"] for *_, body in calls]
    assert sorted(events) == ["deleted", "handover", "handover"]


def test_what_only_goes_outside_is_done_when_it_arrived_and_another_wish_is_a_new_one(handovers: Handovers, hook: Any) -> None:
    first = opened(handovers)
    outbox = Outbox(handovers.database, hook[0])
    outbox.work()
    assert opened(handovers) != first
    outbox.work()
    assert [json.loads(body)["event"] for *_, body in hook[1]] == ["handover", "handover"]
    assert [handover.state for handover in handovers.of("talk")] == ["done", "done"]


def test_a_mail_arrives_in_a_real_mail_server_and_asks_for_deletion_later(handovers: Handovers, tmp_path: Path) -> None:
    with mail_server() as (port, mailbox):
        way = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
        ways = rules(tmp_path, {"mail": way | {"sender": "w@example.org", "receiver": "beratung@example.org"}})
        code = opened(handovers)
        outbox = Outbox(handovers.database, ways)
        outbox.work()
        handovers.delete("talk")
        outbox.work()
    first, second = mailbox.mails
    text = first.get_content()
    assert first["To"] == "beratung@example.org" and code in first["Subject"] and "Wohnt" not in first["Subject"]
    assert all(
        part in text for part in ("Wohnt in Kiel.", "lina@example.org", "Schleswig-Holstein", "Welche Unterlagen?", CONSENT)
    )
    assert code in second.get_content() and "löschen" in second.get_content() and "Kiel" not in second.as_string()


def test_line_breaks_in_what_a_person_wrote_make_no_header(handovers: Handovers, tmp_path: Path) -> None:
    with mail_server() as (port, mailbox):
        way = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
        ways = rules(tmp_path, {"mail": way | {"sender": "w@example.org", "receiver": "beratung@example.org"}})
        opened(handovers, contact="x\r\nBcc: victim@example.org\r\n\r\n.\r\nRCPT TO:<victim@example.org>")
        Outbox(handovers.database, ways).work()
    assert mailbox.mails[0]["Bcc"] is None and len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("change", "state"),
    [({"receiver": "x@refused.example"}, "dead"), ({"port": 9}, "waiting"), ({"security": "starttls"}, "waiting")],
)
def test_a_mail_that_cannot_go_is_kept(handovers: Handovers, tmp_path: Path, change: dict[str, Any], state: str) -> None:
    with mail_server() as (port, mailbox):
        way = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "sender": "w@example.org"}
        ways = rules(tmp_path, {"mail": way | {"receiver": "beratung@example.org"} | change})
        opened(handovers)
        outbox = Outbox(handovers.database, ways)
        outbox.work()
    assert len(outbox.list(state)) == 1 and mailbox.mails == []


def test_zammad_gets_a_ticket_and_loses_it_again(handovers: Handovers, tmp_path: Path) -> None:
    with http_server(lambda method, *_: (201, {"id": 42}) if method == "POST" else (200, {})) as (address, calls):
        way = {"kind": "zammad", "url": address, "token": "t0ken", "group": "Beratung", "customer": "w@example.org"}
        outbox = Outbox(handovers.database, rules(tmp_path, {"zammad": way}))
        opened(handovers)
        outbox.work()
        handovers.delete("talk")
        outbox.work()
    assert [(method, path) for method, path, *_ in calls] == [("POST", "/api/v1/tickets"), ("DELETE", "/api/v1/tickets/42")]
    ticket = json.loads(calls[0][3])
    assert calls[0][2]["Authorization"] == "Token token=t0ken"
    assert ticket["group"] == "Beratung" and "Wohnt in Kiel." in ticket["article"]["body"] and ticket["article"]["internal"]


def chatwoot(method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
    """As the documented Application API answers."""
    if method == "DELETE":
        return 200, None
    if path.endswith("/contacts"):
        return 200, {"payload": {"contact": {"id": 7}, "contact_inbox": {"source_id": "s-7"}}}
    return 200, {"id": 9}


def test_chatwoot_gets_a_conversation_and_loses_its_contact_again(handovers: Handovers, tmp_path: Path) -> None:
    with http_server(chatwoot) as (address, calls):
        way = {"kind": "chatwoot", "url": address, "token": "t0ken", "account": 3, "inbox": 5}
        outbox = Outbox(handovers.database, rules(tmp_path, {"chat": way}))
        opened(handovers)
        outbox.work()
        handovers.delete("talk")
        outbox.work()
    start = "/api/v1/accounts/3"
    assert [(method, path) for method, path, *_ in calls] == [
        ("POST", f"{start}/contacts"),
        ("POST", f"{start}/conversations"),
        ("POST", f"{start}/conversations/9/messages"),
        ("DELETE", f"{start}/contacts/7"),
    ]
    note = json.loads(calls[2][3])
    assert note["private"] is True and "Wohnt in Kiel." in note["content"]
    assert calls[0][2]["api_access_token"] == "t0ken" and "lina" not in calls[0][3].decode()


def test_a_chatwoot_delivery_that_breaks_off_leaves_nothing_there(handovers: Handovers, tmp_path: Path) -> None:
    def answer(method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        return (500, None) if path.endswith("/messages") else chatwoot(method, path, headers, body)

    with http_server(answer) as (address, calls):
        way = {"kind": "chatwoot", "url": address, "token": "t0ken", "account": 3, "inbox": 5}
        outbox = Outbox(handovers.database, rules(tmp_path, {"chat": way}))
        opened(handovers)
        outbox.work()
    assert calls[-1][0] == "DELETE" and len(outbox.list("waiting")) == 1


def test_a_try_of_which_nobody_knows_the_end_is_left_to_a_person_when_deleted(handovers: Handovers, tmp_path: Path) -> None:
    way = {"kind": "zammad", "url": f"http://127.0.0.1:{free_port()}", "token": "t", "group": "g", "customer": "c"}
    outbox = Outbox(handovers.database, rules(tmp_path, {"zammad": way}))
    code = opened(handovers)
    outbox.work()
    handovers.delete("talk")
    with handovers.database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET due = created")
    outbox.work()
    (dead,) = outbox.list("dead")
    assert dead.code == code and "by hand" in dead.error


def test_the_rule_that_fits_first_decides(tmp_path: Path) -> None:
    path = tmp_path / "delivery.yml"
    ways = {"desk": {"kind": "desk"}, "hook": {"kind": "webhook", "url": "https://example.org/", "secret": SECRET}}
    entries = [{"lands": ["DE-BE", "none"], "topics": ["documents"], "to": ["hook"]}, {"to": ["desk"]}]
    path.write_text(yaml.safe_dump({"ways": ways, "rules": entries}), encoding="utf-8")
    found = read(path, NAMES, {})
    assert found.outside("DE-BE", "documents") == ["hook"] == found.outside(None, "documents")
    assert found.outside("DE-SH", "documents") == [] and found.on_desk("DE-SH", "documents")
    assert not found.on_desk("DE-BE", "documents") and found.on_desk("DE-BE", None)


def test_the_shipped_rules_show_everything_on_the_desk_and_send_nothing() -> None:
    shipped = read(DEFAULT, NAMES, {})
    assert shipped.on_desk(None, None) and not shipped.ways


WEBHOOK = {"kind": "webhook", "url": "https://example.org", "secret": SECRET}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"ways": {}}, "needs"),
        ([], "needs"),
        ({"ways": {"desk": {"kind": "desk"}}, "rules": []}, "last rule"),
        ({"ways": {"desk": {"kind": "desk"}}, "rules": [{"lands": ["DE-BE"], "to": ["desk"]}]}, "last rule"),
        ({"ways": {"desk": {"kind": "pigeon"}}, "rules": [{"to": ["desk"]}]}, "pigeon"),
        ({"ways": {"desk": {"kind": "desk"}}, "rules": [{"to": ["other"]}]}, "other"),
        ({"ways": {"desk": {"kind": "desk"}}, "rules": [{"to": ["desk"], "land": ["DE-BE"]}]}, "„land“ is not known"),
        ({"ways": {"desk": {"kind": "desk"}}, "rules": [{"lands": ["DE-XX"], "to": ["desk"]}, {"to": ["desk"]}]}, "DE-XX"),
        ({"ways": {"hook": WEBHOOK | {"url": "http://example.org"}}, "rules": [{"to": ["hook"]}]}, "https"),
        ({"ways": {"hook": WEBHOOK | {"url": "file:///etc/passwd"}}, "rules": [{"to": ["hook"]}]}, "https"),
        ({"ways": {"hook": WEBHOOK | {"secret": "short"}}, "rules": [{"to": ["hook"]}]}, "characters"),
        ({"ways": {"hook": WEBHOOK | {"secret": "${NO_SUCH}"}}, "rules": [{"to": ["hook"]}]}, "NO_SUCH"),
        ({"ways": {"hook": WEBHOOK | {"color": "red"}}, "rules": [{"to": ["hook"]}]}, "color"),
        (
            {
                "ways": {"m": {"kind": "smtp", "host": "mail.example.org", "sender": "a", "receiver": "b", "security": "none"}},
                "rules": [{"to": ["m"]}],
            },
            "only for a mail server on this machine",
        ),
    ],
)
def test_a_fault_in_the_rules_is_told_before_anything_is_sent(tmp_path: Path, content: Any, fault: str) -> None:
    path = tmp_path / "delivery.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(BadRules, match=fault):
        read(path, NAMES, {})
