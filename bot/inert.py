"""Packages that a process shall do without: inert modules instead of them, or none at all.

Rasa imports every library that any of its parts may need. An inert module lets it: names can be imported from it, inherited
from and compared, and only using one fails, with a sentence that says what to do.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any, NoReturn

# What a use of `name` raises.
Missing = Callable[[str], Exception]


def replace(packages: Iterable[str], missing: Missing) -> None:
    """From now on imports of `packages` (also dotted ones, each with all below it) give inert modules; a use of something in
    them raises `missing(its name)`. Raises RuntimeError where one of them is imported already."""
    _put_first(_Inertly(packages, missing))


def hide(packages: Iterable[str]) -> None:
    """From now on `packages` look as if they were not installed; for libraries that ask. Raises RuntimeError as `replace`."""
    _put_first(_Nothing(packages))


def _put_first(finder: _Finder) -> None:
    if any(type(known) is type(finder) and known.packages == finder.packages for known in _ours()):
        return
    there = sorted(name for name in finder.packages if sys.modules.get(name) is not None)
    if there:
        raise RuntimeError(f"{', '.join(there)} is imported already; keep it out before Rasa is imported.")
    sys.meta_path.insert(0, finder)


def _ours() -> list[_Finder]:
    return [finder for finder in sys.meta_path if isinstance(finder, _Finder)]


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, packages: Iterable[str]) -> None:
        self.packages = frozenset(packages)

    def covers(self, fullname: str) -> bool:
        # Each import of the process asks: few looks at a set, not one at each of its names.
        parts = fullname.split(".")
        return any(".".join(parts[:length]) in self.packages for length in range(1, len(parts) + 1))


class _Nothing(_Finder):
    """Finds that there is no such module."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if self.covers(fullname):
            raise ModuleNotFoundError(f"No module named '{fullname}' (kept out, see bot/inert.py)", name=fullname)


class _Inertly(_Finder, importlib.abc.Loader):
    """Finds every module of the packages, and loads nothing for it."""

    def __init__(self, packages: Iterable[str], missing: Missing) -> None:
        super().__init__(packages)
        self._missing = missing

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True) if self.covers(fullname) else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name, self._missing)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


class _Module(ModuleType):
    __path__: list[str] = []  # noqa: RUF012 - what makes a module a package

    def __init__(self, name: str, missing: Missing) -> None:
        super().__init__(name)
        self.__missing__ = missing

    def __getattr__(self, name: str) -> _Inert:
        return _inert(self.__name__, name, name, self.__missing__)


class _Inert(type):
    """The type of everything inside an inert module: a class without content, whose attributes are again such classes."""

    __missing__: Missing

    def __getattr__(cls, name: str) -> _Inert:
        return _inert(cls.__module__, f"{cls.__qualname__}.{name}", name, cls.__missing__)

    def __call__(cls, *_: Any, **__: Any) -> NoReturn:
        raise cls.__missing__(f"{cls.__module__}.{cls.__qualname__}")


def _inert(module: str, path: str, name: str, missing: Missing) -> _Inert:
    # What Python itself looks for must look absent.
    if name.startswith("__"):
        raise AttributeError(name)
    return _Inert(name, (), {"__module__": module, "__qualname__": path, "__missing__": staticmethod(missing)})
