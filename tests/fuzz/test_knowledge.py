"""Knowledge that somebody edits: a broken file is told as faults with file and line, and nothing else is ever raised."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import strategies as st

from knowledge import BrokenKnowledge, load, yamlfile
from knowledge.editions import DATA
from tests.conftest import data
from tests.fuzz.fuzz import fuzz
from tests.fuzz.inputs import broken, damaged, raw, texts

__all__ = ["data"]
PIECES = (
    "a: b\n",
    "- ",
    "? [a]\n: b\n",
    "&x ",
    "*x",
    "<<: *x\n",
    "!!int x",
    "!!float x",
    "!!timestamp x",
    "2023-13-99",
    "2023-02-30 99:99:99",
    "!!binary =",
    "!!set {a}",
    "!!omap [a: 1]",
    "!!python/object:os.system x",
    "!foo bar",
    "|\n  x\n",
    ">-\n  y\n",
    "'",
    '"',
    "{",
    "[",
    "}",
    "]",
    ": ",
    "# x\n",
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "\t",
    "1_0",
    "0o9",
    "0b2",
    "1:99:99",
    ".nan",
    "~",
    "? ",
    "\ufeff",
    "&a [*a]",
    "{*a : 1}",
    "\n",
)
yaml_texts = st.lists(st.one_of(st.sampled_from(PIECES), texts), max_size=15).map("".join)
YAML = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.yml"))
CSV = sorted(path.name for path in DATA.glob("*.csv"))


def test_a_yaml_file_of_any_content_is_read_or_told(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"

    def entry(content: bytes) -> None:
        path.write_bytes(content)
        found = yamlfile.read(path, "x.yml")
        assert all(fault.line >= 1 and fault.mend for fault in found.faults)
        found.line(["a", 0, "b"])

    fuzz(st.one_of(raw, yaml_texts.map(lambda text: text.encode("utf-8", "surrogatepass"))), entry)


def _told(folder: Path) -> None:
    try:
        load(folder)
    except BrokenKnowledge as error:
        assert error.faults and all(fault.file and fault.line >= 1 and fault.wrong and fault.mend for fault in error.faults)


@pytest.mark.parametrize("change", ["values", "bytes"])
def test_a_data_folder_with_something_broken_is_loaded_or_told(change: str, data: Path) -> None:
    kept = {name: (data / name).read_bytes() for name in [*YAML, *CSV]}
    parsed = {name: yaml.load(kept[name], yaml.CSafeLoader) for name in YAML}

    def entry(what: tuple[str, Any]) -> None:
        name, content = what
        (data / name).write_bytes(content if isinstance(content, bytes) else _dumped(content))
        try:
            _told(data)
        finally:
            (data / name).write_bytes(kept[name])

    values = st.sampled_from(YAML).flatmap(lambda name: st.tuples(st.just(name), broken(parsed[name])))
    changed = st.sampled_from(sorted(kept)).flatmap(lambda name: st.tuples(st.just(name), damaged(kept[name])))
    # A whole load takes most of a tenth of a second, so that a night has fewer of them.
    fuzz(values if change == "values" else changed, entry, share=0.1)


def _dumped(content: Any) -> bytes:
    return yaml.safe_dump(content, allow_unicode=False).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("name", CSV)
def test_a_table_with_strange_cells_is_loaded_or_told(name: str, data: Path) -> None:
    rows = list(csv.reader(io.StringIO((data / name).read_text(encoding="utf-8"))))

    def entry(what: tuple[int, int, str]) -> None:
        row, column, text = what
        changed = [list(cells) for cells in rows]
        cells = changed[row % len(changed)]
        cells[column % len(cells)] = text
        # Not by csv.writer, which refuses to write a zero byte.
        lines = (",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in changed)
        (data / name).write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
        _told(data)

    fuzz(st.tuples(st.integers(0, 80), st.integers(0, 12), texts), entry, share=0.02)
