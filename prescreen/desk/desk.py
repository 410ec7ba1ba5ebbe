"""What the pages of the desk work with, put together in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
        """German names of Länder and topics, as the knowledge has them now."""
        return names(self.knowledge())


def names(knowledge: Knowledge) -> Names:
    """German names of Länder and topics."""
    lands = {code: land.name for code, land in knowledge.places.lands.items()}
    return Names(lands, {id: topic.label for id, topic in knowledge.topics.items()})
