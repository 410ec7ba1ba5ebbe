"""Rasa component: the spans of a message as entities. Not trained; the vocabularies are those of `knowledge`."""

from __future__ import annotations

from threading import Thread
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import german, language
from bot.nlu.entities import entities
from bot.nlu.spans import SpanReader
from knowledge import store
from knowledge.loader import Knowledge
from knowledge.redaction import silent

# Where the component leaves the cut text and its full result for the topic classifier behind it.
DOC, SPANS = "doc", "spans"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SpanExtractor(GraphComponent, EntityExtractorMixin):
    """Finds place, profession, country, organisation and asker; keeps up with edits of the knowledge."""

    def __init__(self) -> None:
        self._knowledge = self._newest = store.current()
        self._reader = SpanReader(self._knowledge)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpanExtractor:
        """Read the vocabularies (about a second)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to each message; blank messages get none."""
        newest = store.current()
        if newest is not self._newest:
            self._newest = newest
            Thread(target=self._keep_up, args=(newest,), name="vocabularies", daemon=True).start()
        knowledge, reader = self._knowledge, self._reader
        for message in messages:
            # What the channel took out of the message must not be read as words of the person.
            text = silent(message.get(TEXT) or "")
            doc = german.language()(text)
            spans = reader.read_doc(doc)
            message.set(DOC, doc)
            message.set(SPANS, spans)
            spoken = language.detect(text, knowledge.languages)
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities(spans, spoken)], add_to_output=True)
        return messages

    def _keep_up(self, newest: Knowledge) -> None:
        """Read the vocabularies of an edit beside the talks: nobody waits the second that it takes, they are still answered
        from those before."""
        reader = SpanReader(newest)
        if newest is self._newest:
            self._knowledge, self._reader = newest, reader
