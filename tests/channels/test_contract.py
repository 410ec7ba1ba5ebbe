"""What every channel promises, 1: the way out. Texts, buttons, cards and scripts of any size arrive whole."""

from __future__ import annotations

import pytest

from tests.channels.contract import HUMAN, LAENDER, LINA, MARKS, SENTENCE, answered, button, choices, choose, words
from tests.channels.world import World

pytestmark = pytest.mark.messengers


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


def test_every_button_is_seen_and_understood_on_the_way_back(world: World) -> None:
    for count in (1, 3, 4, 10, 11, 13, 14, 16):
        buttons = [button(land, f"land:DE-{i:02}") for i, land in enumerate(LAENDER[:count])]
        sent = answered(world, [{"text": "Wo wohnen Sie?", "buttons": buttons}])
        assert choices(sent) == LAENDER[:count]
        choose(world, sent, count)
        assert world.script.heard[-1][1] == f'/choose{{"choice": "land:DE-{count - 1:02}"}}'
    assert world.fake.refused == []


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


def test_marks_arrive_as_they_are(world: World) -> None:
    sent = answered(world, [{"text": MARKS}, {"text": MARKS, "buttons": [button("Ja & <nein>", "topic:yes")]}], text=MARKS)
    assert sent[0].text == MARKS and sent[-1].text.startswith(MARKS)
    assert choices(sent) == ["Ja & <nein>"]
    assert world.script.heard[-1][1] == MARKS
