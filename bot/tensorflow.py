"""Keeps TensorFlow out of a process: half of its memory and of its start, of which our model uses nothing.

Rasa 3.6 imports it always, for components (DIET, TED …) that our `config.yml` does not name. Here its modules are replaced,
before Rasa is imported, by inert ones: their names can be imported, inherited from and compared; using one says what to do.
Where a component does need it, WEGWEISER_TENSORFLOW=on lets the real one in.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

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
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    if sys.modules.get("tensorflow") is not None:
        raise RuntimeError("TensorFlow is imported already; keep it out before Rasa is imported.")
    # spaCy asks whether TensorFlow is there and must see that it is not, rather than an inert one.
    import bot.nlu  # noqa: F401

    sys.meta_path.insert(0, _Finder())


def check(archive: Path) -> None:
    """Raises TensorFlowMissing where the model in `archive` has a component that computes with TensorFlow."""
    with tarfile.open(archive) as model:
        file = next((model.extractfile(member) for member in model if Path(member.name).name == "metadata.json"), None)
        metadata = json.load(file) if file else {}
    used = {node["uses"] for node in metadata.get("predict_schema", {}).get("nodes", {}).values()}
    needing = sorted(name.rpartition(".")[2] for name in used if name.rpartition(".")[0] in COMPONENTS)
    if needing:
        raise TensorFlowMissing(f"The model {archive.name} ({', '.join(needing)})")


class _Inert(type):
    """The type of everything inside an inert module: a class without content, whose attributes are again such classes."""

    def __getattr__(cls, name: str) -> _Inert:
        return _inert(cls.__module__, f"{cls.__qualname__}.{name}", name)

    def __call__(cls, *_: Any, **__: Any) -> NoReturn:
        raise TensorFlowMissing(f"{cls.__module__}.{cls.__qualname__}")


def _inert(module: str, path: str, name: str) -> _Inert:
    # What Python itself looks for must look absent.
    if name.startswith("__"):
        raise AttributeError(name)
    return _Inert(name, (), {"__module__": module, "__qualname__": path})


class _Module(ModuleType):
    __path__: list[str] = []  # noqa: RUF012 - what makes a module a package

    def __getattr__(self, name: str) -> _Inert:
        return _inert(self.__name__, name, name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module of the packages, and loads nothing for it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in PACKAGES:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""
