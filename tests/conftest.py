"""What several tests share: the knowledge, the model, the running assistant. Each is made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot import model
from bot.nlu.understanding import Understander
from bot.server import Assistant, free_port
from bot.settings import ROOT, Settings
from knowledge import store
from knowledge.editions import DATA
from knowledge.loader import Knowledge

CASES = ROOT / "tests" / "cases"
# Rows that the long tables are cut to, so that a test reads them in no time; what is tested here are records.
ROWS = 60
# Tables whose rows point to those of another, which is cut: few of these, and all of what they point to.
POINTING, POINTED = ("country_words.csv", "exonyms.csv"), ("countries_de.csv", "regions.csv")


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


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The whole data folder, with the long tables and the lexicon cut short."""
    folder = Path(shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("*.csv")))
    for table in DATA.glob("*.csv"):
        rows = 3 if table.name in POINTING else None if table.name in POINTED else ROWS
        lines = table.read_text(encoding="utf-8").splitlines(keepends=True)[:rows]
        (folder / table.name).write_text("".join(lines), encoding="utf-8")
    lexicon = yaml.load((DATA / "concepts.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)["concepts"]
    short = [{**concept, "forms": concept["forms"].splitlines()[0]} for concept in lexicon]
    (folder / "concepts.yml").write_text(yaml.safe_dump({"concepts": short}, allow_unicode=True), encoding="utf-8")
    return folder
