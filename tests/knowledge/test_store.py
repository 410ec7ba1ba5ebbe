"""An edit shows in the running assistant; a broken one is refused and the last good state goes on."""

import logging
import time
from pathlib import Path

import pytest

from knowledge.store import LOOK_EVERY, Store

FILE = "editions/2015-2018/landesnetzwerke.yml"
NAME = "Netzwerk Niedersachsen"


def rename(data: Path, old: str, new: str) -> None:
    path = data / FILE
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def names(store: Store) -> set[str]:
    return {network.name for network in store.current().editions["2015-2018"].networks}


def test_a_new_name_shows_within_five_seconds(data: Path) -> None:
    store = Store(data)
    rename(data, NAME, "Netzwerk Nordwest")
    end = time.monotonic() + 5
    while "Netzwerk Nordwest" not in names(store) and time.monotonic() < end:
        time.sleep(0.1)
    assert "Netzwerk Nordwest" in names(store)


def test_a_broken_edit_is_refused_with_a_message_and_mended_later(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(data)
    with caplog.at_level(logging.ERROR, "wegweiser.knowledge"):
        rename(data, "land: DE-NI", "land: Niedersachsen")
        end = time.monotonic() + 5
        while not caplog.records and time.monotonic() < end:
            names(store)
            time.sleep(0.1)
    assert NAME in names(store)
    assert "landesnetzwerke.yml" in caplog.text and "Niedersachsen" in caplog.text
    rename(data, "land: Niedersachsen", "land: DE-NI")
    rename(data, NAME, "Netzwerk Nordwest")
    end = time.monotonic() + LOOK_EVERY + 5
    while "Netzwerk Nordwest" not in names(store) and time.monotonic() < end:
        time.sleep(0.1)
    assert "Netzwerk Nordwest" in names(store)
