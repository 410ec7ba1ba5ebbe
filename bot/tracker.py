"""Where Rasa keeps the talks, read from endpoints.yml as Rasa does, without loading Rasa."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine.url import URL

# Rasa's own store, and ours, which is one of its kind.
_SQL = ("sql", "bot.stores.talks.talkstore")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class NoTalks(RuntimeError):
    """The talks are not kept in SQL, so that this program cannot read or delete them."""


def url(endpoints: Path, environment: Mapping[str, str]) -> str:
    """The URL of the tracker store. Raises NoTalks."""
    text = _VARIABLE.sub(lambda match: environment.get(match[1], ""), endpoints.read_text(encoding="utf-8"))
    store: dict[str, Any] = (yaml.safe_load(text) or {}).get("tracker_store") or {}
    if str(store.get("type", "")).lower() not in _SQL:
        raise NoTalks(f"{endpoints.name}: the tracker store is „{store.get('type')}“; only SQL can be read")
    dialect = str(store.get("dialect", "sqlite"))
    if dialect == "sqlite":
        return f"sqlite:///{store['db']}"
    made = URL.create(
        dialect,
        username=store.get("username"),
        password=store.get("password"),
        host=store.get("url"),
        port=int(store["port"]) if store.get("port") else None,
        database=store.get("login_db") or store.get("db"),
    )
    return str(made.render_as_string(hide_password=False))
