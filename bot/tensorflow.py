"""Keeps TensorFlow out of a process: half of its memory and of its start, of which our model uses nothing.

Rasa 3.6 imports it always, for components (DIET, TED …) that our `config.yml` does not name. Here its modules are replaced,
before Rasa is imported, by inert ones (bot/inert.py); using one says what to do. Where a component does need it,
WEGWEISER_TENSORFLOW=on lets the real one in.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path

from bot import inert

# Rasa imports Keras under its own name, too.
PACKAGES = frozenset(("tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons"))
# The modules of Rasa's components that compute with it; a test compares them with the installed Rasa.
COMPONENTS = frozenset(
    (
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
        "rasa.nlu.selectors.response_selector",
    )
)


class TensorFlowMissing(RuntimeError):
    """Something needs TensorFlow, which is kept out; the message names it and the setting that lets it in."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs TensorFlow, which Wegweiser keeps out. Set WEGWEISER_TENSORFLOW=on to let it in.")


def keep_out() -> None:
    """From now on imports of TensorFlow give inert modules. Raises RuntimeError where the real one is there already."""
    if sys.modules.get("tensorflow") is None:
        # spaCy asks whether TensorFlow is there and must see that it is not, rather than an inert one.
        import bot.nlu  # noqa: F401
    inert.replace(PACKAGES, TensorFlowMissing)


def components(archive: Path) -> set[str]:
    """What the trained model in `archive` is made of: the full names of its classes."""
    with tarfile.open(archive) as model:
        file = next((model.extractfile(member) for member in model if Path(member.name).name == "metadata.json"), None)
        metadata = json.load(file) if file else {}
    return {str(node["uses"]) for node in metadata.get("predict_schema", {}).get("nodes", {}).values()}


def check(archive: Path) -> None:
    """Raises TensorFlowMissing where the model in `archive` has a component that computes with TensorFlow."""
    needing = sorted(name.rpartition(".")[2] for name in components(archive) if name.rpartition(".")[0] in COMPONENTS)
    if needing:
        raise TensorFlowMissing(f"The model {archive.name} ({', '.join(needing)})")
