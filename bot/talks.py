"""Deleting a stored talk, which Rasa Open Source does not offer."""

from __future__ import annotations

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore

from knowledge import store as knowledge_store
from knowledge.phrases import Act


class CannotDelete(RuntimeError):
    """The talks are kept in a store from which we cannot delete."""


def asks_to_delete(text: str) -> bool:
    """Whether the whole message is the wish to delete; inside a longer text the words may mean something else."""
    return knowledge_store.current().phrases.read(text).act is Act.DELETE


def delete(store: TrackerStore, sender: str) -> None:
    """Remove every stored event of the talk of `sender`. Raises CannotDelete for a kind of store we do not know."""
    for inner in _stores(store):
        if isinstance(inner, SQLTrackerStore):
            with inner.session_scope() as session:
                session.query(inner.SQLEvent).filter_by(sender_id=sender).delete()
                session.commit()
        elif isinstance(inner, InMemoryTrackerStore):
            inner.store.pop(sender, None)
        else:
            raise CannotDelete(type(inner).__name__)


def _stores(store: TrackerStore) -> list[TrackerStore]:
    """The stores inside Rasa's wrappers: the configured one, and the one it falls back to."""
    inner = getattr(store, "_tracker_store", None)
    fallback = getattr(store, "_fallback_tracker_store", None)
    if inner is None and fallback is None:
        return [store]
    return [found for part in (inner, fallback) if part is not None for found in _stores(part)]
