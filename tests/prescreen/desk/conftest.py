"""A real server of the desk on a free loopback port, with three offices' users."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.server import free_port
from knowledge import store
from prescreen.accounts import Accounts
from prescreen.batch import Prescreener
from prescreen.casework import Casework
from prescreen.delivery import rules
from prescreen.delivery.outbox import Outbox
from prescreen.desk import app
from prescreen.desk.desk import Desk, names
from prescreen.desk.screening import NotReady, Screening
from prescreen.desk.uploads import Uploads
from prescreen.handovers import Handovers
from prescreen.privacy import Privacy
from prescreen.talks import Talks
from tests.prescreen.desk.visitor import Visitor

PASSWORD = "drei blaue Fahrräder"
SECRET = "the key of the cookies in these tests"
# Name → role, Länder. Berlin's counsellor and admin, Bavaria's admin, and the one for everything.
USERS = {
    "anna": ("counsellor", ["DE-BE"]),
    "bert": ("counsellor", ["DE-BE"]),
    "berlin": ("admin", ["DE-BE", "DE-BB"]),
    "bayern": ("admin", ["DE-BY"]),
    "alle": ("admin", None),
}


@dataclass
class Office:
    """The running desk and its parts, to look behind the pages. `visitor(name)` is logged in, `visitor(None)` is not."""

    url: str
    desk: Desk
    visitor: Callable[[str | None], Visitor]

    def handover(self, conversation: str, land: str | None = "DE-BE", ready: bool = True) -> str:
        """A new handover; its code."""
        code = self.desk.handovers.open(
            conversation, summary=f"Sagt <b>{conversation}</b>.", topic="documents", land=land, language="de", consent="Ja."
        )
        if ready:
            self.desk.handovers.give_contact(conversation, "lina@example.org")
        return code


def build(folder: Path) -> tuple[Desk, threading.Event]:
    """A desk whose model never gets ready (the event ends its waiting) and whose webhook leads nowhere."""
    hook = {"kind": "webhook", "url": f"http://127.0.0.1:{free_port()}", "secret": "a secret of some length"}
    path = folder / "delivery.yml"
    path.write_text(yaml.safe_dump({"ways": {"desk": {"kind": "desk"}, "hook": hook}, "rules": [{"to": ["desk", "hook"]}]}))
    knowledge, handovers = store.current(), Handovers(f"sqlite:///{folder / 'desk.sqlite'}")
    found, talks, never = rules.read(path, names(knowledge), {}), Talks(f"sqlite:///{folder / 'talks.db'}"), threading.Event()

    def load() -> Prescreener:
        never.wait()
        raise NotReady

    screening = Screening(load)
    accounts = Accounts(handovers.database, knowledge.places.lands)
    for name, (role, lands) in USERS.items():
        accounts.add(name, PASSWORD, role, lands or accounts.lands)
    desk = Desk(
        accounts,
        Casework(handovers.database, found.on_desk),
        handovers,
        Outbox(handovers.database, found),
        talks,
        Uploads(handovers.database, screening),
        screening,
        Privacy(handovers, talks),
        store.current,
        SECRET,
        secure=False,
    )
    return desk, never


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    desk, never = build(tmp_path_factory.mktemp("desk"))
    server, port, loop = app.create(desk), free_port(), asyncio.new_event_loop()
    running = threading.Thread(target=_serve, args=(server, port, loop), daemon=True)
    running.start()
    logged_in: dict[str, Visitor] = {}

    def visitor(name: str | None) -> Visitor:
        if name is None:
            return Visitor(f"http://127.0.0.1:{port}")
        if name not in logged_in:
            logged_in[name] = Visitor(f"http://127.0.0.1:{port}")
            assert logged_in[name].log_in(name, PASSWORD).headers["Location"] == "/"
        return logged_in[name]

    while not _answers(visitor(None)):
        assert running.is_alive()
    yield Office(f"http://127.0.0.1:{port}", desk, visitor)
    never.set()
    loop.call_soon_threadsafe(loop.stop)
    running.join(10)


def _serve(server: Sanic, port: int, loop: asyncio.AbstractEventLoop) -> None:
    """Serves without the deliveries beside, so that each test has them in its own hand."""
    asyncio.set_event_loop(loop)
    listening = loop.run_until_complete(server.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False))
    loop.run_until_complete(listening.startup())
    # Sanic rewrites its own source when it starts; a second server in this process must not do it again.
    TouchUp._registry.clear()
    loop.run_forever()
    loop.run_until_complete(listening.close())


def _answers(visitor: Visitor) -> bool:
    try:
        return visitor.get("/health").status_code == 200
    except OSError:
        return False
