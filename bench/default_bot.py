"""The bot that `rasa init` gives, on our topics: its own configuration, a separate action server, SQLite.

The template of the installed Rasa is copied and its subject replaced; `config.yml` stays as it is, so pipeline and policies
are those that Rasa chooses by itself (DIET, ResponseSelector, memoization, rules, UnexpecTED, TED).
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import yaml

from bench import subset

ACTION = "action_answer"
_CODE = f'''from rasa_sdk import Action


class Answer(Action):
    def name(self):
        return "{ACTION}"

    def run(self, dispatcher, tracker, domain):
        topic = tracker.latest_message["intent"].get("name")
        dispatcher.utter_message(text=f"Die Antwort zum Thema {{topic}}.")
        return []
'''


def write(folder: Path, sentences: int, epochs: int | None = None) -> None:
    """A project in `folder` (which must not exist) with `sentences` of each topic.

    `epochs` below Rasa's own are for trying the benchmark out: the model is then worth nothing.
    """
    shutil.copytree(_template(), folder, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    topics = list(subset.sentences(sentences))
    # Each topic is answered by the action, in a talk of two turns, as the stories of the template are.
    stories = [
        {"story": f"{topic} and then {after}", "steps": [*_turn(topic), *_turn(after)]}
        for topic, after in zip(topics, topics[1:] + topics[:1])
    ]
    # Rules, as the template has them too, so that no turn ends in silence: what is not understood runs the action as well.
    rules = [{"rule": topic, "steps": _turn(topic)} for topic in (*topics, "nlu_fallback")]
    domain: dict[str, Any] = {"version": "3.1", "intents": topics, "actions": [ACTION]}
    domain["session_config"] = {"session_expiration_time": 60, "carry_over_slots_to_new_session": True}
    endpoints = {
        "action_endpoint": {"url": "http://127.0.0.1:${ACTION_PORT}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "talks.db"},
    }
    files: dict[str, Any] = {
        "data/nlu.yml": subset.nlu(sentences),
        "data/stories.yml": {"version": "3.1", "stories": stories},
        "data/rules.yml": {"version": "3.1", "rules": rules},
        "domain.yml": domain,
        "endpoints.yml": endpoints,
        "credentials.yml": {"rest": None},
        "actions/actions.py": _CODE,
    }
    if epochs:
        files["config.yml"] = _shortened(epochs)
    for name, content in files.items():
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")


def _rasa() -> Path:
    found = importlib.util.find_spec("rasa")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent


def _template() -> Path:
    return _rasa() / "cli/initial_project"


def _turn(topic: str) -> list[dict[str, str]]:
    return [{"intent": topic}, {"action": ACTION}]


def _shortened(epochs: int) -> dict[str, Any]:
    """The configuration that Rasa chooses for the empty one of the template, with fewer epochs."""
    chosen = _rasa() / "engine/recipes/config_files/default_config.yml"
    config: dict[str, Any] = yaml.safe_load(chosen.read_text(encoding="utf-8"))
    for part in (*config["pipeline"], *config["policies"]):
        if "epochs" in part:
            part["epochs"] = epochs
    return config
