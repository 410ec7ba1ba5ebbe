"""What every channel promises, 2: the way in. Forged input reaches nobody, nothing is read twice, everybody is heard."""

from __future__ import annotations

import pytest

from tests.channels.contract import HUMAN, LINA, OMAR, answered, button
from tests.channels.world import World

pytestmark = pytest.mark.messengers


def test_numbers_are_understood_in_several_spellings_and_only_those_of_the_list(world: World) -> None:
    said = [{"text": "Wo?", "buttons": [button("x" * 90, "land:DE-BY"), button("y" * 90, "land:DE-BE")]}]
    answered(world, said)
    for typed in ("2", " 2.", "(2)", "Nr. 2", "٢"):
        world.fake.say(LINA, typed)
        world.wait(lambda: world.script.heard[-1][1] == '/choose{"choice": "land:DE-BE"}')
        world.settled()
        world.script.heard.clear()
        world.script.heard.append((LINA, ""))
    for typed in ("3", "0", "91052", "2 Kinder"):
        world.fake.say(LINA, typed)
        world.wait(lambda typed=typed: world.script.heard[-1][1] == typed)
        world.settled()


def test_after_a_restart_a_number_is_plain_text(world: World) -> None:
    answered(world, [{"text": "Wo?", "buttons": [button("x" * 90, "land:DE-BY")]}])
    world.down()
    world.up()
    world.fake.say(LINA, "1")
    world.wait(lambda: world.script.heard[-1][1] == "1")


def test_what_cannot_be_read_gets_a_sentence_each(world: World) -> None:
    kinds = world.fake.media(LINA)
    for event in kinds:
        assert world.fake.deliver(event) == 200
    world.wait(lambda: sum("Ich kann nur Text lesen" in text for text in world.fake.texts()) == len(kinds))
    assert all(HUMAN in text for text in world.fake.texts()[1:])
    assert world.script.heard == []


def test_forged_input_reaches_nobody(world: World) -> None:
    if not world.fake.calls_us:
        # These fetch over their own connection; whatever is posted to them is turned away.
        assert world.fake.post(b'{"update_id": 1}', {"Content-Type": "application/json"}) == 403
    else:
        statuses = world.fake.forge(LINA, "Ich bin jemand anders")
        assert len(statuses) >= 3 and set(statuses) == {403}
    world.fake.say(OMAR, "echt")
    world.wait(lambda: len(world.fake.sent) == 2)
    assert [text for _, text in world.script.heard] == ["echt"]


def test_replayed_input_is_answered_once(world: World) -> None:
    world.fake.say(LINA, "Nur einmal")
    world.wait(lambda: len(world.fake.sent) == 2)
    assert [world.fake.replay(), world.fake.replay()] == [200, 200]
    world.down()
    world.up()
    world.fake.replay()
    world.fake.say(OMAR, "Danach")
    world.wait(lambda: len(world.fake.sent) == 4)
    assert [text for _, text in world.script.heard] == ["Nur einmal", "Danach"]


def test_an_edited_message_counts_as_a_new_one(world: World) -> None:
    event = world.fake.edited(LINA, "Ich wohne in Kiel")
    if event is None:
        # WhatsApp reports no edits.
        assert world.channel.platform == "WhatsApp"
        return
    world.fake.deliver(event)
    world.wait(lambda: [text for _, text in world.script.heard] == ["Ich wohne in Kiel"])


def test_unknown_updates_are_acknowledged_and_harm_nobody(world: World) -> None:
    for event in world.fake.unknown():
        assert world.fake.deliver(event) == 200
    world.fake.say(OMAR, "danach")
    world.wait(lambda: len(world.fake.sent) == 2)
    assert [text for _, text in world.script.heard] == ["danach"]


def test_a_body_that_is_none_is_refused_without_an_error_of_ours(world: World) -> None:
    for body in (b"", b"[]", b"5", b"null", b"\xff\xfe", b'"x"', b"{}", b"x" * 2_000_000):
        assert world.fake.post(body, {}) in (400, 403, 413)


def test_two_people_at_once_each_get_their_own_answers_in_order(world: World) -> None:
    world.script.wait = 0.01
    for i in range(5):
        world.fake.say(LINA, f"Lina {i}")
        world.fake.say(OMAR, f"Omar {i}")
    world.wait(lambda: len(world.fake.sent) == 12)
    for person, name in ((LINA, "Lina"), (OMAR, "Omar")):
        texts = [sent.text for sent in world.fake.sent if sent.to == world.fake.address(person)]
        assert texts[1:] == [f"Antwort auf: {name} {i}" for i in range(5)]
    assert len({talk for talk, _ in world.script.heard}) == 2


def test_fifty_messages_of_one_person_at_once_are_all_answered_in_order(world: World) -> None:
    for i in range(50):
        world.fake.say(LINA, f"Nummer {i}")
    world.wait(lambda: len(world.fake.sent) == 51)
    assert world.fake.texts()[1:] == [f"Antwort auf: Nummer {i}" for i in range(50)]


def test_the_talk_bears_no_id_of_the_platform_and_is_the_same_after_a_restart(world: World) -> None:
    world.fake.say(LINA, "eins")
    world.wait(lambda: len(world.script.heard) == 1)
    world.settled()
    world.down()
    world.up()
    world.fake.say(LINA, "zwei")
    world.wait(lambda: len(world.script.heard) == 2)
    talk = world.script.heard[0][0]
    assert talk == world.script.heard[1][0] and str(LINA) not in talk and len(talk) == 32


def test_text_that_looks_like_a_command_is_text_and_personal_data_is_taken_out(world: World) -> None:
    world.fake.say(LINA, '/restart{"a": "b"}')
    world.wait(lambda: len(world.script.heard) == 1)
    world.fake.say(LINA, "Ich heiße Lina Haddad, Tel. 0151 2345678")
    world.wait(lambda: len(world.script.heard) == 2)
    assert [text for _, text in world.script.heard] == ['restart{"a": "b"}', "Ich heiße [Name], Tel. [Telefon]"]


def test_too_long_and_blank_messages_get_a_sentence(world: World) -> None:
    world.fake.say(LINA, "x" * 2001)
    world.fake.say(LINA, "x" * 2000)
    world.fake.say(LINA, " /// ")
    world.wait(lambda: "keinen Text bekommen" in world.fake.texts()[-1:][0] if world.fake.sent else False)
    assert "höchstens 2000 Zeichen" in world.fake.sent[1].text
    assert world.script.heard[0][1] == "x" * 2000 and len(world.script.heard) == 1


def test_everything_is_deleted_on_request(world: World) -> None:
    answered(world, [{"text": "Wo?", "buttons": [button("x" * 90, "land:DE-BY")]}])
    talk = world.script.heard[0][0]
    world.channel._app.ctx.agent.tracker_store.store[talk] = "{}"
    world.fake.say(LINA, "Alles löschen!")
    world.wait(lambda: "Ich habe alles gelöscht" in world.fake.texts()[-1])
    assert talk not in world.channel._app.ctx.agent.tracker_store.store
    world.fake.say(LINA, "1")
    world.wait(lambda: world.script.heard[-1][1] == "1")
    world.settled()
    assert any("Ich bin ein Programm" in text for text in world.fake.texts()[-2:])


def test_a_button_that_we_never_made_is_not_obeyed(world: World) -> None:
    if world.channel.limits.buttons == 0:
        return
    for id in ("/restart", 'land:DE-BY"}', "", "x" * 300):
        world.fake.press(LINA, id)
    world.fake.say(LINA, "danach")
    world.wait(lambda: len(world.script.heard) == 1)
    assert world.script.heard[0][1] == "danach"
