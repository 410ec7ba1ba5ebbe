"""Keeps libraries out of the Rasa process that only parts of Rasa need which are not in use: a third of its memory and start.

Rasa imports the libraries of all its messengers, databases and brokers, and those that its other models learn with. They are
only kept out where `needing` finds nothing: the model, the endpoints and the channels consist of known parts.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from bot import inert, resources, tensorflow

# Inert: imported by Rasa and spaCy without asking. A test holds that nothing of ours in the Rasa process needs them.
UNUSED = frozenset(
    (
        # Rasa's own messengers; ours speak with the platforms themselves.
        "aiogram", "cachecontrol", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "socketio", "twilio",
        "webexteamssdk",
        # Its other databases, brokers and places for models.
        "aio_pika", "aiormq", "boto3", "botocore", "bson", "google", "kafka", "pymongo", "s3transfer",
        # Accounts for Rasa's own interface, which is off.
        "sanic_jwt",
        # Puts the parts of a model in order; bot/speed.py does so once.
        "dask",
        # Telling Rasa's makers what is used and what fails.
        "requests", "sentry_sdk", "structlog_sentry",
        # Learning, its pictures, and the questions of its command line.
        "joblib", "matplotlib", "PIL", "prompt_toolkit", "questionary", "randomname", "scipy", "sklearn",
        "sklearn_crfsuite", "tqdm",
        # Parts of Rasa itself: models that none of ours is, and the measuring of models.
        "rasa.core.policies.ted_policy", "rasa.core.policies.unexpected_intent_policy", "rasa.core.test",
        "rasa.nlu.classifiers.diet_classifier", "rasa.nlu.extractors.crf_entity_extractor",
        "rasa.nlu.selectors.response_selector", "rasa.nlu.test",
        # spaCy's command line, and its look at the versions of models, of which there is none.
        "packaging.requirements", "spacy.cli", "srsly.ruamel_yaml", "typer", "weasel",
    )
)  # fmt: skip
# Absent: who imports them asks whether they are there (thinc for models of Keras, structlog for colours, portalocker for locks
# of files in Redis).
HIDDEN = frozenset(("h5py", "portalocker.redis", "pygments", "rich"))

# Of Rasa's own parts those that need none of them. Everything that begins with `bot.` is ours.
_PARTS = (
    "bot.",
    "rasa.core.policies.ensemble.DefaultPolicyPredictionEnsemble",
    "rasa.core.policies.rule_policy.RulePolicy",
    "rasa.graph_components.",
    "rasa.nlu.classifiers.regex_message_handler.RegexMessageHandler",
)
_CHANNELS = ("bot.", "rest")
_STORES = ("bot.", "sql", "redis")


class LibraryMissing(RuntimeError):
    """Something needs a library that is kept out; the message names it and the setting that lets it in."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is kept out of this process, since no part in use is known to need it. "
            "Set WEGWEISER_LIBRARIES=all to let all libraries in."
        )


def keep_out() -> None:
    """From now on imports of UNUSED give inert modules, HIDDEN look as if they were not installed, and our `resources` stands
    in for pkg_resources."""
    inert.hide(HIDDEN)
    sys.modules.setdefault("pkg_resources", resources)
    inert.replace(UNUSED, LibraryMissing)


def needing(archive: Path, endpoints: Path, credentials: Path) -> list[str]:
    """The parts of the model, of the endpoints and of the channels that may need more than ours do; none = keep out."""
    stores = [entry.get("type") or "sql" for entry in _read(endpoints).values() if isinstance(entry, dict)]
    return [
        *_others(sorted(tensorflow.components(archive)), _PARTS),
        *_others(stores, _STORES),
        *_others(_read(credentials), _CHANNELS),
    ]


def _others(names: list[str] | dict[str, object], known: tuple[str, ...]) -> list[str]:
    return [name for name in names if not any(name == word or (word[-1] == "." and name.startswith(word)) for word in known)]


def _read(path: Path) -> dict[str, object]:
    """A YAML file of Rasa. What is wrong in it Rasa says itself, better than we could; then nothing is kept out here."""
    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content if isinstance(content, dict) else {}
