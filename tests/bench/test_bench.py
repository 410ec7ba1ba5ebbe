"""The benchmark runs, and what it writes is whole and says what was measured. How fast anything is, is not tested."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from bench import default_bot, figures, load, plots, subset, table
from bench.bots import Floor
from bench.plan import DEFAULT, FLOOR, OURS, TALKS
from bot.__main__ import main
from knowledge import store

MEASURED = {"cold_start": 4.0, "memory_idle": 300.0, "memory": 310.0, "p50": 10.0, "p95": 20.0, "p99": 30.0, "p95_loaded": 70.0}
MEASURED |= {f"rate_{n}": 80.0 for n in TALKS} | {f"p95_{n}": 90.0 for n in TALKS}
MEASURED |= {"long_5": 10.0, "long_50": 10.0, "long_200": 10.0, "long_500": 12.0, "training": 20.0}
MEASURED |= {"start_cpu": 5.0, "turn_cpu": 9.0, "burst": 1.0, "burst_answered": 1.0, "burst_in_order": 1.0, "failed": 0.0}


def raw(**ours: float) -> dict[str, Any]:
    """Raw figures of two rounds, in which the default bot is ten times worse."""
    worse = {key: value / 10 if key.startswith("rate") else value * 10 for key, value in MEASURED.items()}
    bots = {OURS: MEASURED | ours, DEFAULT: worse, FLOOR: {key: MEASURED[key] for key in ("cold_start", "p50", "p95", "p99")}}
    bots[FLOOR] |= {f"rate_{n}": 4000.0 for n in TALKS}
    machine = {
        "date": "2026-01-01",
        "processor": "P",
        "cores": 2,
        "memory GB": 8,
        "python": "3",
        "rasa": "3",
        "load before": 0.1,
        "load after": 2.0,
    }
    plan = {"rounds": 2, "bots": list(bots), "sentences": 5, "epochs": None}
    values = {name: {key: [value, value] for key, value in found.items()} for name, found in bots.items()}
    return {"machine": machine, "plan": plan, "bots": values, "long": {OURS: [1.0] * 30}}


def rows(text: str) -> dict[str, list[str]]:
    """Label → the other cells of its row."""
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in found[2:]}


@pytest.mark.assistant
def test_the_command_writes_a_table_a_picture_and_the_raw_figures(tmp_path: Path) -> None:
    document = tmp_path / "PERFORMANCE.md"
    document.write_text(f"# Ours\n\nBefore.\n\n{table.BEGIN}\nOUTDATED\n{table.END}\n\nAfter.\n", encoding="utf-8")
    assert main(["bench", "--quick", "--seconds", "0.3", "--longest", "10", "--out", str(tmp_path)]) == 0
    text = document.read_text(encoding="utf-8")
    assert text.startswith("# Ours\n\nBefore.\n") and text.endswith("\n\nAfter.\n") and "OUTDATED" not in text
    cells = rows(text)
    assert list(cells) == [figure.label for figure in figures.FIGURES]
    # What --quick does not measure: the training, and marks beyond the short talk.
    beyond = {"training", "long_50", "long_200", "long_500", "growth"}
    measured = {figure.key for figure in figures.FIGURES if re.match(r"\d", cells[figure.label][0])}
    assert measured == {figure.key for figure in figures.FIGURES} - beyond
    assert cells["… stored once each and in order"][0] == "100 %"
    assert cells["turns without a good answer"][0] == "0 turns"
    assert set(json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["bots"]) == {OURS, FLOOR}
    assert (tmp_path / "pictures/bench.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")


def test_the_table_has_medians_ratios_and_whether_targets_are_reached() -> None:
    cells = rows(table.table(raw()))
    assert cells["cold start to healthy"] == ["4.00 s", "40.0 s", "4.00 s", "10.0 × better", "12 ×", "20 ×", "missed"]
    assert cells["throughput, 32 talks"][3:] == ["10.0 × better", "4 ×", "8 ×", "aim"]
    assert cells["p95, 32 talks, 60 % of its own throughput"][4:] == ["≤ 120 ms", "≤ 60 ms", "must"]
    assert cells["turn 500 : turn 5"][0] == "1.20 x"
    assert "missed" not in [row[-1] for label, row in cells.items() if label != "cold start to healthy"]


@pytest.mark.parametrize(
    ("figure", "value", "verdict"),
    [("failed", 1, "missed"), ("burst_answered", 0.98, "missed"), ("burst_in_order", 0, "missed"), ("burst", 3, "must")],
)
def test_what_is_lost_in_a_round_is_missed(figure: str, value: float, verdict: str) -> None:
    figures_of = raw()
    figures_of["bots"][OURS][figure] = [MEASURED[figure], value] if figure != "burst" else [value, value]
    assert next(row.verdict for row in figures.rows(figures_of) if row.figure.key == figure) == verdict


def test_a_document_without_the_marks_gets_the_table_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "PERFORMANCE.md"
    path.write_text("# Ours\n\nBefore.\n", encoding="utf-8")
    for _ in range(2):
        table.write(path, raw())
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Ours\n\nBefore.\n\n") and text.count("cold start") == 1


def test_the_picture_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    plots.write(tmp_path / "a.svg", raw())
    plots.write(tmp_path / "b.svg", raw())
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_the_default_bot_is_the_project_of_rasa_init_on_our_topics(tmp_path: Path) -> None:
    project = tmp_path / "bot"
    default_bot.write(project, sentences=3)
    importer = TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
    )
    topics = set(store.current().topics)
    assert set(importer.get_domain().intents) >= topics
    examples = importer.get_nlu_data().intent_examples
    assert {example.get("intent") for example in examples} == topics and len(examples) <= 3 * len(topics)
    # A story and a rule for each topic, and a rule for what is not understood.
    assert len(importer.get_stories().story_steps) == 2 * len(topics) + 1
    # Left to Rasa, which then chooses its default pipeline and policies.
    config = importer.get_config()
    assert config["pipeline"] is None and config["policies"] is None


def test_both_bots_learn_the_same_sentences_from_all_over_the_data() -> None:
    few, many = subset.sentences(2), subset.sentences(50)
    assert {topic: len(lines) for topic, lines in few.items()} == dict.fromkeys(few, 2)
    assert all(few[topic][0] == many[topic][0] and few[topic][1] != many[topic][1] for topic in few)


def test_load_counts_every_turn_and_what_was_not_answered(tmp_path: Path) -> None:
    floor = Floor(tmp_path / "floor")
    assert floor.start() > 0
    try:
        assert floor.processes.memory() > 5
        alone = asyncio.run(load.single(floor, ["a", "b"], turns=12, warm=3))
        assert len(alone.ms) == 12 and not alone.failed
        many = asyncio.run(load.crowd(floor, ["a"], talks=4, seconds=0.3))
        assert len(many.ms) > 4 and many.rate == pytest.approx(len(many.ms) / many.seconds) and not many.failed
        calm = asyncio.run(load.paced(floor, ["a"], talks=4, rate=50, seconds=0.5))
        assert 5 < len(calm.ms) < 60
        assert len(asyncio.run(load.burst(floor, ["a"] * 7)).ms) == 7
    finally:
        floor.stop()
    assert asyncio.run(load.single(floor, ["a"], turns=3, warm=0)).failed == 3
