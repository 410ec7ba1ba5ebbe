"""The widget as people use it: real Chromium, the real assistant."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.website.browser import Open

pytestmark = pytest.mark.assistant
HUMAN = "+49 30 1815-1111"
# What an attacker types or puts into an answer.
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg/onload=alert(1)>',
    "javascript:alert(1)",
    "[hier](javascript:alert(1))",
    "{{constructor.constructor('alert(1)')()}}",
    "</textarea><iframe src=javascript:alert(1)>",
    "https://example.org/\"onmouseover='alert(1)'",
]


def test_before_someone_opens_it_nothing_is_stored_and_nobody_is_asked(tab: Open) -> None:
    page = tab().goto()
    page.page.wait_for_load_state("networkidle")
    assert page.stored() == {} and page.page.context.cookies() == []
    assert [url for url in page.requests if "webhooks" in url] == []
    page.open().say("Was kostet die Anerkennung?")
    assert page.page.context.cookies() == [] and page.page.evaluate("() => localStorage.length") == 0
    assert {url.split("/")[2] for url in page.requests} == {page.url.split("/")[2]}


def test_a_whole_talk_with_the_keyboard_alone(tab: Open) -> None:
    page = tab().goto()
    keys = page.page.keyboard
    for _ in range(30):
        keys.press("Tab")
        if (
            page.page.evaluate("() => document.activeElement.shadowRoot?.activeElement?.className")
            .__str__()
            .startswith("launcher")
        ):
            break
    keys.press("Enter")
    expect(page.field).to_be_focused()
    expect(page.log.get_by_text("Guten Tag")).to_be_visible()
    keys.type("Was kostet die Anerkennung?")
    keys.press("Enter")
    expect(page.log.get_by_text("In welchem Ort oder Bundesland")).to_be_visible()
    expect(page.field).to_be_focused()
    for _ in range(12):
        keys.press("Shift+Tab")
        if "Karte der Bundesländer" in str(page.page.evaluate(_FOCUSED)):
            break
    keys.press("Enter")
    expect(page.log.get_by_role("button", name="Bayern")).to_be_visible()
    for _ in range(12):
        keys.press("Tab")
        if page.page.evaluate(_FOCUSED) == "Bayern":
            break
    keys.press("Space")
    expect(page.own.last).to_have_text("Bayern")
    expect(page.log).to_contain_text("Netzwerk Bayern")
    keys.press("Escape")
    expect(page.page.get_by_role("button", name="Fragen zur Anerkennung", exact=True)).to_be_focused()


_FOCUSED = "() => document.activeElement.shadowRoot?.activeElement?.textContent"


def test_a_screen_reader_finds_dialog_log_status_and_speakers(tab: Open) -> None:
    page = tab().goto().open().say("Was kostet die Anerkennung?")
    tree = page.page.get_by_role("dialog").aria_snapshot()
    for part in (
        'dialog "Beratung zur Anerkennung"',
        'log "Beratung zur Anerkennung"',
        'textbox "Ihre Frage"',
        'button "Senden"',
    ):
        assert part in tree
    assert "paragraph: Sie" in tree and "paragraph: Programm" in tree
    assert page.log.get_attribute("aria-live") == "polite"
    # They are there before they say something, or a screen reader would miss it.
    assert page.page.locator("beratung-chat [role=status], beratung-chat [role=alert]").count() == 2


@pytest.mark.parametrize("path", ["/demo/", "/demo/datenschutz", "/demo/barrierefreiheit", "/demo/einbauen"])
def test_a_strict_policy_and_trusted_types_find_nothing_to_complain(tab: Open, path: str) -> None:
    page = tab().goto(path)
    headers = page.page.request.get(page.url + path).headers
    assert "require-trusted-types-for 'script'" in headers["content-security-policy"]
    page.open().say("Was kostet die Anerkennung?")
    page.log.get_by_role("button", name="Karte der Bundesländer zeigen").click()
    page.log.get_by_role("button", name="Hessen").click()
    page.wait()
    page.log.locator("summary").last.click()
    page.page.locator("summary", has_text="Mehr").click()
    page.page.evaluate("() => { window.print = () => {}; }")
    page.page.get_by_role("button", name="Gespräch kopieren").click()
    expect(page.page.get_by_role("status")).to_have_text("Das Gespräch ist kopiert.")
    assert page.console == []


def test_the_talk_survives_a_reload_and_is_not_read_out_again(tab: Open) -> None:
    page = tab().goto().open().say("Ich wohne in Kiel. Was kostet die Anerkennung?")
    page.field.fill("Und wie lan")
    said = page.answers.all_inner_texts()
    page.page.reload()
    expect(page.answers).to_have_count(len(said))
    assert page.answers.all_inner_texts() == said
    expect(page.field).to_have_value("Und wie lan")
    page.say("Welche Unterlagen brauche ich?")
    assert "Kiel" in str(page.stored()) and "DE-SH" in str(page.stored())


def test_two_tabs_are_two_talks(tab: Open) -> None:
    one = tab().goto().open()
    two = tab().goto().open()
    one.say("Ich wohne in Kiel.")
    two.say("Ich wohne in Dresden.")
    assert "Dresden" not in str(one.stored()) and "Kiel" not in str(two.stored())


def test_deleting_empties_the_server_and_the_tab(tab: Open) -> None:
    page = tab().goto().open().say("Ich wohne in Kiel und brauche Beratung.")
    page.page.on("dialog", lambda dialog: dialog.accept())
    page.page.locator("summary", has_text="Mehr").click()
    page.page.get_by_role("button", name="Gespräch löschen").click()
    expect(page.log).to_contain_text("Ich habe alles gelöscht")
    assert page.stored() == {} and "Kiel" not in page.log.inner_text()
    page.say("Welche Unterlagen brauche ich?")
    assert "DE-SH" not in str(page.stored())


def test_the_typed_wish_to_delete_empties_the_tab_too(tab: Open) -> None:
    page = tab().goto().open().say("Ich wohne in Kiel.").say("alles löschen")
    expect(page.log).to_contain_text("Ich habe alles gelöscht")
    assert page.stored() == {} and "Kiel" not in page.log.inner_text()


def test_the_talk_can_be_copied_and_printed(tab: Open) -> None:
    page = tab(permissions=["clipboard-read", "clipboard-write"]).goto().open().say("Was kostet die Anerkennung?")
    page.page.locator("summary", has_text="Mehr").click()
    page.page.get_by_role("button", name="Gespräch kopieren").click()
    expect(page.page.get_by_role("status")).to_have_text("Das Gespräch ist kopiert.")
    copied = page.page.evaluate("() => navigator.clipboard.readText()")
    assert "Sie: Was kostet die Anerkennung?" in copied and "Programm: " in copied
    page.page.get_by_role("button", name="Gespräch drucken").click()
    frame = page.page.locator("beratung-chat iframe").content_frame
    expect(frame.locator("body")).to_contain_text("Sie: Was kostet die Anerkennung?")
    expect(frame.locator("body")).not_to_contain_text("Beratungsstelle Musterstadt")


def test_copying_works_without_https_too(tab: Open) -> None:
    """There a browser has no clipboard for scripts."""
    page = tab()
    page.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto().open()
    page.page.locator("summary", has_text="Mehr").click()
    page.page.get_by_role("button", name="Gespräch kopieren").click()
    expect(page.page.get_by_role("status")).to_have_text("Das Gespräch ist kopiert.")
    expect(page.page.get_by_role("button", name="Gespräch kopieren")).to_be_focused()
    page.field.focus()
    page.page.keyboard.press("Control+V")
    expect(page.field).to_have_value(re.compile("^Programm: Guten Tag"))


def test_only_voices_of_the_device_read_out(tab: Open) -> None:
    """The browser's voices are outside of us, and a server has none: two made-up ones, one of them far away."""
    page = tab()
    page.page.add_init_script(
        """window.spoken = [];
        window.SpeechSynthesisUtterance = function (text) { this.text = text; };
        const voices = [{lang: 'de-DE', localService: false, name: 'far'}, {lang: 'de-DE', localService: true, name: 'near'}];
        Object.defineProperty(window, 'speechSynthesis', {value: {
          speaking: false, getVoices: () => voices, cancel: () => spoken.push('cancel'),
          speak: ({text, voice}) => spoken.push(voice.name + ': ' + text)}});"""
    )
    page.goto().open()
    page.log.get_by_role("button", name="Vorlesen").click()
    page.page.wait_for_function("() => spoken.length")
    spoken = page.page.evaluate("() => spoken")
    assert spoken[0].startswith("near: Guten Tag")


def test_the_map_answers_where_someone_lives(tab: Open) -> None:
    page = tab().goto().open().say("Was kostet die Anerkennung?")
    page.log.get_by_role("button", name="Karte der Bundesländer zeigen").click()
    expect(page.log.locator(".map li button")).to_have_count(16)
    expect(page.log.locator(".map")).to_contain_text("© GeoBasis-DE / BKG 2021 (Daten verändert)")
    page.picture("map")
    # The picture itself: a finger on Bremen, the smallest.
    page.log.locator(".map svg circle").nth(1).click()
    expect(page.own.last).to_have_text("Bremen")
    page.wait()
    expect(page.log).to_contain_text("Bremen")
    assert '"land":"DE-HB"' in str(page.stored())


def test_numbers_and_addresses_are_links_and_a_crisis_is_plain(tab: Open) -> None:
    page = tab().goto().open().say("Ich will nicht mehr leben")
    urgent = page.log.locator(".urgent")
    expect(urgent).to_be_visible()
    targets = page.log.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert "tel:112" in targets
    assert all(re.match(r"(https://|tel:\+?\d+$|mailto:)", target) for target in targets[1:]), targets
    page.picture("urgent")


def hostile_answer(route: Route) -> None:
    contact = {"id": "x", "role": "service", "source": HOSTILE[0], "as_of": HOSTILE[1]}
    contacts = [{**contact, **dict.fromkeys(("name", "carrier", "why", "url", "phone"), text)} for text in HOSTILE]
    advice = {
        "asks": None,
        "urgent": False,
        "contacts": contacts,
        "sources": [{"title": t, "url": t, "as_of": t} for t in HOSTILE],
    }
    messages = [
        {
            "text": text,
            "lang": text,
            "dir": text,
            "buttons": [{"title": text, "id": text, "also": {"lang": text, "text": text}}],
            "custom": {"advice": advice},
        }
        for text in HOSTILE
    ]
    route.fulfill(status=200, content_type="application/json", body=json.dumps({"messages": messages, "session": HOSTILE[0]}))


def test_nothing_in_an_answer_becomes_html_or_a_script(tab: Open) -> None:
    page = tab()
    alerts: list[str] = []
    page.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto().open()
    page.page.route("**/webhooks/website/message", hostile_answer)
    page.say("Hallo")
    page.log.locator("summary").last.click()
    for text in HOSTILE[:3]:
        expect(page.answers.filter(has_text=text).first).to_be_visible()
    assert page.page.locator("beratung-chat").locator("img, script, iframe, svg").count() == 0
    targets = page.log.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(target.startswith(("https://", "tel:", "http://127.0.0.1")) for target in targets), targets
    assert alerts == [] and page.console == []


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_typed_becomes_html_or_a_script(tab: Open, text: str) -> None:
    page = tab()
    alerts: list[str] = []
    page.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto().open().say(text)
    expect(page.own).to_have_text(text)
    page.page.reload()
    expect(page.own).to_have_text(text)
    assert alerts == [] and page.console == []
    assert page.own.locator("a, img, script").count() == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "null",
        "[]",
        '{"messages": null}',
        '{"messages": [null, 5, {}]}',
        '{"messages": [{"text": {"a": 1}, "buttons": 7}]}',
    ],
)
def test_an_answer_that_is_none_leaves_the_chat_usable(tab: Open, body: str) -> None:
    page = tab().goto().open()
    page.page.evaluate(
        "() => { const real = setTimeout; window.setTimeout = (work, ms) => real(work, ms > 9000 ? ms : ms / 50); }"
    )
    page.page.route(
        "**/webhooks/website/message", lambda route: route.fulfill(status=200, content_type="application/json", body=body)
    )
    page.say("Hallo")
    page.page.unroute("**/webhooks/website/message")
    page.say("Was kostet die Anerkennung?")
    expect(page.log).to_contain_text("Gebühr")


def test_a_refusal_is_shown_and_the_text_is_kept(tab: Open) -> None:
    page = tab().goto().open().say("x" * 2001)
    expect(page.page.get_by_role("alert")).to_contain_text("Ihre Nachricht ist zu lang")
    expect(page.field).to_have_value("x" * 2001)
    expect(page.own).to_have_count(0)
    page.say("Was kostet die Anerkennung?")
    expect(page.log).to_contain_text("Gebühr")


def test_an_expired_session_begins_anew_and_the_question_is_answered(tab: Open) -> None:
    page = tab().goto().open()
    page.page.evaluate("() => { document.querySelector('beratung-chat').stored.session = 'old'; }")
    page.say("Was kostet die Anerkennung?")
    expect(page.log).to_contain_text("Ihr Gespräch war abgelaufen")
    expect(page.log).to_contain_text("Gebühr")


@pytest.mark.parametrize("language", ["ar", "en", "es", "fa", "fr", "pl", "ro", "ru", "tr", "uk"])
def test_every_language_has_its_frame_and_the_german_answers_say_so(tab: Open, language: str) -> None:
    page = tab().goto().open()
    page.page.locator("summary").first.click()
    page.page.locator("beratung-chat select").select_option(language)
    panel = page.page.locator("beratung-chat [role=dialog]")
    expect(panel).to_have_attribute("lang", language)
    expect(panel).to_have_attribute("dir", "rtl" if language in ("ar", "fa") else "ltr")
    assert page.page.locator("beratung-chat").get_by_text("Senden").count() == 0
    expect(page.answers.first).to_have_attribute("lang", "de")
    expect(page.answers.first).to_have_attribute("dir", "ltr")
    page.say("Was kostet die Anerkennung?")
    page.picture(f"language-{language}")
    page.page.reload()
    expect(page.page.locator("beratung-chat [role=dialog]")).to_have_attribute("lang", language)


def test_messages_and_buttons_in_another_language_say_so(tab: Open) -> None:
    page = tab().goto().open()
    button = {"title": "Kosten", "id": "topic:costs_funding", "also": {"lang": "ar", "text": "التكاليف"}}
    message: dict[str, Any] = {"text": "أجيب بالألمانية.", "lang": "ar", "dir": "rtl", "buttons": [button], "custom": None}
    page.page.route(
        "**/webhooks/website/message",
        lambda route: route.fulfill(status=200, content_type="application/json", body=json.dumps({"messages": [message]})),
    )
    page.say("كم يكلف الاعتراف؟")
    words = page.answers.last
    assert (words.get_attribute("lang"), words.get_attribute("dir")) == ("ar", "rtl")
    beside = page.log.locator("[lang=ar]", has_text="التكاليف")
    assert beside.get_attribute("dir") == "rtl"
    page.page.unroute("**/webhooks/website/message")
    page.log.get_by_role("button", name="Kosten").last.click()
    expect(page.own.last).to_have_text("Kosten")
    expect(page.log).to_contain_text("Gebühr")
