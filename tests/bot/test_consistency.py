"""500 pairs of a question and an occupation through the whole road: what the text says and what machines are told agree."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from bot.nlu.understanding import Understander
from knowledge import advise, custom, messages
from knowledge.loader import Knowledge
from tests.conftest import CASES

pytestmark = pytest.mark.assistant
PAIRS = 500
FLATLY_FREE = re.compile(r"\bnicht reglementiert|Anerkennung (?:ist )?(?:hier )?freiwillig")
FLATLY_REGULATED = re.compile(r"dieser Beruf ist reglementiert|Beruf [^.]{3,60} ist reglementiert:")


def pairs(knowledge: Knowledge) -> list[tuple[str, str]]:
    """The same 500 each time: questions of the exam, each with the name of an occupation behind it."""
    chance = random.Random(11)
    lines = (CASES / "exam.jsonl").read_text(encoding="utf-8").splitlines()
    german = [case["text"] for case in map(json.loads, lines) if case["lang"] == "de" and case["topic"] != "crisis"]
    occupations = [profession.name_f for profession in knowledge.professions.by_id.values() if profession.group]
    return [(chance.choice(german), chance.choice(occupations)) for _ in range(PAIRS)]


def contradictions(text: str, advice: dict[str, Any], knowledge: Knowledge) -> list[str]:
    found = []
    named = re.search(r"Zum Beruf ([^:]+?)(?::| können Sie der Person so sagen:)", text)
    if named and named.group(1) != advice["profession"]:
        found.append(f"text speaks of {named.group(1)}, advice of {advice['profession']}")
    lands = {land.name: code for code, land in knowledge.places.lands.items()}
    told = re.search(r"Es berät im Land ([A-ZÄÖÜ][\w-]+(?:-[\wäöü]+)*)", text)
    if told and lands[told.group(1)] != advice["land"]:
        found.append(f"text speaks of {told.group(1)}, advice of {advice['land']}")
    if advice["contacts"] and advice["contacts"][0]["name"] not in text:
        found.append(f"the text lacks the primary contact {advice['contacts'][0]['name']}")
    if advice["asks"] in ("land", "profession") and "?" not in text:
        found.append(f"asks for {advice['asks']} without a question")
    known = [p for p in knowledge.professions.by_id.values() if p.name == advice["profession"]]
    status = {p.regulated.value for p in known}
    if status == {"yes"} and FLATLY_FREE.search(text):
        found.append(f"says that {advice['profession']} is free")
    if status == {"no"} and FLATLY_REGULATED.search(text):
        found.append(f"says that {advice['profession']} is regulated")
    return found


def test_no_text_contradicts_what_machines_are_told(understander: Understander, knowledge: Knowledge) -> None:
    wrong, of_occupation, of_land = [], 0, 0
    for question, occupation in pairs(knowledge):
        text = f"{question} Ich bin {occupation}."
        advice = advise(understander.understand(text).enquiry(knowledge), knowledge)
        said = " ".join(message.text for message in messages(advice, knowledge))
        of_occupation += "Zum Beruf" in said or "Der Beruf" in said
        of_land += "Es berät im Land" in said
        wrong += [f"{text}: {fault}" for fault in contradictions(said, custom(advice)["advice"], knowledge)]
    assert wrong == []
    # Something was there to contradict.
    assert of_occupation > 100 and of_land > 30
