"""Puts the parts of the counsellor's side together from the settings."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from bot import model, tracker
from bot.settings import Settings
from knowledge import store
from knowledge.text import words
from prescreen.accounts import Accounts
from prescreen.casework import Casework
from prescreen.delivery import rules
from prescreen.delivery.outbox import Outbox
from prescreen.desk.desk import Desk, names
from prescreen.desk.screening import Screening
from prescreen.desk.uploads import Uploads
from prescreen.handovers import Handovers
from prescreen.privacy import Privacy
from prescreen.review import Review
from prescreen.talks import Talks

if TYPE_CHECKING:
    from prescreen.batch import Prescreener


# The concept of what is said against an answer (knowledge/data/concepts.yml).
_COMPLAINT = "BOT_COMPLAINT"


def talks(settings: Settings) -> Talks:
    """The talks that Rasa keeps. Raises NoTalks."""
    return Talks(tracker.url(settings.endpoints, model.environment(settings)))


def delivery(settings: Settings) -> rules.Rules:
    """Where handovers go. Raises BadRules."""
    path = Path(settings.delivery) if settings.delivery else rules.DEFAULT
    return rules.read(path, names(store.current()), os.environ)


def accounts(settings: Settings) -> Accounts:
    """The users of the desk."""
    return Accounts(Handovers(settings.desk_url).database, store.current().places.lands)


def privacy(settings: Settings) -> Privacy:
    """Export and deletion over all stores."""
    return Privacy(Handovers(settings.desk_url), talks(settings))


def review(settings: Settings) -> Review:
    """The messages to look at. Raises NoTalks."""
    lexicon = store.current().lexicon
    complains = lambda text: _COMPLAINT in lexicon.speaks_of(words(text))  # noqa: E731
    return Review(Handovers(settings.desk_url).database, talks(settings), complains)


def build(settings: Settings, secure: bool) -> Desk:
    """The whole desk; its model is loaded beside."""
    handovers, found, talk = Handovers(settings.desk_url), delivery(settings), talks(settings)
    screening = Screening(lambda: _screener(settings))
    return Desk(
        accounts=Accounts(handovers.database, store.current().places.lands),
        casework=Casework(handovers.database, found.on_desk),
        handovers=handovers,
        outbox=Outbox(handovers.database, found),
        talks=talk,
        uploads=Uploads(handovers.database, screening),
        screening=screening,
        privacy=Privacy(handovers, talk),
        knowledge=store.current,
        secret=_secret(settings.data / "desk.key"),
        secure=secure,
    )


def _screener(settings: Settings) -> Prescreener:
    from prescreen.batch import Prescreener

    knowledge = store.current()
    return Prescreener(model.understander(model.ensure(settings), knowledge), knowledge, settings.edition)


def _secret(path: Path) -> str:
    """The key that signs cookies: made once, readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Only one of two that start together makes it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
