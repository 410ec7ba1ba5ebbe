"""A copy of the data that a test may break."""

import shutil
from pathlib import Path

import pytest
import yaml

from knowledge import files

# Rows that the long tables are cut to, so that a test reads them in no time; what is tested here are records.
ROWS = 60
# Tables whose rows point to those of another, which is cut: few of these, and all of what they point to.
POINTING, POINTED = ("country_words.csv", "exonyms.csv"), ("countries_de.csv", "regions.csv")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The whole data folder, with the long tables and the lexicon cut short."""
    folder = Path(shutil.copytree(files.DATA, tmp_path / "data", ignore=shutil.ignore_patterns("*.csv")))
    for table in files.DATA.glob("*.csv"):
        rows = 3 if table.name in POINTING else None if table.name in POINTED else ROWS
        lines = table.read_text(encoding="utf-8").splitlines(keepends=True)[:rows]
        (folder / table.name).write_text("".join(lines), encoding="utf-8")
    lexicon = yaml.load((files.DATA / "concepts.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)["concepts"]
    short = [{**concept, "forms": concept["forms"].splitlines()[0]} for concept in lexicon]
    (folder / "concepts.yml").write_text(yaml.safe_dump({"concepts": short}, allow_unicode=True), encoding="utf-8")
    return folder
