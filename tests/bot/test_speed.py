"""The quick check of an action's answer agrees with Rasa's schema: what it lets pass is right, the usual answer passes it."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from bot import speed

SLOT = {"event": "slot", "timestamp": None, "name": "land", "value": "DE-BY"}
WRONG: list[Any] = [
    None,
    [],
    {"events": None},
    {"events": {}},
    {"events": [{"event": "slot", "name": "land"}]},
    {"events": [{"event": "slot", "value": 1}]},
    {"events": [{"event": "slot", "name": 5, "value": 1}]},
    {"events": [SLOT | {"timestamp": "now"}]},
    {"events": [SLOT | {"metadata": "x"}]},
    {"events": [SLOT, {"event": "nonsense"}]},
    {"events": [SLOT, "slot"]},
    {"responses": ["text"]},
    {"responses": {"text": "x"}},
]
RIGHT: list[Any] = [
    {"events": [SLOT, SLOT | {"value": None}], "responses": [{"text": "x", "buttons": []}]},
    {"events": [{"event": "slot", "name": "talk", "value": {"a": [1]}, "metadata": None}], "responses": []},
    {"events": [], "responses": []},
    {},
]
# Right, but not of our action's kind: the schema decides.
FOREIGN: list[Any] = [
    {"events": [SLOT | {"timestamp": 1.5}]},
    {"events": [{"event": "followup", "name": "action_listen"}], "responses": []},
]


def by_schema(result: Any) -> bool:
    return bool(jsonschema.Draft7Validator(RemoteAction.action_response_format_spec()).is_valid(result))


@pytest.mark.parametrize("result", WRONG, ids=str)
def test_what_the_schema_refuses_is_refused(result: Any) -> None:
    assert not by_schema(result)
    assert not speed._only_sets_slots(result)
    with pytest.raises(jsonschema.ValidationError):
        speed._is_valid(RemoteAction("action_advise", None), result)


@pytest.mark.parametrize("result", RIGHT, ids=str)
def test_the_answers_of_our_action_need_no_schema(result: Any) -> None:
    assert by_schema(result) and speed._only_sets_slots(result)


@pytest.mark.parametrize("result", FOREIGN, ids=str)
def test_other_right_answers_pass_by_the_schema(result: Any) -> None:
    assert not speed._only_sets_slots(result)
    assert by_schema(result) and speed._is_valid(RemoteAction("action_advise", None), result)
