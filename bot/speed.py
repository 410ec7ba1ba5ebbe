"""Where Rasa 3.6 does the same work again for each event, action call, prediction and start, done once instead.

The schema check alone was two fifths of the time of a turn, and with the schema read once still a fifth; Dask, which puts the
few parts of a model in order anew for each prediction, was a twelfth. A test holds that none of it changes a result.
"""

from __future__ import annotations

from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any

import jsonschema
import rasa.shared.utils.common as rasa_common
import rasa.shared.utils.validation as validation
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event


def apply() -> None:
    """Replace them. Doing it twice changes nothing."""
    Event.resolve_by_type = staticmethod(_event_class)
    RemoteAction._validate_action_result = _is_valid
    DaskGraphRunner.run = _run


def trust_model() -> None:
    """For a process that runs a model and reads no other domain: its form was checked when the model was trained."""
    validation.validate_yaml_schema = lambda *_, **__: None


@lru_cache(maxsize=256)
def _classes() -> dict[str, type[Event]]:
    """Event name → class. Rasa walks all subclasses for each stored event; the first of a name wins, as there."""
    found: dict[str, type[Event]] = {}
    for cls in rasa_common.all_subclasses(Event):
        found.setdefault(cls.type_name, cls)
    return found


def _event_class(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    found = _classes().get(type_name)
    if found is not None:
        return found
    if type_name == "topic":
        return None
    if default is None:
        raise ValueError(f"Unknown event name '{type_name}'.")
    return default


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return jsonschema.validators.validator_for(schema)(schema)


def _is_valid(self: RemoteAction, result: dict[str, Any]) -> bool:
    """What an action sent has the right form; raises ValidationError if not, as Rasa does. The schema is always the same."""
    if _only_sets_slots(result):
        return True
    error = jsonschema.exceptions.best_match(_validator().iter_errors(result))
    if error is not None:
        raise error
    return True


def _only_sets_slots(result: Any) -> bool:
    """Whether an answer is right and of the kind that our action gives: messages, and events that set slots.

    The schema compares each event with 23 forms; one that names itself a slot can only be of that form. False also where the
    schema has to say what is wrong.
    """
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return isinstance(events, list) and isinstance(responses, list) and all(map(_sets_slot, events)) and _are_dicts(responses)


def _sets_slot(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        # Our own events have neither of them.
        and event.get("timestamp") is None
        and event.get("metadata") is None
    )


def _are_dicts(values: list[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _run(self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
    """What `targets` (None: those of the graph) give for `inputs`, by name. Raises GraphRunError, as Rasa's."""
    wanted = tuple(targets or self._graph_schema.target_names)
    found = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, node, needs in _in_order(self, wanted):
            found[name] = node(*(found.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return {name: found[name][1] for name in wanted}


def _in_order(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[tuple[str, GraphNode, list[str]]]:
    """The parts that `targets` need, each behind those that it needs; kept with the runner."""
    orders: dict[tuple[str, ...], list[tuple[str, GraphNode, list[str]]]] = vars(runner).setdefault("_wegweiser_orders", {})
    if targets not in orders:
        nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: list(node.needs.values()) for name, node in nodes.items()}
        names = TopologicalSorter({name: [need for need in before if need in nodes] for name, before in needs.items()})
        orders[targets] = [(name, runner._instantiated_nodes[name], needs[name]) for name in names.static_order()]
    return orders[targets]
