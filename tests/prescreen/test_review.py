"""Teaching: what is shown, what a person says, what is written out."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot import teaching
from bot.commands.review import LETTERS
from bot.nlu.understanding import Understander
from bot.settings import ROOT
from knowledge.loader import Knowledge
from prescreen.database import Database
from prescreen.review import Review, as_training, fresh
from prescreen.talks import Talks
from tests.prescreen.tracker import Tracker


@pytest.fixture
def review(url: str, tracker: Tracker) -> Review:
    tracker.turn("a", "Ich heiße Lina Haddad und\nblubb", None)
    tracker.turn("a", "Was kostet das?", "duration")
    tracker.turn("a", "das ist falsch", None)
    tracker.turn("a", '/choose{"choice": "topic:documents"}', None)
    tracker.turn("b", "Kiel")
    tracker.turn("b", "ok", None)
    return Review(Database(url), Talks(tracker.url), lambda text: "falsch" in text)


def test_complaints_stand_first_and_texts_are_redacted(review: Review) -> None:
    assert [(item.why, item.text) for item in review.items()] == [
        ("complaint", "Was kostet das?"),
        ("unsure", "Ich heiße [Name] und blubb"),
    ]


def test_what_a_person_has_labelled_is_not_shown_again(review: Review) -> None:
    first, second = review.items()
    review.label(first, "costs_funding", "anna")
    review.label(second, None, "anna")
    assert review.items() == [] and review.labelled() == {"costs_funding": ["Was kostet das?"]}


def test_known_sentences_and_markup_are_not_written_out() -> None:
    labelled = {"documents": ["Was  brauche ich?", "neu [Name](x)", "Neuer Satz", "neuer satz!"], "duration": ["Bekannt"]}
    found = fresh(labelled, ["was brauche ich", "bekannt!"])
    assert found == {"documents": ["Neuer Satz"]}
    assert yaml.safe_load(as_training(found)) == {
        "version": "3.1",
        "nlu": [{"intent": "documents", "examples": "- Neuer Satz\n"}],
    }


def test_every_topic_has_a_key(knowledge: Knowledge) -> None:
    assert len(LETTERS) >= len(knowledge.topics)


def test_the_training_sentences_are_those_of_the_file(knowledge: Knowledge) -> None:
    rows = list(teaching.training())
    assert len(rows) > 20_000 and {topic for _, topic, _ in rows} - {"choose"} <= set(knowledge.topics)
    assert any(second for _, _, second in rows)


@pytest.fixture
def environment(tracker: Tracker, tmp_path: Path) -> dict[str, str]:
    tracker.turn("a", "blubb dings maschine", None)
    tracker.turn("b", "was mit dem zettel", None)
    tracker.turn("c", "noch etwas anderes hier", None)
    return os.environ | {
        "WEGWEISER_DATA": str(tmp_path),
        "WEGWEISER_TRACKER_DB": str(tmp_path / "talks.db"),
        "WEGWEISER_MODELS": str(ROOT / "models"),
    }


def command(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.assistant
def test_one_key_a_message_on_a_terminal_and_a_report_at_the_end(
    environment: dict[str, str], tmp_path: Path, knowledge: Knowledge, understander: Understander
) -> None:
    listed = [json.loads(line) for line in command(environment, "review", "list", "--json").stdout.splitlines()]
    assert len(listed) == 3
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "review", "label"],
        cwd=ROOT,
        env=environment,
        stdin=slave,
        stdout=subprocess.PIPE,
        text=True,
    )
    key = LETTERS[list(knowledge.topics).index("documents")].lower()
    os.write(master, f"{key}-q".encode())
    output, _ = process.communicate(timeout=60)
    os.close(master)
    os.close(slave)
    assert process.returncode == 0 and "2 labelled" in output
    left = [json.loads(line) for line in command(environment, "review", "list", "--json").stdout.splitlines()]
    assert [item["id"] for item in left] == [listed[2]["id"]]
    assert command(environment, "review", "label", left[0]["id"], "nothing").returncode == 2
    assert command(environment, "review", "label", left[0]["id"], "duration").returncode == 0
    done = command(environment, "review", "export", "-o", str(tmp_path / "new.yml"), "--report", str(tmp_path / "report.md"))
    assert done.returncode == 0, done.stderr
    entries = yaml.safe_load((tmp_path / "new.yml").read_text(encoding="utf-8"))["nlu"]
    assert [entry["intent"] for entry in entries] == ["documents", "duration"]
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "2 new training sentences" in report and "## Gained:" in report and "## Lost:" in report


@pytest.mark.assistant
def test_commands_of_privacy_and_statistics(environment: dict[str, str], tmp_path: Path) -> None:
    exported = command(environment, "privacy", "export", "--conversation", "a")
    assert len(json.loads(exported.stdout)["events"]) == 3
    assert "3 events" in command(environment, "privacy", "delete", "--conversation", "a").stdout
    assert command(environment, "privacy", "delete", "--conversation", "a").returncode == 1
    assert "Removed: 6 events" in command(environment, "privacy", "retain").stdout
    assert command(environment, "stats", "-o", str(tmp_path / "out")).returncode == 0
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".svg", ".png", ".csv"}
    assert "all;;too few" in (tmp_path / "out" / "counts.csv").read_text(encoding="utf-8-sig")
