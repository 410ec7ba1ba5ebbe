"""What the operator sets for a messenger: only in the environment, never in a file of the project."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.channels.keyfile import MESSENGERS, key
from bot.settings import PREFIX


@dataclass(frozen=True)
class Field:
    """One variable of a channel: WEGWEISER_<CHANNEL>_<NAME>. Without a default it is a must: the channel is off without it."""

    name: str
    help: str
    default: str | None = None


class Options:
    """The values of one channel's fields."""

    def __init__(self, channel: str, fields: tuple[Field, ...], environment: Mapping[str, str] | None = None) -> None:
        source = os.environ if environment is None else environment
        self._prefix = f"{PREFIX}{channel.upper()}_"
        self._fields = {field.name: field for field in fields}
        self._values = {field.name: source.get(self.variable(field.name), "").strip() or field.default for field in fields}
        self.missing = [name for name, value in self._values.items() if value is None]
        # Half set up: the operator wants the channel, and something is forgotten.
        self.begun = any(source.get(self.variable(field.name), "").strip() for field in fields if field.default is None)

    @property
    def on(self) -> bool:
        """Whether everything that the channel needs is set."""
        return not self.missing

    def variable(self, name: str) -> str:
        """The full name of a variable."""
        return self._prefix + name

    def help(self, name: str) -> str:
        """What belongs into a variable."""
        return self._fields[name].help

    def __getitem__(self, name: str) -> str:
        """The value of a field; empty for a must that is not set (the channel is off then)."""
        return self._values[name] or ""


def key_of(folder: Path) -> bytes:
    """The key that hides people's ids."""
    return key(folder, MESSENGERS).encode("ascii")


def keyed(secret: bytes, *parts: str) -> str:
    """A keyed hash (32 hex digits): the same for the same parts, and nobody without the key finds the parts again."""
    return hmac.new(secret, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:32]
