"""What every channel promises, 3: faults. Nothing is lost silently, order is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.channels.contract import HUMAN, LINA, OMAR, answered, button
from tests.channels.fakes import Fault
from tests.channels.world import World

pytestmark = pytest.mark.messengers


def test_a_passing_fault_loses_nothing_and_keeps_the_order(world: World) -> None:
    world.fake.faults.extend([Fault.BROKEN, Fault.TOO_MANY, Fault.MALFORMED, Fault.SILENT, Fault.BROKEN])
    world.script.answer = lambda text: [{"text": f"{text} eins."}, {"text": f"{text} zwei."}]
    world.fake.say(LINA, "A")
    world.fake.say(LINA, "B")
    world.wait(lambda: len(world.fake.sent) == 5)
    assert world.fake.texts()[1:] == ["A eins.", "A zwei.", "B eins.", "B zwei."]
    assert world.dead() == ""
    # After „too many“ as long as the platform said; else longer each time.
    assert 1.0 in world.clock.slept
    others = [pause for pause in world.clock.slept if pause != 1.0]
    assert others == sorted(others) and others[0] >= 0.3 and len(world.fake.tries) == 10


def test_what_the_platform_refuses_is_on_record_and_the_person_gets_a_sentence(world: World) -> None:
    answered(world, [{"text": "Antwort."}])
    world.fake.sent.clear()
    world.fake.faults.append(Fault.REFUSED)
    world.fake.say(LINA, "Noch einmal")
    world.wait(lambda: len(world.fake.sent) == 1)
    assert HUMAN in world.fake.sent[0].text
    (line,) = world.dead().splitlines()
    record = json.loads(line)
    assert sorted(record) == ["channel", "error", "person", "time"]
    assert str(LINA) not in line and "Noch" not in line and "Antwort" not in line


def test_refused_buttons_go_as_a_list(world: World) -> None:
    answered(world, [{"text": "Wo?", "buttons": [button("Bayern", "land:DE-BY")]}])
    if not any(sent.keys for sent in world.fake.sent):
        assert world.channel.limits.buttons == 0
        return
    world.fake.sent.clear()
    world.fake.faults.append(Fault.REFUSED)
    world.fake.say(LINA, "Noch einmal")
    world.wait(lambda: len(world.fake.sent) == 1)
    assert world.fake.sent[0].text == "Wo?\n1: Bayern" and world.fake.sent[0].keys == []
    world.fake.say(LINA, "1")
    world.wait(lambda: world.script.heard[-1][1] == '/choose{"choice": "land:DE-BY"}')
    assert world.dead() == ""


@pytest.mark.parametrize("fault", [Fault.BLOCKED, Fault.CREDENTIALS], ids=lambda fault: fault.value)
def test_nobody_who_blocked_us_is_written_to_again_and_again(world: World, fault: Fault) -> None:
    world.fake.faults.append(fault)
    world.script.answer = lambda _: [{"text": "eins."}, {"text": "zwei."}]
    world.fake.say(LINA, "Hallo")
    world.wait(lambda: world.dead() != "")
    world.settled()
    assert len(world.fake.tries) == 1 and len(world.dead().splitlines()) == 1
    world.fake.say(OMAR, "Hallo")
    world.wait(lambda: len(world.fake.sent) == 3)


def test_silence_of_the_assistant_and_its_errors_end_in_a_sentence_with_a_human_contact(world: World) -> None:
    def fail(_: str) -> list[Any]:
        raise RuntimeError("broken")

    world.script.answer = lambda _: []
    world.fake.say(LINA, "still")
    world.wait(lambda: len(world.fake.sent) == 2)
    world.script.answer = fail
    world.fake.say(LINA, "kaputt")
    world.wait(lambda: len(world.fake.sent) == 3)
    world.script.answer, world.script.wait = (lambda _: [{"text": "zu spät"}]), 2.0
    world.fake.say(LINA, "langsam")
    world.wait(lambda: len(world.fake.sent) == 4)
    assert all(HUMAN in text for text in world.fake.texts()[1:])


def test_what_was_acknowledged_is_answered_after_the_process_has_ended(world: World) -> None:
    world.script.wait = 0.4
    world.channel.GRACE = 0.01
    world.fake.say(LINA, "Geht das verloren?")
    world.wait(lambda: world.open_events() == 1 and len(world.script.heard) == 1)
    world.down()
    assert world.open_events() == 1
    world.script.wait = 0.0
    world.up()
    world.wait(lambda: "Antwort auf: Geht das verloren?" in world.fake.texts())
    world.settled()


def test_a_minute_of_the_platform_being_down_loses_nothing(world: World) -> None:
    up = world.clock.now() + 60
    world.fake.is_down = lambda: world.clock.now() < up
    for text in ("A", "B"):
        world.fake.say(LINA, text)
    world.wait(lambda: len(world.fake.sent) == 3)
    assert world.fake.texts()[1:] == ["Antwort auf: A", "Antwort auf: B"]
    assert world.dead() == "" and world.clock.now() >= up


def test_a_platform_that_stays_down_is_given_up_without_a_storm_and_that_is_on_record(world: World) -> None:
    world.fake.is_down = lambda: True
    world.fake.say(LINA, "Hallo")
    world.wait(lambda: world.dead() != "")
    world.settled()
    assert "no_connection" in world.dead()
    # A quarter of an hour, with pauses that grow to half a minute.
    assert 20 <= len(world.fake.tries) <= 60
