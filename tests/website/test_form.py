"""The talk without JavaScript."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

from bot.server import Assistant
from tests.website.browser import Open
from tests.website.test_widget import HOSTILE

pytestmark = pytest.mark.assistant
PLAIN = {"java_script_enabled": False}


def test_a_whole_talk_as_plain_pages(tab: Open) -> None:
    page = tab(**PLAIN).goto()
    page.page.get_by_role("link", name="Fragen zur Anerkennung stellen (ohne JavaScript)").click()
    expect(page.page.get_by_text("Guten Tag")).to_be_visible()
    page.page.get_by_label("Ihre Frage").fill("Was kostet die Anerkennung?")
    page.page.get_by_role("button", name="Senden").click()
    expect(page.page.locator("#answer")).to_contain_text("Gebühr")
    expect(page.page.locator(".own")).to_contain_text("Was kostet die Anerkennung?")
    page.page.get_by_label("Bundesland").select_option("Hessen")
    page.page.get_by_role("button", name="Dieses Bundesland wählen").click()
    expect(page.page.locator("#answer")).to_contain_text("Netzwerk Hessen")
    expect(page.page.locator(".own").last).to_contain_text("Hessen")
    page.picture("without-javascript")
    page.page.locator(".choices button").first.click()
    expect(page.page.locator(".own")).to_have_count(3)
    page.page.reload()
    expect(page.page.locator(".own")).to_have_count(3)
    assert page.console == []


def test_the_demo_site_leads_to_it(tab: Open) -> None:
    page = tab(**PLAIN).goto("/demo/ohne-javascript")
    assert page.page.url.endswith("/webhooks/website/form")


def test_deleting_leaves_nothing_on_the_page(tab: Open) -> None:
    page = tab(**PLAIN).goto("/webhooks/website/form")
    page.page.get_by_label("Ihre Frage").fill("Ich wohne in Zwiefalten.")
    page.page.get_by_role("button", name="Senden").click()
    page.page.get_by_role("button", name="Gespräch löschen").click()
    expect(page.page.get_by_text("Ich habe alles gelöscht")).to_be_visible()
    assert "Zwiefalten" not in page.page.content()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_typed_becomes_html(tab: Open, text: str) -> None:
    page = tab().goto("/webhooks/website/form")
    alerts: list[str] = []
    page.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.page.get_by_label("Ihre Frage").fill(text)
    page.page.get_by_role("button", name="Senden").click()
    expect(page.page.locator(".own .words")).to_have_text(text)
    assert page.page.locator("img, script, iframe, svg").count() == 0
    assert alerts == [] and page.console == []


def test_a_text_that_is_too_long_is_kept(tab: Open) -> None:
    page = tab(**PLAIN).goto("/webhooks/website/form")
    page.page.get_by_label("Ihre Frage").fill("ä" * 2001)
    page.page.get_by_role("button", name="Senden").click()
    expect(page.page.get_by_role("alert")).to_contain_text("Ihre Nachricht ist zu lang")
    expect(page.page.get_by_label("Ihre Frage")).to_have_value("ä" * 2001)


def post(url: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, urllib.parse.urlencode(fields).encode(), headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"page": "made.up.page"}, 401),
        ({"choice": "land:DE-XX"}, 400),
        ({"choice": "/restart"}, 400),
        ({"choice": "topic:never_offered"}, 400),
        ({"id": "<b>"}, 400),
        ({"text": "x" * 200_000}, 413),
    ],
)
def test_a_bad_form_gets_a_page_with_a_german_sentence(assistant: Assistant, change: dict[str, str], status: int) -> None:
    url = f"{assistant.url}/webhooks/website/form"
    with urllib.request.urlopen(url, timeout=20) as answer:
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.read().decode()))
    got, page = post(url, {**fields, "text": "Hallo", **change})
    assert got == status
    assert 'role="alert"' in page and "Traceback" not in page and "Ihre Frage" in page


def test_another_site_cannot_send_the_form(assistant: Assistant) -> None:
    url = f"{assistant.url}/webhooks/website/form"
    with urllib.request.urlopen(url, timeout=20) as answer:
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.read().decode()))
    assert post(url, {**fields, "text": "Hallo"}, {"Origin": "https://evil.example"})[0] == 403
