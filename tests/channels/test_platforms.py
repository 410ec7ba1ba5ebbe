"""What only one platform has."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.channels.api import Answer, Later, Refused, Unreachable
from bot.channels.parts import Part
from bot.commands.channels import load
from tests.channels.conftest import Make
from tests.channels.fakes import Fault
from tests.channels.fakes.matrix import FakeMatrix
from tests.channels.fakes.messenger import FakeMessenger
from tests.channels.fakes.meta import VERIFY
from tests.channels.fakes.slack import FakeSlack
from tests.channels.fakes.telegram import SECRET, FakePollingTelegram, FakeTelegram
from tests.channels.fakes.twilio import FakeTwilio
from tests.channels.fakes.whatsapp_cloud import FakeWhatsAppCloud

pytestmark = pytest.mark.messengers

LINA = 1001
LANDS = [{"title": f"Land {i}", "payload": json.dumps({"choice": f"land:{i}"})} for i in range(10)]


def lands(count: int) -> list[dict[str, Any]]:
    return [{**land, "payload": f"/choose{land['payload']}"} for land in LANDS[:count]]


def test_telegram_is_told_the_webhook_and_its_secret_at_the_start(make: Make) -> None:
    world = make(FakeTelegram, public_url="https://chat.example.org/")
    world.wait(lambda: bool(world.fake.webhook))
    assert world.fake.webhook["url"] == "https://chat.example.org/webhooks/telegram/webhook"
    assert world.fake.webhook["secret_token"] == SECRET
    assert "edited_message" in world.fake.webhook["allowed_updates"]


@pytest.mark.parametrize("kind", [FakeTelegram, FakePollingTelegram])
def test_telegram_gets_each_button_press_confirmed(make: Make, kind: Any) -> None:
    world = make(kind)
    world.fake.press(LINA, "land:DE-BY")
    world.wait(lambda: len(world.fake.confirmed) == 1 and len(world.script.heard) == 1)


def test_telegram_start_brings_the_greeting(make: Make) -> None:
    world = make(FakeTelegram)
    for text in ("/start", "/start payload", "/help@wegweiser_bot"):
        world.fake.say(LINA, text)
    world.wait(lambda: len(world.script.heard) == 3)
    assert {text for _, text in world.script.heard} == {'/choose{"choice": "topic:smalltalk"}'}


def test_telegram_buttons_stand_two_in_a_row_where_they_are_short(make: Make) -> None:
    world = make(FakeTelegram)
    world.script.answer = lambda _: [{"text": "Wo?", "buttons": lands(6)}]
    world.fake.say(LINA, "Hallo")
    world.wait(lambda: len(world.fake.sent) == 2)
    assert len(world.fake.sent[1].keys) == 6


def test_telegram_polling_goes_on_where_it_was(make: Make) -> None:
    world = make(FakePollingTelegram)
    world.fake.say(LINA, "eins")
    world.wait(lambda: len(world.script.heard) == 1)
    world.settled()
    world.down()
    world.fake.say(LINA, "während es aus war")
    world.up()
    world.wait(lambda: [text for _, text in world.script.heard] == ["eins", "während es aus war"])


@pytest.mark.parametrize("kind", [FakeTelegram, FakeSlack, FakeMatrix])
def test_in_a_group_people_are_asked_to_write_directly(make: Make, kind: Any) -> None:
    world = make(kind)
    for _ in range(2):
        world.fake.deliver(world.fake.group(LINA, "Wer berät mich?"))
    world.wait(lambda: any("nicht in einer Gruppe" in text for text in world.fake.texts()))
    world.settled()
    assert len(world.fake.sent) == 1 and world.script.heard == []


@pytest.mark.parametrize(("kind", "code"), [(FakeTwilio, 63016), (FakeWhatsAppCloud, 131047)])
def test_a_closed_window_that_is_reported_later_is_on_record(make: Make, kind: Any, code: int) -> None:
    world = make(kind)
    assert world.fake.failed_later(LINA, code) in (200, 204)
    (line,) = world.dead().splitlines()
    assert json.loads(line)["error"] == "window_closed" and str(LINA) not in line


def test_twilio_signs_the_public_address(make: Make) -> None:
    world = make(FakeTwilio, public_url="https://chat.example.org")
    assert world.fake.say(LINA, "über die Adresse des Rechners") == 403
    world.fake.target, inside = "https://chat.example.org", world.fake.target
    headers = world.fake.sign("webhook", event := world.fake.event(LINA, "Größe & Preis + 1"))
    world.fake.target = inside
    assert world.fake.post(urlencode(event).encode(), headers) == 200
    world.wait(lambda: [text for _, text in world.script.heard] == ["Größe & Preis + 1"])


@pytest.mark.parametrize("kind", [FakeWhatsAppCloud, FakeMessenger])
def test_meta_verifies_the_address_with_our_word_only(make: Make, kind: Any) -> None:
    world = make(kind)
    query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    url = f"{world.fake.target}/webhooks/{world.fake.channel}/webhook?{query}"
    with urllib.request.urlopen(url + VERIFY.replace(" ", "%20"), timeout=5) as answer:
        assert answer.read() == b"1158201444"
    for wrong in ("", "x"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(url + wrong, timeout=5)


def test_several_people_in_one_webhook_of_meta_are_all_answered(make: Make) -> None:
    world = make(FakeWhatsAppCloud)
    one, two = world.fake.event(1, "eins"), world.fake.event(2, "zwei")
    value = one["entry"][0]["changes"][0]["value"]
    value["messages"] = [{"hello": 1}, *value["messages"], *two["entry"][0]["changes"][0]["value"]["messages"]]
    assert world.fake.deliver(one) == 200
    world.wait(lambda: {text for _, text in world.script.heard} == {"eins", "zwei"})


@pytest.mark.parametrize("count", [3, 4, 10])
def test_whatsapp_cloud_has_buttons_and_lists(make: Make, count: int) -> None:
    world = make(FakeWhatsAppCloud)
    world.script.answer = lambda _: [{"text": "Wo?", "buttons": lands(count)}]
    world.fake.say(LINA, "Hallo")
    world.wait(lambda: len(world.fake.sent) == 2)
    assert [key.id for key in world.fake.sent[1].keys] == [f"land:{i}" for i in range(count)]


def test_messenger_start_brings_the_greeting(make: Make) -> None:
    world = make(FakeMessenger)
    world.fake.deliver(world.fake._messaging(LINA, postback={"title": "Los", "payload": "start", "mid": "m_x"}))
    world.wait(lambda: [text for _, text in world.script.heard] == ['/choose{"choice": "topic:smalltalk"}'])


def test_slack_hears_its_challenge(make: Make) -> None:
    world = make(FakeSlack)
    body, kind = world.fake.encode({"type": "url_verification", "challenge": "3eZbrw1aB"})
    url = f"{world.fake.target}/webhooks/slack/webhook"
    with urllib.request.urlopen(urllib.request.Request(url, body, world.fake.sign(body, kind)), timeout=5) as answer:
        assert json.load(answer) == {"challenge": "3eZbrw1aB"}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": kind}), timeout=5)


def test_a_retry_of_slack_is_answered_when_the_first_try_never_came(make: Make) -> None:
    world = make(FakeSlack)
    body, kind = world.fake.encode(world.fake.event(LINA, "zum zweiten Mal"))
    for number in ("1", "2"):
        assert world.fake.post(body, {**world.fake.sign(body, kind), "X-Slack-Retry-Num": number}) == 200
    world.fake.say(LINA, "danach")
    world.wait(lambda: [text for _, text in world.script.heard] == ["zum zweiten Mal", "danach"])


def test_matrix_accepts_an_invitation_and_greets(make: Make) -> None:
    world = make(FakeMatrix)
    world.fake.invite(LINA)
    world.wait(lambda: [text for _, text in world.script.heard] == ['/choose{"choice": "topic:smalltalk"}'])


def test_matrix_declines_encrypted_rooms_with_a_clear_sentence(make: Make) -> None:
    world = make(FakeMatrix)
    world.fake.invite(LINA, encrypted=True)
    world.wait(lambda: any("verschlüsselt" in text for text in world.fake.texts()))
    world.fake.deliver(world.fake.encrypted_message(LINA))
    world.wait(lambda: sum("verschlüsselt" in text for text in world.fake.texts()) == 2)
    assert world.script.heard == []


def test_a_reply_on_matrix_is_read_without_the_quote(make: Make) -> None:
    world = make(FakeMatrix)
    body = "> <@wegweiser:localhost> Wo wohnen Sie?\n> Ort?\n\nIn Kiel"
    content = {"msgtype": "m.text", "body": body, "m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}
    world.fake.deliver(world.fake._said(LINA, content))
    world.wait(lambda: [text for _, text in world.script.heard] == ["In Kiel"])


def test_a_part_that_arrives_twice_on_matrix_is_shown_once(make: Make) -> None:
    """The server had taken it, only its answer was lost: the same transaction id says so."""
    world = make(FakeMatrix)
    transactions = world.fake.transactions
    world.fake.say(LINA, "eins")
    world.wait(lambda: len(world.fake.sent) == 2)
    assert len(transactions) == 2
    event = world.channel.read({**world.fake.event(LINA, "x"), "room": world.fake.address(LINA), "group": False})
    assert event is not None
    for _ in range(2):
        world.fake.loop.run(world.channel.send(event, Part("noch einmal"), "0"))
    assert world.fake.texts().count("noch einmal") == 1


def test_a_flood_of_one_person_is_turned_away_until_there_is_room(make: Make) -> None:
    world = make(FakeTelegram, patience=30.0)
    world.script.wait = 0.3
    statuses = [world.fake.say(LINA, f"{i}") for i in range(60)]
    assert statuses[:50] == [200] * 50 and statuses[-1] == 503
    world.script.wait = 0.0
    world.wait(lambda: world.open_events() == 0)
    # The platform brings it again, and now it is taken.
    assert world.fake.replay() == 200
    world.wait(lambda: world.script.heard[-1][1] == "59")


def test_the_webhook_is_acknowledged_at_once(make: Make) -> None:
    world = make(FakeTelegram)
    world.script.wait = 0.4
    start = time.monotonic()
    assert world.fake.say(LINA, "Hallo") == 200
    assert time.monotonic() - start < 0.3


def test_an_error_of_slack_inside_a_good_status_is_an_error(make: Make) -> None:
    world = make(FakeSlack)
    world.fake.faults.append(Fault.CREDENTIALS)
    world.fake.say(LINA, "Hallo")
    world.wait(lambda: "invalid_auth" in world.dead())


@pytest.mark.parametrize(
    ("kind", "status", "body", "error", "word"),
    [
        (FakeTwilio, 400, {"code": 63016}, Unreachable, "window_closed"),
        (FakeTwilio, 400, {"code": 21610}, Unreachable, "blocked"),
        (FakeTwilio, 400, {"code": 21617}, Refused, "http_400"),
        (FakeTwilio, 429, {"code": 63018}, Later, "too_many"),
        (FakeTwilio, 401, {"code": 20003}, Unreachable, "credentials"),
        (FakeWhatsAppCloud, 400, {"error": {"code": 131047}}, Unreachable, "window_closed"),
        (FakeWhatsAppCloud, 400, {"error": {"code": 131056}}, Later, "meta_131056"),
        (FakeWhatsAppCloud, 400, {"error": {"code": 131009}}, Refused, "http_400"),
        (FakeMessenger, 400, {"error": {"code": 10, "error_subcode": 2018278}}, Unreachable, "window_closed"),
        (FakeMessenger, 400, {"error": {"code": 551}}, Unreachable, "blocked"),
        (FakeMessenger, 400, {"error": {"code": 613}}, Later, "meta_613"),
        (FakeTelegram, 400, {"description": "Bad Request: chat not found"}, Unreachable, "no_chat"),
        (FakeTelegram, 403, {"description": "Forbidden: user is deactivated"}, Unreachable, "blocked"),
        (FakeTelegram, 404, {}, Unreachable, "credentials"),
        (FakeTelegram, 502, {}, Later, "http_502"),
        (FakeSlack, 200, {"ok": False, "error": "is_archived"}, Unreachable, "is_archived"),
        (FakeSlack, 200, {"ok": False, "error": "msg_too_long"}, Refused, "msg_too_long"),
        (FakeSlack, 200, {"ok": False, "error": "fatal_error"}, Later, "fatal_error"),
        (FakeMatrix, 403, {"errcode": "M_FORBIDDEN"}, Unreachable, "blocked"),
        (FakeMatrix, 413, {"errcode": "M_TOO_LARGE"}, Refused, "http_413"),
    ],
)
def test_each_answer_of_a_platform_is_judged(
    kind: Any, status: int, body: dict[str, Any], error: Any, word: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEGWEISER_DATA", str(tmp_path))
    with pytest.raises(error) as raised:
        load(kind.channel).judge(Answer(status, body, None))
    assert raised.value.kind == word


def test_a_slow_platform_holds_up_only_the_one_who_waits_for_it(make: Make) -> None:
    world = make(FakeTelegram)
    world.fake.faults.append(Fault.SILENT)
    world.fake.say(LINA, "langsam")
    world.wait(lambda: len(world.fake.tries) == 1)
    world.fake.say(2, "schnell")
    world.wait(lambda: len(world.fake.sent) == 4)
    assert [sent.to for sent in world.fake.sent] == ["2", "2", str(LINA), str(LINA)]


def test_the_server_starts_when_the_platform_is_not_there(make: Make) -> None:
    world = make(FakeTelegram, public_url="http://127.0.0.1:9")
    world.fake.is_down = lambda: True
    world.down()
    world.up()
    assert world.fake.say(LINA, "Hallo") == 200
    world.fake.is_down = lambda: False
    world.wait(lambda: len(world.fake.sent) == 2)


def test_an_event_that_ends_the_process_again_and_again_gets_the_failure_sentence(make: Make) -> None:
    world = make(FakeTelegram)
    world.script.wait, world.channel.GRACE = 0.4, 0.01
    world.fake.say(LINA, "Gift")
    for count in (1, 2):
        world.wait(lambda count=count: len(world.script.heard) == count)
        world.down()
        world.up()
        world.channel.GRACE = 0.01
    world.wait(lambda: len(world.script.heard) == 3)
    world.down()
    world.script.wait = 0.0
    world.up()
    world.wait(lambda: any("+49 30 1815-1111" in text for text in world.fake.texts()))
    assert len(world.script.heard) == 3
