"""Stands in for pkg_resources in the Rasa process: what apscheduler, limits and Rasa ask of it, answered by importlib.

The package itself, of setuptools, takes a tenth of a second to import, for a version number, a list and a file.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution, entry_points
from pathlib import Path

__all__ = ["DistributionNotFound", "get_distribution", "iter_entry_points", "resource_filename", "resource_string"]

DistributionNotFound = PackageNotFoundError
get_distribution = distribution
# Looking through all that is installed takes time, and each scheduler asks three times.
_installed = lru_cache(maxsize=1)(entry_points)


def iter_entry_points(group: str) -> list[EntryPoint]:
    """What the installed packages offer under the name `group`."""
    return list(_installed().select(group=group))


def resource_filename(package: str, name: str) -> str:
    """The path of the file `name` beside the module `package`, whether or not it exists."""
    file = importlib.import_module(package).__file__
    if file is None:
        raise NotImplementedError(f"{package} is no module with a file")
    return str(Path(file).parent / name)


def resource_string(package: str, name: str) -> bytes:
    """The content of the file `name` beside the module `package`. Raises FileNotFoundError."""
    return Path(resource_filename(package, name)).read_bytes()
