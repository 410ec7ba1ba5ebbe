"""What several tests share: the knowledge, the model, the running assistant. Each is made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import model
from bot.nlu.understanding import Understander
from bot.server import Assistant, free_port
from bot.settings import ROOT, Settings
from knowledge import store
from knowledge.loader import Knowledge

CASES = ROOT / "tests" / "cases"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return store.current()


@pytest.fixture(scope="session")
def understander(knowledge: Knowledge) -> Understander:
    """The understanding of the trained model; trains one where there is none."""
    return model.understander(model.ensure(Settings.read()), knowledge)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The real assistant: both servers, on free loopback ports, with a data folder of its own."""
    folder: Path = tmp_path_factory.mktemp("data")
    # All tests come from one address: no limits here, these have tests of their own.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
        patch.setenv("WEGWEISER_RATE_LIMIT", "off")
        with Assistant(Settings(data=folder), port=free_port()) as running:
            yield running
