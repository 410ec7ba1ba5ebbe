"""Libraries that only unused parts of Rasa need are kept out: the answers stay the same, and an unknown part lets them in."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from bot import libraries, model
from bot.server import Assistant, free_port
from bot.settings import ROOT, Settings
from tests.bot.test_tensorflow import archive, python
from tests.conftest import CASES
from tests.dialogues.talk import Talk

# Answers of the model as Rasa's agent gives them, in a process of its own.
_PARSE = """
import asyncio, json, sys
from bot import libraries, tensorflow
if sys.argv[1] == "needed":
    libraries.keep_out()
tensorflow.keep_out()
from rasa.core.agent import Agent
from bot import speed
if sys.argv[1] == "needed":
    speed.apply()
agent = Agent.load(sys.argv[2])
async def parse():
    return [await agent.parse_message(text) for text in json.load(sys.stdin)]
parsed = [{k: v for k, v in answer.items() if k != "message_id"} for answer in asyncio.run(parse())]
print("\\n" + json.dumps([parsed, "scipy.sparse._csr" in sys.modules]))
"""
# Where code of ours in the Rasa process lives, and the files there that run elsewhere or only while learning.
_OURS = (
    *("actions/**/*.py", "bot/channels/**/*.py", "bot/nlu/**/*.py", "bot/stores/**/*.py", "knowledge/**/*.py"),
    *("prescreen/database.py", "prescreen/handovers.py", "prescreen/tables.py"),
)
_LEARNING = {"bot/nlu/features.py": {"scipy"}, "bot/nlu/topics.py": {"scipy", "sklearn"}}


@pytest.mark.assistant
def test_the_model_answers_the_same_with_and_without() -> None:
    lines = (CASES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = json.dumps([json.loads(line)["text"] for line in lines])
    path = str(model.ensure(Settings.read()))
    (with_all, there), (without, absent) = (
        json.loads(python("-c", _PARSE, switch, path, input=texts).stdout.splitlines()[-1]) for switch in ("all", "needed")
    )
    assert there and not absent
    assert len(without) > 50 and without == with_all


@pytest.mark.assistant
@pytest.mark.parametrize(("switch", "mapped"), [("all", True), ("needed", False)])
def test_the_setting_lets_them_into_the_running_assistant(
    switch: str, mapped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has loaded scipy has mapped its libraries; the kernel knows."""
    monkeypatch.setenv("WEGWEISER_TRACKER_DB", str(tmp_path / "talks.db"))
    with Assistant(Settings(data=tmp_path, libraries=switch), port=free_port()) as running:
        assert Talk(running.url).say("Was kostet die Anerkennung?").advice["topic"] == "costs_funding"
        libraries = Path(f"/proc/{running._running['rasa'].pid}/maps").read_text(encoding="utf-8")
        assert ("/scipy/" in libraries) is mapped


@pytest.mark.assistant
def test_the_model_answers_the_same_with_one_thread_and_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (CASES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = json.dumps([json.loads(line)["text"] for line in lines])
    path = str(model.ensure(Settings.read()))
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert model.environment(Settings.read())["OPENBLAS_NUM_THREADS"] == "1"
    one = json.loads(python("-c", _PARSE, "needed", path, input=texts).stdout.splitlines()[-1])[0]
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    assert model.environment(Settings.read())["OPENBLAS_NUM_THREADS"] == "2"
    two = json.loads(python("-c", _PARSE, "needed", path, input=texts).stdout.splitlines()[-1])[0]
    assert len(one) == len(two) > 50
    for single, double in zip(one, two):
        for answer in (single, double):
            answer["intent"].pop("confidence")
            answer["chances"] = [guess.pop("confidence") for guess in answer["intent_ranking"]]
        # The order of a sum changes the last bit of a number of 32.
        assert single.pop("chances") == pytest.approx(double.pop("chances"), abs=1e-6)
        assert single == double


RULES = "rasa.core.policies.rule_policy.RulePolicy"


@pytest.mark.parametrize(
    ("component", "endpoints", "credentials", "needing"),
    [
        (RULES, "tracker_store: {type: bot.stores.talks.TalkStore}", "bot.channels.slack.SlackInput:", []),
        (RULES, "lock_store: {type: redis}\nnlg: {url: 'http://127.0.0.1:1'}", "rest:", []),
        (RULES, "", "", []),
        (RULES, "tracker_store: {type: mongod}", "", ["mongod"]),
        (RULES, "event_broker: {type: pika}", "", ["pika"]),
        (RULES, "", "slack: {slack_token: x}", ["slack"]),
        (RULES, "", "rest:\nrestful.Own:", ["restful.Own"]),
        ("rasa.nlu.classifiers.logistic_regression_classifier.LogisticRegressionClassifier", "", "", ["Logistic"]),
    ],
)
def test_any_part_that_is_not_known_lets_them_in(
    component: str, endpoints: str, credentials: str, needing: list[str], tmp_path: Path
) -> None:
    (tmp_path / "endpoints.yml").write_text(endpoints, encoding="utf-8")
    (tmp_path / "credentials.yml").write_text(credentials, encoding="utf-8")
    found = libraries.needing(archive(tmp_path, component), tmp_path / "endpoints.yml", tmp_path / "credentials.yml")
    assert len(found) == len(needing) and all(part in name for part, name in zip(needing, found))


def test_our_own_endpoints_and_channels_need_none_of_them(tmp_path: Path) -> None:
    for endpoints in ("endpoints.yml", "deploy/endpoints.yml"):
        assert not libraries.needing(archive(tmp_path, RULES), ROOT / endpoints, ROOT / "credentials.yml")


def test_nothing_of_ours_in_the_rasa_process_imports_them() -> None:
    kept_out = libraries.UNUSED | libraries.HIDDEN
    found = {}
    for path in (path for pattern in _OURS for path in ROOT.glob(pattern)):
        used = {name.split(".")[0] for name in _imported(path)} & kept_out
        if used:
            found[path.relative_to(ROOT).as_posix()] = used
    assert found == _LEARNING


def _imported(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return names + [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]


def test_a_use_says_how_to_let_them_in_and_what_is_hidden_looks_absent() -> None:
    code = """
from bot import libraries
libraries.keep_out()
libraries.keep_out()
from pymongo import MongoClient
try:
    import rich.console
except ModuleNotFoundError as error:
    print(error.name)
MongoClient("mongodb://127.0.0.1")
"""
    done = python("-c", code)
    assert done.returncode == 1 and "rich" in done.stdout
    assert "pymongo.MongoClient is kept out of this process" in done.stderr and "WEGWEISER_LIBRARIES=all" in done.stderr
