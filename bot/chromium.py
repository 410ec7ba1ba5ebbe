"""Where the browser for the tests is, and how to get it."""

from __future__ import annotations

import shutil

HOW = "Chromium is missing. On Debian, as root: apt-get update && apt-get install -y chromium"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def path() -> str | None:
    """The browser's program, or None. Playwright drives it; nothing is downloaded."""
    return next((found for found in map(shutil.which, _NAMES) if found), None)
