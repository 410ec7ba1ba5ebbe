"""A real Chromium against the running assistant: fixtures, and what many tests do in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from bot import chromium
from bot.server import Assistant
from bot.settings import ROOT

# Each state that a test shows is kept here as a picture, to be looked at.
PICTURES = Path(os.environ.get("WEGWEISER_PICTURES", ROOT / "results" / "website"))
LAUNCHER = "Fragen zur Anerkennung"
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a module, not for all: while Playwright runs, its event loop is in the way of tests that start their own."""
    program = chromium.path()
    assert program, chromium.HOW
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program)
        yield running
        running.close()


class Tab:
    """A page with everything that it wrote to the console and every address that it asked for."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.page: Page = context.new_page()
        self.console: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def goto(self, path: str = "/demo/") -> Tab:
        self.page.goto(self.url + path)
        return self

    def open(self, name: str = LAUNCHER) -> Tab:
        """Opens the chat and waits for the greeting."""
        self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.log.get_by_text("Guten Tag")).to_be_visible()
        return self

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.page.locator("beratung-chat textarea")

    @property
    def own(self) -> Locator:
        """What the person wrote, as the log shows it."""
        return self.log.locator(".own .words")

    @property
    def answers(self) -> Locator:
        return self.log.locator(".program .words")

    def say(self, text: str) -> Tab:
        """Types and sends; waits until the answer is there."""
        self.field.fill(text)
        self.field.press("Enter")
        return self.wait()

    def wait(self) -> Tab:
        """Until nothing is being waited for."""
        self.page.wait_for_function("() => !document.querySelector('beratung-chat').busy")
        return self

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def stored(self) -> Any:
        return self.page.evaluate("() => ({...sessionStorage})")


Open = Callable[..., Tab]


@pytest.fixture
def tab(browser: Browser, assistant: Assistant) -> Iterator[Open]:
    """Opens tabs with contexts of their own; options are those of a browser context."""
    contexts: list[BrowserContext] = []

    def make(url: str | None = None, **options: Any) -> Tab:
        context = browser.new_context(**{"viewport": {"width": 1000, "height": 800}, "locale": "de-DE", **options})
        contexts.append(context)
        return Tab(context, url or assistant.url)

    yield make
    for context in contexts:
        context.close()
