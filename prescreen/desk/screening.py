"""The understanding of enquiries, loaded beside so that the desk opens at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillLoading
from typing import TYPE_CHECKING, Any

from prescreen import items
from prescreen.items import Item

if TYPE_CHECKING:
    # It loads spaCy, which the desk can open without.
    from prescreen.batch import Prescreener

# Seconds that a page waits for the model, which takes two or three after a start. A page that waits holds one of a few threads.
_PATIENCE = 5.0


class NotReady(Exception):
    """The model is still being loaded or trained."""


class Screening:
    """Sorts enquiries with what `load` gives."""

    def __init__(self, load: Callable[[], Prescreener]) -> None:
        # One thread of the model for all: what it does is plain computing, and its parts need not bear two at once.
        self._lock = threading.Lock()
        pool = ThreadPoolExecutor(1, thread_name_prefix="desk-model")
        self._loading = pool.submit(load)
        pool.shutdown(wait=False)

    def one(self, text: str) -> dict[str, Any]:
        """The result of one enquiry. Raises NotReady."""
        return self.item(items.item("1", text, "Die Anfrage"))

    def item(self, item: Item) -> dict[str, Any]:
        """The result of one enquiry. Raises NotReady."""
        try:
            screener = self._loading.result(_PATIENCE)
        except StillLoading as error:
            raise NotReady from error
        with self._lock:
            return screener.screen(item)
