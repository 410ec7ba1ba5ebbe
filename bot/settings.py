"""Every setting, its default and the reason, in one place. All come from the environment, prefix WEGWEISER_."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from knowledge.editions import BOTH, editions

PREFIX = "WEGWEISER_"
ROOT = Path(__file__).resolve().parent.parent
_LIMIT = re.compile(r"\d+/(second|minute|hour|day)(;\d+/(second|minute|hour|day))*")
_ORIGIN = re.compile(r"https?://[a-z0-9.\[\]:-]+")
# Settings that are one of a few words.
_SWITCH = ("on", "off")
_CHOICES = {
    "rest": _SWITCH,
    "tensorflow": _SWITCH,
    "log_details": _SWITCH,
    "log_format": ("text", "json"),
    "actions": ("server", "inside"),
    "libraries": ("needed", "all"),
}


class SettingsError(ValueError):
    """A setting has a value that it cannot have; the message names it and the values it can have."""


@dataclass(frozen=True)
class Settings:
    """`Settings.read()` reads them. A field `port` is the variable WEGWEISER_PORT."""

    # Who runs the assistant, as the first message names it; empty = it names nobody.
    operator: str = ""
    # Days after which a stored talk is deleted, as the first message says.
    retention_days: int = 30
    # Which office is shown first: that of the programme document, today's, or both side by side (the safest for people);
    # or a folder that was added under knowledge/data/editions/.
    edition: str = "both"
    # Where talks, secrets and caches are kept. Not in the checkout's own folders, so that an upgrade leaves it alone.
    data: Path = ROOT / "data"
    # Where trained models are kept, and the knowledge in the form in which it is read quickly.
    models: Path = ROOT / "models"
    # Port of the action server on 127.0.0.1; 0 = a free one, since nobody else needs to know it.
    action_port: int = 0
    # Longest message that is read, in characters: longer ones are almost always pasted by mistake.
    longest: int = 2000
    # Seconds without any progress until the sentence with a human contact comes: below three, which people wait.
    patience: float = 2.5
    # Minutes that a session on the website lives without a message.
    session_minutes: int = 60
    # Where people and messengers reach the server, such as https://chat.example.org; only some messengers need it.
    public_url: str = ""
    # Database of handovers and of the desk, as an SQLAlchemy URL; empty = desk.sqlite in `data`, which needs no server.
    desk_database: str = ""
    # File that says where handovers go; empty = prescreen/delivery.yml, which shows all of them on the desk.
    delivery: str = ""
    # Messages that one talk on the website may send, in the notation of the library `limits`, several with „;“; `off` = no
    # limit for talks and addresses. Nobody types faster, and a script that does is told to wait.
    rate_limit: str = "20/minute;300/hour"
    # The same for one address (an IPv6 network of 64 bits). Higher, because a whole shelter may share one address.
    rate_limit_address: str = "120/minute;2000/hour"
    # Web sites whose pages may talk to the assistant, as origins with „,“ between: https://www.example.org. None by default.
    sites: str = ""
    # Proxies in front of the assistant. Only as many hops of X-Forwarded-For are believed; 0 = people reach it directly.
    proxies: int = 0
    # Redis for what several processes must share: counts of the limits, answers for repeated messages. Empty = in memory.
    redis_url: str = ""
    # Word that Prometheus sends (`Authorization: Bearer …`) to read /metrics; empty = there is no such page.
    metrics_token: str = ""
    # Where Rasa's stores and the action server are described; deploy/endpoints.yml is the one for several machines.
    endpoints: Path = ROOT / "endpoints.yml"
    # `text` for people, `json` for programs that gather logs: one object a line.
    log_format: str = "text"
    # `on` writes messages of libraries and of errors as they are, which may hold words of people: for development only.
    log_details: str = "off"
    # `on` opens Rasa's own REST channel, which believes any sender: for development on one's own machine only.
    rest: str = "off"
    # Where the actions run: `inside` = in a thread of the Rasa process, which takes less memory and a shorter way;
    # `server` = in a process of their own, which can be stopped and started by itself.
    actions: str = "inside"
    # `on` lets TensorFlow into our processes, for a config.yml with a component of Rasa that needs it; ours has none, and
    # without it the assistant starts sooner and takes less memory (docs/PERFORMANCE.md).
    tensorflow: str = "off"
    # `all` lets all libraries into the Rasa process that Rasa imports; `needed` only those that the parts in use are known to
    # need, if the model, the endpoints and the channels have no others (bot/libraries.py).
    libraries: str = "needed"

    @property
    def desk_url(self) -> str:
        """Where handovers and the desk are kept."""
        return self.desk_database or f"sqlite:///{self.data.resolve() / 'desk.sqlite'}"

    @property
    def prepared(self) -> Path:
        """Where prepared knowledge is kept: like a model, made once of the data, and where a model may be written."""
        return self.models / "knowledge"

    @property
    def origins(self) -> list[str]:
        """The sites as a browser names them: no slash at the end, lower case."""
        return [site.strip().rstrip("/").lower() for site in self.sites.split(",") if site.strip()]

    @classmethod
    def read(cls, environment: dict[str, str] | None = None) -> Settings:
        """From `environment` (default: the process's). Raises SettingsError for a value of the wrong kind."""
        source = os.environ if environment is None else environment
        return _read(frozenset((name, value) for name, value in source.items() if name.startswith(PREFIX)))

    @classmethod
    def _of(cls, source: dict[str, str]) -> Settings:
        values = {}
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            if name in source:
                kind = {"str": str, "Path": Path, "int": int, "float": float}[str(field.type)]
                try:
                    values[field.name] = kind(source[name])
                except ValueError as error:
                    raise SettingsError(f"{name} is „{source[name]}“, which is no {field.type}") from error
        settings = cls(**values)
        settings._check()
        return settings

    def _check(self) -> None:
        known = [*editions(), BOTH]
        if self.edition not in known:
            raise SettingsError(f"{PREFIX}EDITION is „{self.edition}“; it can be {', '.join(known)}")
        for name, values in _CHOICES.items():
            if getattr(self, name) not in values:
                raise SettingsError(f"{PREFIX}{name.upper()} is „{getattr(self, name)}“; it can be {', '.join(values)}")
        for name in ("rate_limit", "rate_limit_address"):
            value = getattr(self, name)
            if value != "off" and not _LIMIT.fullmatch(value):
                raise SettingsError(f"{PREFIX}{name.upper()} is „{value}“; it can be off, or like 20/minute;300/hour")
        for origin in self.origins:
            if not _ORIGIN.fullmatch(origin):
                raise SettingsError(f"{PREFIX}SITES has „{origin}“; a site is like https://www.example.org")


@lru_cache(maxsize=8)
def _read(source: frozenset[tuple[str, str]]) -> Settings:
    """Once for the same values: every turn asks, and looking which editions there are reads a folder."""
    return Settings._of(dict(source))
