"""What the pages of the desk work with, put together in one place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.loader import Knowledge
from prescreen.accounts import Accounts
from prescreen.casework import Casework
from prescreen.delivery.message import Names
from prescreen.delivery.outbox import Outbox
from prescreen.desk.screening import Screening
from prescreen.desk.uploads import Uploads
from prescreen.handovers import Handovers
from prescreen.privacy import Privacy
from prescreen.talks import Talks

_LANGUAGES = Path(__file__).resolve().parent.parent / "languages.yml"


@dataclass(frozen=True)
class Desk:
    """`secret` signs cookies. `secure`: browsers reach the desk over TLS, so cookies travel over nothing else."""

    accounts: Accounts
    casework: Casework
    handovers: Handovers
    outbox: Outbox
    talks: Talks
    uploads: Uploads
    screening: Screening
    privacy: Privacy
    knowledge: Callable[[], Knowledge]
    secret: str
    secure: bool

    @property
    def names(self) -> Names:
        """German names of Länder, topics and languages, as the knowledge has them now."""
        return names(self.knowledge())


def names(knowledge: Knowledge) -> Names:
    """German names of Länder, topics and languages."""
    lands = {code: land.name for code, land in knowledge.places.lands.items()}
    return Names(lands, {id: topic.label for id, topic in knowledge.topics.items()}, _languages())


@functools.cache
def _languages() -> dict[str, str]:
    return dict(yaml.safe_load(_LANGUAGES.read_text(encoding="utf-8")))
