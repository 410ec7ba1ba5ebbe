"""TensorFlow is kept out: our model answers the same, what needs it says so in one sentence, the setting lets it in."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import rasa

from bot import model, tensorflow
from bot.archive import seal
from bot.server import Assistant, ServerFailed, free_port
from bot.settings import ROOT, Settings
from tests.conftest import CASES
from tests.dialogues.talk import Talk

# Answers of the model through Rasa's agent, as Rasa itself gives them, in a process of its own.
_PARSE = """
import asyncio, json, sys
from bot import tensorflow
if sys.argv[1] == "off":
    tensorflow.keep_out()
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[2])
async def parse():
    return [await agent.parse_message(text) for text in json.load(sys.stdin)]
parsed = [{k: v for k, v in answer.items() if k != "message_id"} for answer in asyncio.run(parse())]
print("\\n" + json.dumps([parsed, "tensorflow.python.framework" in sys.modules]))
"""


def python(*arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=model.environment(Settings.read()),
        input=input,
        capture_output=True,
        text=True,
        timeout=240,
    )


def archive(folder: Path, uses: str) -> Path:
    """A model archive with one node, as Rasa describes it."""
    content = json.dumps({"predict_schema": {"nodes": {"run": {"uses": uses}}}}).encode()
    path = folder / "model.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("metadata.json")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.assistant
def test_the_model_answers_the_same_with_and_without() -> None:
    lines = (CASES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = json.dumps([json.loads(line)["text"] for line in lines])
    path = str(model.ensure(Settings.read()))
    (with_it, there), (without, absent) = (
        json.loads(python("-c", _PARSE, switch, path, input=texts).stdout.splitlines()[-1]) for switch in ("on", "off")
    )
    assert there and not absent
    assert len(without) > 50 and without == with_it


@pytest.mark.assistant
@pytest.mark.parametrize(("switch", "mapped"), [("on", True), ("off", False)])
def test_the_setting_lets_it_into_the_running_assistant(
    switch: str, mapped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has loaded TensorFlow has mapped its library; the kernel knows."""
    monkeypatch.setenv("WEGWEISER_TRACKER_DB", str(tmp_path / "talks.db"))
    with Assistant(Settings(data=tmp_path, tensorflow=switch), port=free_port()) as running:
        assert Talk(running.url).say("Was kostet die Anerkennung?").advice["topic"] == "costs_funding"
        for name, process in running._running.items():
            libraries = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
            assert ("libtensorflow" in libraries) is (mapped and name == "rasa"), name


def test_a_component_that_needs_it_says_so_and_how_to_let_it_in() -> None:
    code = """
from bot import tensorflow
tensorflow.keep_out()
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
DIETClassifier.model_class()({}, {}, True, {})
"""
    done = python("-c", code)
    assert done.returncode == 1
    assert "needs TensorFlow, which Wegweiser keeps out. Set WEGWEISER_TENSORFLOW=on" in done.stderr


def test_a_model_that_needs_it_is_refused_before_the_start(tmp_path: Path) -> None:
    diet = archive(tmp_path, "rasa.nlu.classifiers.diet_classifier.DIETClassifier")
    with pytest.raises(tensorflow.TensorFlowMissing, match=r"\(DIETClassifier\) needs TensorFlow"):
        tensorflow.check(diet)
    # At the place where the assistant looks for the model of the present data.
    settings = Settings(data=tmp_path / "data", models=tmp_path)
    diet.replace(model.path(settings))
    seal(model.path(settings))
    with pytest.raises(ServerFailed, match="WEGWEISER_TENSORFLOW=on"), Assistant(settings, port=free_port()):
        raise AssertionError("it started")
    tensorflow.check(archive(tmp_path, "rasa.core.policies.rule_policy.RulePolicy"))


def test_the_components_that_need_it_are_those_of_the_installed_rasa() -> None:
    """Every public module with components that imports TensorFlow, or Rasa's tools for it, is in the list."""
    root = Path(str(rasa.__file__)).parent
    found = set()
    for place in (root / "nlu", root / "core"):
        for path in place.rglob("*.py"):
            if "tensorflow" in {name.split(".")[0] for name in _imported(path)}:
                found.add(".".join(("rasa", *path.relative_to(root).with_suffix("").parts)))
    assert found == tensorflow.COMPONENTS


def _imported(path: Path) -> set[str]:
    nodes: list[Any] = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_it_is_too_late_once_it_is_there() -> None:
    done = python("-c", "import tensorflow; from bot import tensorflow as ours; ours.keep_out()")
    assert done.returncode == 1 and "imported already" in done.stderr


def test_the_inert_modules_hold_only_names() -> None:
    code = """
from bot import tensorflow as ours
ours.keep_out()
ours.keep_out()
import tensorflow.keras.utils as utils
from keras import Model
class Ours(Model):
    pass
assert not isinstance(1, utils.Sequence) and not hasattr(utils, "__version__")
try:
    Ours()
except ours.TensorFlowMissing as error:
    print(error)
"""
    assert "Ours needs TensorFlow" in python("-c", code).stdout
