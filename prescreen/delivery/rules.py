"""delivery.yml: the ways and the rules that choose among them. Every fault is told at once, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from prescreen.accounts import NO_LAND
from prescreen.delivery.chatwoot import Chatwoot
from prescreen.delivery.mail import Mail
from prescreen.delivery.message import Names, Way
from prescreen.delivery.webhook import Webhook
from prescreen.delivery.zammad import Zammad

DEFAULT = Path(__file__).resolve().parent.parent / "delivery.yml"
DESK = "desk"
_KINDS: dict[str, Callable[..., Way]] = {"smtp": Mail, "webhook": Webhook, "zammad": Zammad, "chatwoot": Chatwoot}
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class BadRules(ValueError):
    """The file cannot be followed; the message lists every fault."""


@dataclass(frozen=True)
class Rule:
    """Fits a handover of one of `lands` and `topics` (None = any)."""

    lands: frozenset[str] | None
    topics: frozenset[str] | None
    to: tuple[str, ...]

    def fits(self, land: str | None, topic: str | None) -> bool:
        return (self.lands is None or (land or NO_LAND) in self.lands) and (self.topics is None or topic in self.topics)


@dataclass(frozen=True)
class Rules:
    """`ways` holds those that leave this machine; the desk is not among them."""

    ways: Mapping[str, Way]
    rules: tuple[Rule, ...]
    desks: frozenset[str]

    def names(self, land: str | None, topic: str | None) -> tuple[str, ...]:
        """The names of the ways of a handover."""
        return next((rule.to for rule in self.rules if rule.fits(land, topic)), ())

    def outside(self, land: str | None, topic: str | None) -> list[str]:
        """Those of them that leave this machine."""
        return [name for name in self.names(land, topic) if name in self.ways]

    def on_desk(self, land: str | None, topic: str | None) -> bool:
        """Whether the desk shows it."""
        return any(name in self.desks for name in self.names(land, topic))


def read(path: Path, names: Names, environment: Mapping[str, str]) -> Rules:
    """The rules in `path`. Raises BadRules with every fault, OSError when there is no file."""
    faults: list[str] = []
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadRules(f"{path}: no YAML: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("ways"), dict) or not isinstance(content.get("rules"), list):
        raise BadRules(f"{path}: needs „ways“ (names with settings) and „rules“ (a list)")
    ways, desks = _ways(content["ways"], names, environment, faults)
    rules = [_rule(entry, i, {*ways, *desks}, names, faults) for i, entry in enumerate(content["rules"], start=1)]
    if not rules or rules[-1].lands is not None or rules[-1].topics is not None:
        faults.append("the last rule must fit everything: no handover may get lost")
    if faults:
        raise BadRules("\n".join(f"{path}: {fault}" for fault in faults))
    return Rules(ways, tuple(rules), frozenset(desks))


def _ways(
    entries: dict[Any, Any], names: Names, environment: Mapping[str, str], faults: list[str]
) -> tuple[dict[str, Way], set[str]]:
    ways: dict[str, Way] = {}
    desks = set()
    for name, entry in entries.items():
        settings = dict(entry) if isinstance(entry, dict) else {}
        kind = settings.pop("kind", None)
        if kind == DESK:
            desks.add(str(name))
        elif kind not in _KINDS:
            faults.append(f"way „{name}“: kind is „{kind}“; it can be {', '.join([DESK, *_KINDS])}")
        else:
            try:
                ways[str(name)] = _KINDS[kind](names=names, **{key: _filled(v, environment) for key, v in settings.items()})
            except (TypeError, ValueError) as error:
                faults.append(f"way „{name}“: {error}")
    return ways, desks


def _filled(value: Any, environment: Mapping[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    missing = [name for name in _VARIABLE.findall(value) if name not in environment]
    if missing:
        raise ValueError(f"the environment has no {', '.join(missing)}")
    return _VARIABLE.sub(lambda match: environment[match[1]], value)


def _rule(entry: Any, number: int, ways: Collection[str], names: Names, faults: list[str]) -> Rule:
    entry = entry if isinstance(entry, dict) else {}
    known = {"lands": {*names.lands, NO_LAND}, "topics": set(names.topics), "to": set(ways)}
    for key in entry.keys() - known.keys():
        faults.append(f"rule {number}: „{key}“ is not known; there are {', '.join(known)}")
    for key, values in known.items():
        given = entry.get(key, [] if key == "to" else None)
        if given is not None and (not isinstance(given, list) or not given):
            faults.append(f"rule {number}: „{key}“ must be a list with something in it")
        for value in given if isinstance(given, list) else []:
            if value not in values:
                faults.append(f"rule {number}: „{value}“ among „{key}“ does not exist")
    lands, topics, to = (entry.get(key) for key in known)
    return Rule(_set(lands), _set(topics), tuple(map(str, to)) if isinstance(to, list) else ())


def _set(values: Any) -> frozenset[str] | None:
    return frozenset(map(str, values)) if isinstance(values, list) else None
