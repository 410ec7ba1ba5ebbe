"""The network drops, the server restarts, the page belongs to another site: nothing is lost, nothing is silent."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from bot.server import Assistant, free_port, healthy
from bot.settings import Settings
from tests.website.browser import Open

pytestmark = pytest.mark.assistant


def test_a_network_that_comes_back_soon_is_hardly_noticed(tab: Open) -> None:
    page = tab().goto().open()
    page.page.context.set_offline(True)
    page.field.fill("Was kostet die Anerkennung?")
    page.field.press("Enter")
    expect(page.page.get_by_role("status")).to_have_text("Keine Verbindung. Ich versuche es noch einmal …")
    page.picture("no-network")
    page.page.context.set_offline(False)
    expect(page.log).to_contain_text("Gebühr")
    expect(page.own).to_have_count(1)


def test_a_network_that_stays_away_keeps_the_text_and_sends_it_when_it_is_back(tab: Open) -> None:
    page = tab().goto().open()
    page.page.context.set_offline(True)
    page.field.fill("Was kostet die Anerkennung?")
    page.field.press("Enter")
    expect(page.page.get_by_role("alert")).to_contain_text("nicht erreichbar")
    expect(page.page.get_by_role("alert")).to_contain_text("Ihr Text steht wieder im Feld.")
    expect(page.field).to_have_value("Was kostet die Anerkennung?")
    assert "+49 30 1815-1111" in page.page.get_by_role("dialog").inner_text()
    page.page.context.set_offline(False)
    expect(page.log).to_contain_text("Gebühr")
    expect(page.own).to_have_count(1)
    expect(page.field).to_have_value("")


def test_a_message_whose_answer_got_lost_is_answered_once(tab: Open) -> None:
    """The first answer is thrown away on its way; what is sent again carries the same id."""
    page = tab().goto().open()
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data_json["id"])
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.page.route("**/webhooks/website/message", lose)
    page.say("Was kostet die Anerkennung?")
    expect(page.log).to_contain_text("Gebühr")
    assert len(sent) == 2 and len(set(sent)) == 1


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, int]]:
    """An assistant of its own that a page on another port may use, and that port."""
    folder: Path = tmp_path_factory.mktemp("foreign")
    port, site = free_port(), free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
        patch.setenv("WEGWEISER_SITES", f"http://127.0.0.1:{site}")
        with Assistant(Settings(data=folder, sites=f"http://127.0.0.1:{site}"), port=port) as running:
            yield running, site


PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Ein Amt</title><link rel="icon" href="data:,">
<script src="{url}/widget/beratung-chat.js" defer></script></head>
<body><h1>Ein Amt</h1><beratung-chat></beratung-chat></body></html>"""
POLICY = (
    "default-src 'none'; script-src {url}; connect-src {url}; img-src data:; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@pytest.fixture
def site(foreign: tuple[Assistant, int], assistant: Assistant) -> Iterator[str]:
    """Another site with the two lines and a strict policy; its own style sheet is not even allowed. /other embeds the
    assistant that does not know the site."""
    knows, port = foreign

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = assistant.url if self.path == "/other" else knows.url
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", POLICY.format(url=url))
            self.end_headers()
            self.wfile.write(PAGE.format(url=url).encode())

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


def test_two_lines_bring_the_chat_to_another_site_under_a_strict_policy(tab: Open, site: str) -> None:
    page = tab(site).goto("/").open().say("Was kostet die Anerkennung?")
    expect(page.log).to_contain_text("Gebühr")
    page.log.get_by_role("button", name="Karte der Bundesländer zeigen").click()
    page.log.get_by_role("button", name="Bayern").click()
    expect(page.log).to_contain_text("Netzwerk Bayern")
    page.page.locator("summary").first.click()
    page.page.locator("beratung-chat select").select_option("ar")
    expect(page.page.get_by_role("dialog")).to_have_attribute("dir", "rtl")
    assert page.console == []


def test_a_site_that_is_not_in_the_setting_gets_nothing(tab: Open, site: str) -> None:
    """The other assistant (without the setting) refuses the page, and the page says what to do."""
    page = tab(site)
    page.page.add_init_script(
        "{ const real = setTimeout; window.setTimeout = (work, ms) => real(work, ms > 9000 ? ms : ms / 50); }"
    )
    page.goto("/other")
    page.page.get_by_role("button", name="Fragen zur Anerkennung").click()
    expect(page.page.get_by_role("alert")).to_contain_text("nicht erreichbar")
    expect(page.page.get_by_role("link", name="+49 30 1815-1111")).to_be_visible()


def test_a_restart_of_the_server_in_the_middle_of_a_talk_loses_nothing(tab: Open, foreign: tuple[Assistant, int]) -> None:
    running, _ = foreign
    page = tab(running.url).goto().open().say("Ich wohne in Kiel. Was kostet die Anerkennung?")
    running.kill("rasa")
    page.field.fill("Welche Unterlagen brauche ich?")
    page.field.press("Enter")
    expect(page.page.get_by_role("status")).to_have_text("Keine Verbindung. Ich versuche es noch einmal …")
    running.revive()
    end = time.monotonic() + 60
    while not healthy(running.url) and time.monotonic() < end:
        time.sleep(0.2)
    page.wait()
    # The start may take longer than the chat goes on trying; then the text stands in the field.
    if page.own.count() == 1:
        expect(page.field).to_have_value("Welche Unterlagen brauche ich?")
        page.field.press("Enter")
        page.wait()
    expect(page.own).to_have_count(2)
    assert '"land":"DE-SH"' in str(page.stored())
