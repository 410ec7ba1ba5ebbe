"""What lives in two places says the same: domain ↔ rules ↔ training sentences ↔ actions ↔ knowledge ↔ configuration.

`rasa data validate` is silent about most of this.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

import pytest
import yaml

import actions
from actions import AdviseAction
from bot.settings import ROOT
from knowledge.case import Case
from knowledge.loader import Knowledge
from knowledge.text import fold
from tests.conftest import CASES

NOT_TOPICS = {"choose"}
BUILT_IN = {"nlu_fallback"}


def load(name: str) -> Any:
    return yaml.load((ROOT / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


DOMAIN, RULES, NLU = load("bot/domain.yml"), load("bot/data/rules.yml"), load("bot/data/nlu.yml")
SENTENCES: dict[str, list[str]] = defaultdict(list)
for entry in NLU["nlu"]:
    SENTENCES[entry["intent"]] += [line.removeprefix("- ").strip() for line in entry["examples"].splitlines() if line.strip()]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def test_the_intents_are_the_topics(knowledge: Knowledge) -> None:
    assert set(DOMAIN["intents"]) - NOT_TOPICS == set(knowledge.topics)


def test_every_intent_and_the_fallback_has_one_rule_with_the_one_action() -> None:
    steps = [rule["steps"] for rule in RULES["rules"]]
    assert all([list(step) for step in pair] == [["intent"], ["action"]] for pair in steps)
    assert sorted(pair[0]["intent"] for pair in steps) == sorted({*DOMAIN["intents"], *BUILT_IN})
    assert {pair[1]["action"] for pair in steps} == set(DOMAIN["actions"])


def test_every_action_of_the_domain_has_a_class() -> None:
    assert {getattr(actions, name)().name() for name in actions.__all__} == set(DOMAIN["actions"])
    assert AdviseAction().name() in DOMAIN["actions"]


def test_every_fact_of_a_case_has_a_slot_that_no_user_text_fills() -> None:
    assert set(Case().slots()) <= set(DOMAIN["slots"])
    assert {str(slot["mappings"]) for slot in DOMAIN["slots"].values()} == {str([{"type": "custom"}])}
    assert not any(slot["influence_conversation"] for slot in DOMAIN["slots"].values())


def test_nothing_is_carried_into_a_new_session() -> None:
    assert DOMAIN["session_config"]["carry_over_slots_to_new_session"] is False


def test_the_domain_holds_no_fact_and_no_address() -> None:
    text = (ROOT / "bot/domain.yml").read_text(encoding="utf-8")
    assert not re.search(r"www\.|https?:|\d{4,}|Träger|Telefon", text)
    assert "responses" not in DOMAIN


def shapes(text: str) -> set[tuple[str, ...]]:
    """A sentence in any order of words; a longer one also with any one word left out."""
    told = tuple(sorted(plain(text).split()))
    return {told} | ({told[:i] + told[i + 1 :] for i in range(len(told))} if len(told) >= 6 else set())


def examined() -> list[str]:
    """Every message that understanding is measured on."""
    found = [case["text"] for name in ("routing.yml", "places.yml") for case in load(f"tests/cases/{name}")]
    for name in ("questions.jsonl", "exam.jsonl"):
        found += [json.loads(line)["text"] for line in (CASES / name).read_text(encoding="utf-8").splitlines()]
    # One or two words are everyday words: „Moin moin“ or „Köln“ may stand on both sides.
    return [text for text in found if len(plain(text).split()) > 2]


def test_every_topic_has_hundreds_of_sentences(knowledge: Knowledge) -> None:
    assert {topic: len(SENTENCES.get(topic, [])) for topic in knowledge.topics if len(SENTENCES.get(topic, [])) < 500} == {}


def test_the_second_question_of_a_sentence_has_another_topic(knowledge: Knowledge) -> None:
    seconds = [(entry["intent"], entry["metadata"]["second"]) for entry in NLU["nlu"] if "metadata" in entry]
    assert seconds and all(second in knowledge.topics and second != first for first, second in seconds)


def test_no_sentence_stands_twice_or_nearly_twice_within_or_across_topics() -> None:
    seen: dict[tuple[str, ...], str] = {}
    twice = []
    for sentence in (sentence for sentences in SENTENCES.values() for sentence in sentences):
        told = shapes(sentence) if plain(sentence) else {(sentence,)}
        twice += [(sentence, seen[shape]) for shape in told if shape in seen][:1]
        seen |= dict.fromkeys(told, sentence)
    assert twice == []


def test_no_sentence_of_a_test_table_is_trained_on() -> None:
    trained = {shape for sentences in SENTENCES.values() for sentence in sentences for shape in shapes(sentence)}
    assert [text for text in examined() if shapes(text) & trained] == []


def test_no_training_sentence_looks_like_an_annotation_or_a_command() -> None:
    odd = [s for sentences in SENTENCES.values() for s in sentences if s.startswith("/") or re.search(r"\]\(|\]\{", s)]
    assert odd == []


def test_every_component_of_the_pipeline_exists_and_has_no_misspelt_key() -> None:
    for component in (*load("config.yml")["pipeline"], *load("config.yml")["policies"]):
        module, _, name = component["name"].rpartition(".")
        if module:
            source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
            assert f"class {name}(" in source
            assert set(component) == {"name"}
        else:
            known = {"name", "core_fallback_action_name", "core_fallback_threshold", "enable_fallback_prediction"}
            assert set(component) <= known


def test_the_channels_of_the_credentials_exist() -> None:
    for path in load("credentials.yml"):
        module, _, name = path.rpartition(".")
        assert f"class {name}(" in (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["config.yml", "endpoints.yml", "credentials.yml", "bot/domain.yml"])
def test_no_secret_stands_in_a_file(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"(?i)(password|secret|token|api_key)\s*:\s*(?!\$\{)\S", text)
