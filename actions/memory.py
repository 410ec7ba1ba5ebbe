"""What the assistant remembers of the talk itself, beside the case of the person: what it asked, offered and said."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

# The facts that the assistant asks for; a bare one answers the question and keeps the topic.
FACTS = ("land", "profession", "country")


@dataclass(frozen=True)
class Memory:
    """`topic` was answered last, `asks` is the fact (or topic, consent, contact) asked for, `tries` how often in vain.

    `unsure` counts messages in a row that were not understood. `offered` are the ids of the last buttons, `declined` the
    facts that the person does not give, `said` the ids of the last answers, `topics` all topics of the talk. `step` is where
    the handover stands (actions/handover.py), `language` the one greeted in.
    """

    topic: str | None = None
    asks: str | None = None
    tries: int = 0
    unsure: int = 0
    offered: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    step: str | None = None
    language: str | None = None

    @classmethod
    def from_slot(cls, value: Any) -> Memory:
        """Read the stored slot; what is missing or has the wrong type counts as never said."""
        stored = value if isinstance(value, dict) else {}
        values: dict[str, Any] = {}
        for field in fields(cls):
            found, default = stored.get(field.name), field.default
            if isinstance(default, tuple):
                values[field.name] = tuple(map(str, found)) if isinstance(found, (list, tuple)) else default
            elif isinstance(default, int):
                values[field.name] = found if isinstance(found, int) else default
            else:
                values[field.name] = found if isinstance(found, str) else default
        return cls(**values)

    def slot(self) -> dict[str, Any]:
        """JSON-friendly values, lists for tuples."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def asks_fact(self) -> bool:
        return self.asks in FACTS

    @property
    def offered_topics(self) -> tuple[str, ...]:
        return tuple(id.removeprefix("topic:") for id in self.offered if id.startswith("topic:"))
