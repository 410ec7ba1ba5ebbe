"""What every channel promises: nothing is lost silently, order is kept, forged input reaches nobody."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from knowledge.loader import Knowledge
from tests.channels.fakes import Fault, Key
from tests.channels.world import World

pytestmark = pytest.mark.messengers

HUMAN = "+49 30 1815-1111"
LINA, OMAR = 1001, 1002
LAENDER = [
    *("Baden-Württemberg", "Bayern", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Hessen", "Mecklenburg-Vorpommern"),
    *("Niedersachsen", "Nordrhein-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen", "Sachsen-Anhalt", "Schleswig-Holstein"),
    "Thüringen",
]


def button(title: str, id: str) -> dict[str, str]:
    return {"title": title, "payload": f"/choose{json.dumps({'choice': id})}"}


def answered(world: World, said: list[dict[str, Any]], text: str = "Frage") -> list[Any]:
    """Lina asks, the assistant says `said`; what she gets, without the notice of her first message."""
    world.script.answer = lambda _: said
    for typed in (text,) if world.script.heard else ("Hallo", text):
        before = len(world.script.heard)
        world.fake.sent.clear()
        world.fake.say(LINA, typed)
        world.wait(lambda before=before: len(world.script.heard) > before)
        world.settled()
    return list(world.fake.sent)


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_short_text_goes_there_and_back(world: World) -> None:
    assert world.fake.say(LINA, "Was kostet die Anerkennung?") == 200
    world.wait(lambda: len(world.fake.sent) >= 2)
    assert world.script.heard[0][1] == "Was kostet die Anerkennung?"
    assert world.fake.texts()[-1] == "Antwort auf: Was kostet die Anerkennung?"
    assert {sent.to for sent in world.fake.sent} == {world.fake.address(LINA)}


def test_the_first_message_brings_the_notice_of_the_platform_once(world: World) -> None:
    for text in ("Hallo", "Noch eine Frage"):
        world.fake.say(LINA, text)
        world.wait(lambda text=text: text in [heard for _, heard in world.script.heard])
        world.settled()
    notices = [text for text in world.fake.texts() if "Ich bin ein Programm" in text]
    assert len(notices) == 1 and world.channel.platform in notices[0]
    assert world.fake.texts()[0] == notices[0]


SENTENCE = "Das ist ein Satz mit einigen Wörtern. "


def test_a_text_of_any_length_arrives_whole_and_in_order(world: World) -> None:
    for size in (1599, 1600, 1601, 2000, 4096, 4097, 20_000):
        text = (SENTENCE * (size // len(SENTENCE) + 1))[: size - 1] + "."
        sent = answered(world, [{"text": text}])
        assert words(" ".join(part.text for part in sent)) == words(text)
        assert all(part.text.endswith(".") for part in sent)
    assert world.fake.refused == [] and world.dead() == ""


def test_a_word_without_end_arrives_whole(world: World) -> None:
    text = "x😀" * 6000
    assert "".join(part.text for part in answered(world, [{"text": text}])) == text
    assert world.fake.refused == []


def choices(sent: list[Any]) -> list[str]:
    """The choices that a person sees, as buttons or numbers."""
    listed = [title for part in sent for _, title in re.findall(r"^(\d+): (.+)$", part.text, re.MULTILINE)]
    return [key.title for part in sent for key in part.keys] + listed


def test_every_button_is_seen_and_understood_on_the_way_back(world: World) -> None:
    for count in (1, 3, 4, 10, 11, 13, 14, 16):
        buttons = [button(land, f"land:DE-{i:02}") for i, land in enumerate(LAENDER[:count])]
        sent = answered(world, [{"text": "Wo wohnen Sie?", "buttons": buttons}])
        assert choices(sent) == LAENDER[:count]
        choose(world, sent, count)
        assert world.script.heard[-1][1] == f'/choose{{"choice": "land:DE-{count - 1:02}"}}'
    assert world.fake.refused == []


def choose(world: World, sent: list[Any], number: int) -> None:
    """Press the button, or type the number, at this place (from 1)."""
    before = len(world.script.heard)
    keys = [key for part in sent for key in part.keys]
    if keys:
        world.fake.press(LINA, keys[number - 1].id)
    else:
        world.fake.say(LINA, str(number))
    world.wait(lambda: len(world.script.heard) > before)
    world.settled()


def test_a_title_of_any_length_is_read_whole(world: World) -> None:
    for size in (20, 21, 24, 25, 75, 76, 200):
        sent = answered(world, [{"text": "Bitte:", "buttons": [button("x" * size, "land:DE-BY")]}])
        assert choices(sent) == ["x" * size]
        choose(world, sent, 1)
        assert world.script.heard[-1][1] == '/choose{"choice": "land:DE-BY"}'
    assert world.fake.refused == []


def test_an_id_of_any_size_comes_back_whole(world: World) -> None:
    for size in (64, 65, 85):
        id = "land:" + "x" * (size - 5)
        sent = answered(world, [{"text": "Bitte:", "buttons": [button("Bayern", id)]}])
        assert choices(sent) == ["Bayern"]
        choose(world, sent, 1)
        assert world.script.heard[-1][1] == f'/choose{{"choice": "{id}"}}'
    assert world.fake.refused == []


def test_buttons_below_a_long_text_and_below_none(world: World) -> None:
    text = words(SENTENCE * 50)
    said = [{"text": text, "buttons": [button("Ja", "topic:yes")]}, {"text": "", "buttons": [button("Nein", "topic:no")]}]
    sent = answered(world, said)
    assert words(" ".join(part.text for part in sent)).startswith(text)
    assert choices(sent) == ["Ja", "Nein"]
    assert world.fake.refused == []


def test_a_button_with_an_address_shows_the_address(world: World) -> None:
    link = {"title": "Portal", "url": "https://www.anerkennung-in-deutschland.de"}
    wrong = {"title": "Anruf", "url": "tel:+493018151111"}
    sent = answered(world, [{"text": "Hier:", "buttons": [link, wrong, button("Ja", "topic:yes")]}])
    seen = " ".join(f"{part.text} {part.keys}" for part in sent)
    assert "Portal" in seen and link["url"] in seen and wrong["url"] in seen and "Ja" in seen
    assert world.fake.refused == []


def test_a_card_becomes_lines(world: World) -> None:
    card = {"title": "Netzwerk Bayern", "phone": HUMAN, "url": "https://migranet.org", "lines": ["Mo–Fr"]}
    contact = {"name": "Netzwerk Hessen", "carrier": "INBAS", "phone": None, "url": "https://x.example", "why": "Zuständig."}
    sent = answered(
        world, [{"text": "", "custom": {"card": card}}, {"text": "", "custom": {"advice": {"contacts": [contact]}}}]
    )
    text = "\n".join(part.text for part in sent)
    for part in ("Netzwerk Bayern", HUMAN, "https://migranet.org", "Mo–Fr", "Netzwerk Hessen", "INBAS", "https://x.example"):
        assert part in text


def test_the_object_for_machines_is_not_shown(world: World) -> None:
    sent = answered(
        world, [{"text": "Antwort.", "custom": {"advice": {"topic": "smalltalk", "contacts": [{"name": "Geheim"}]}}}]
    )
    assert [part.text for part in sent] == ["Antwort."]


def test_arabic_keeps_its_letters_and_direction(world: World) -> None:
    arabic = "مرحبا! أنا برنامج."
    said = [
        {"text": arabic, "lang": "ar", "dir": "rtl"},
        {"text": "IQ: مرحبا", "lang": "ar", "dir": "rtl"},
        {"text": "Ja?", "buttons": [{**button("Ja", "topic:yes"), "also": {"lang": "ar", "text": "نعم"}}]},
    ]
    sent = answered(world, said, text="ما هي التكاليف؟")
    assert world.script.heard[-1][1] == "ما هي التكاليف؟"
    assert sent[0].text == arabic
    assert sent[1].text == "\u200fIQ: مرحبا"
    assert "Ja / نعم" in choices(sent)[0]


def test_a_translation_that_does_not_fit_on_its_button_stands_in_the_text(world: World) -> None:
    title, also = "x" * 20, "у" * 60
    sent = answered(world, [{"text": "?", "buttons": [{**button(title, "topic:yes"), "also": {"lang": "uk", "text": also}}]}])
    seen = " ".join([*(part.text for part in sent), *choices(sent)])
    assert title in seen and also in seen
    assert world.fake.refused == []


MARKS = "2 * 3 * 4 _unter_ ~durch~ `code` [x](y) <b>fett</b> & > # | \\ {a} :) www.netzwerk-iq.de"


def test_marks_arrive_as_they_are(world: World) -> None:
    sent = answered(world, [{"text": MARKS}, {"text": MARKS, "buttons": [button("Ja & <nein>", "topic:yes")]}], text=MARKS)
    assert sent[0].text == MARKS and sent[-1].text.startswith(MARKS)
    assert choices(sent) == ["Ja & <nein>"]
    assert world.script.heard[-1][1] == MARKS


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
        status = world.fake.deliver_raw(body) if hasattr(world.fake, "deliver_raw") else world.fake.post(body, {})
        assert status in (400, 403, 413)


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


def test_refused_buttons_go_as_a_list(world: World, knowledge: Knowledge) -> None:
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


def test_keys_are_what_the_fakes_say(world: World) -> None:
    sent = answered(world, [{"text": "Ja?", "buttons": [button("Ja", "topic:yes")]}])
    assert sent[-1].keys in ([], [Key("Ja", "topic:yes")])
