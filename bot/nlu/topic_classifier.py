"""Rasa component: the topic of a message as intent, with the ranking; `nlu_fallback` where it is not sure."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    METADATA,
    METADATA_INTENT,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import knowledge.concepts
import knowledge.text
from bot.nlu import features, topics, understanding
from bot.nlu.span_extractor import DOC, SPANS
from bot.nlu.topics import Guess, TopicModel
from knowledge import store
from knowledge.editions import DATA

# The file inside the model that holds the trained topic model (see bot/model.py).
FILE = "topics.zip"
# Intents that tell how many topics are handed on with a message.
_RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """A thin wrapper: learning and reading happen in bot/nlu/topics.py and bot/nlu/understanding.py."""

    def __init__(self, model: TopicModel, model_storage: ModelStorage, resource: Resource) -> None:
        self._model = model
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """An untrained component."""
        return cls(TopicModel(store.current().lexicon), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """The component of a trained model."""
        with model_storage.read_from(resource) as folder:
            model = TopicModel.load(folder / FILE, store.current().lexicon)
        return cls(model, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa only looks at this file; the model also depends on the lexicon and on the code that makes the features."""
        parts = [
            DATA / "concepts.yml",
            *(Path(str(m.__file__)) for m in (features, topics, knowledge.concepts, knowledge.text)),
        ]
        return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have a topic."""
        known = store.current().topics
        examples = [example for example in training_data.intent_examples if example.get(INTENT) in known]
        self._model.train(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            [_second(example) for example in examples],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message."""
        for message in messages:
            ranking, sure, second = understanding.judge(self._model, message.get(DOC), message.get(SPANS))
            named = [_named(guess, second) for guess in ranking[:_RANKED]]
            fallback = {
                INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME,
                PREDICTED_CONFIDENCE_KEY: 1.0 - ranking[0].confidence,
            }
            message.set(INTENT, named[0] if sure else fallback, add_to_output=True)
            message.set(INTENT_RANKING_KEY, named if sure else [fallback, *named], add_to_output=True)
        return messages


def _second(example: Message) -> str | None:
    """The topic of the second question of a training sentence, which stands in its intent's `metadata`."""
    second = ((example.get(METADATA) or {}).get(METADATA_INTENT) or {}).get("second")
    return str(second) if second else None


def _named(guess: Guess, second: str | None) -> dict[str, Any]:
    """A guess as Rasa carries it; `second` marks the topic of another question (see actions/turn.py)."""
    named = {INTENT_NAME_KEY: guess.topic, PREDICTED_CONFIDENCE_KEY: guess.confidence}
    return named | ({"second": True} if guess.topic == second else {})
