"""What the assistant knows: the domain in plain Python, without Rasa, TensorFlow or spaCy.

knowledge = load()                       # or `store.current()` in a running assistant
advice = advise(Enquiry(topics=("costs_funding",), land="DE-NW"), knowledge)
for message in messages(advice, knowledge): …
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.advice import advise
    from knowledge.errors import BrokenKnowledge, Fault, KnowledgeError
    from knowledge.loader import Knowledge, faults, load
    from knowledge.message import Message, custom, messages
    from knowledge.model import Advice, Enquiry

# Name → module. Loaded on first use: the process that watches the servers needs the settings, and none of this.
_HOMES = {
    "advise": "advice",
    "BrokenKnowledge": "errors",
    "Fault": "errors",
    "KnowledgeError": "errors",
    "Knowledge": "loader",
    "faults": "loader",
    "load": "loader",
    "Message": "message",
    "custom": "message",
    "messages": "message",
    "Advice": "model",
    "Enquiry": "model",
}
__all__ = [
    "Advice",
    "BrokenKnowledge",
    "Enquiry",
    "Fault",
    "Knowledge",
    "KnowledgeError",
    "Message",
    "advise",
    "custom",
    "faults",
    "load",
    "messages",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
