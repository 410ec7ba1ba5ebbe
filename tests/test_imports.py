"""Who may import whom: knowledge imports nobody, nothing imports actions, knowledge runs without Rasa and spaCy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT

OURS = {"knowledge", "bot", "actions", "prescreen"}
# Package → the packages of ours that it may import.
MAY = {
    "knowledge": {"knowledge"},
    "bot.nlu": {"bot.nlu", "knowledge"},
    "bot.channels": {"bot.channels", "bot.settings", "bot.talks", "bot.handover", "bot.metrics", "bot.logs", "knowledge"},
    "prescreen": {"prescreen", "bot.nlu", "knowledge"},
    "actions": {"actions", "bot.settings", "bot.handover", "bot.logs", "knowledge"},
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in OURS}


def test_each_room_opens_only_its_own_doors() -> None:
    wrong = []
    for package, allowed in MAY.items():
        for path in (ROOT / package.replace(".", "/")).rglob("*.py"):
            for name in imports(path):
                if not any(name == door or name.startswith(f"{door}.") for door in allowed):
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_nothing_imports_actions() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for package in ("knowledge", "bot", "prescreen")
        for path in (ROOT / package).rglob("*.py")
        if any(name.startswith("actions") for name in imports(path))
    ]
    assert wrong == []


def test_knowledge_needs_neither_rasa_nor_spacy_nor_tensorflow() -> None:
    code = "import sys, knowledge; print([m for m in ('rasa', 'spacy', 'tensorflow', 'rasa_sdk') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_a_message_needs_neither_rasa_nor_tensorflow() -> None:
    code = "import sys, bot.nlu.understanding; print([m for m in ('rasa', 'tensorflow') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
