"""What is kept of a person can be shown and deleted, over all stores; what is old goes by itself."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from prescreen.accounts import User
from prescreen.casework import Casework
from prescreen.database import now
from prescreen.delivery.message import Names
from prescreen.delivery.outbox import Outbox
from prescreen.delivery.rules import read
from prescreen.handovers import Handovers
from prescreen.privacy import Privacy
from prescreen.review import Review
from prescreen.tables import metadata
from prescreen.talks import Talks
from tests.prescreen.receivers import http_server
from tests.prescreen.tracker import Tracker

ANNA = User(1, "anna", "counsellor", frozenset({"DE-SH"}), True)


@pytest.fixture
def handovers(url: str) -> Handovers:
    return Handovers(url)


@pytest.fixture
def privacy(handovers: Handovers, tracker: Tracker) -> Privacy:
    return Privacy(handovers, Talks(tracker.url))


def opened(handovers: Handovers, conversation: str) -> str:
    code = handovers.open(conversation, summary="Zirbelkiefer", topic=None, land="DE-SH", language="de", consent="Ja.")
    handovers.give_contact(conversation, "lina@example.org")
    return code


def everything(handovers: Handovers) -> str:
    with handovers.database.read() as connection:
        return str([connection.execute(table.select()).all() for table in metadata.sorted_tables])


def test_export_shows_all_stores_by_code_and_by_id(handovers: Handovers, privacy: Privacy, tracker: Tracker) -> None:
    tracker.turn("a", "Zirbelkiefer", None)
    code = opened(handovers, "a")
    Casework(handovers.database, lambda *_: True).add_note(ANNA, code, "Angerufen.")
    review = Review(handovers.database, Talks(tracker.url), lambda _: False)
    review.label(review.items()[0], "documents", "x")
    assert privacy.conversation(code.lower()) == "a" == privacy.conversation("a")
    assert privacy.conversation("BBBBBBBB") is None and privacy.conversation("") is None
    found = json.loads(json.dumps(privacy.export("a")))
    assert len(found["events"]) == 3 and found["handovers"][0]["contact"] == "lina@example.org"
    assert found["notes"][0]["text"] == "Angerufen." and found["labels"] == [{"text": "Zirbelkiefer", "topic": "documents"}]


def test_deletion_reaches_all_stores_and_the_receiver_and_leaves_a_proof_without_content(
    handovers: Handovers, privacy: Privacy, tracker: Tracker, tmp_path: Path
) -> None:
    tracker.turn("secret-id", "Zirbelkiefer", None)
    tracker.turn("other", "bleibt", None)
    code = opened(handovers, "secret-id")
    Casework(handovers.database, lambda *_: True).add_note(ANNA, code, "Zirbelkiefer")
    review = Review(handovers.database, Talks(tracker.url), lambda _: False)
    for item in review.items():
        review.label(item, "documents", "x")
    with http_server(lambda *_: (200, None)) as (address, calls):
        path = tmp_path / "delivery.yml"
        way = {"kind": "webhook", "url": address, "secret": "a secret of some length"}
        path.write_text(yaml.safe_dump({"ways": {"hook": way}, "rules": [{"to": ["hook"]}]}))
        outbox = Outbox(handovers.database, read(path, Names({}, {}), {}))
        outbox.work()
        report = privacy.delete("secret-id")
        outbox.work()
    assert report.counts == {"events": 3, "handovers": 1, "receivers told": 1}
    assert [json.loads(body)["event"] for *_, body in calls] == ["handover", "deleted"]
    left = everything(handovers)
    assert not any(word in left for word in ("Zirbelkiefer", "lina@example.org", "secret-id")) and "bleibt" in left
    ((_, count),) = handovers.proofs("secret-id")
    assert count == 5 and privacy.conversation("secret-id") is None and len(privacy.export("other")["events"]) == 3


def test_what_is_old_goes_and_what_is_needed_stays(handovers: Handovers, privacy: Privacy, tracker: Tracker) -> None:
    old = now() - timedelta(days=31)
    tracker.turn("old talk", "x", time=old)
    tracker.turn("new talk", "x", time=now())
    codes = {name: opened(handovers, name) for name in ("waiting", "done long ago", "done now")}
    codes["given up"] = handovers.open("given up", summary="s", topic=None, land=None, language="de", consent="Ja.")
    with handovers.database.write() as connection:
        connection.exec_driver_sql("UPDATE handovers SET created = '2020-01-01 00:00:00'")
        connection.exec_driver_sql("UPDATE handovers SET state = 'done' WHERE conversation LIKE 'done%%'")
        connection.exec_driver_sql("UPDATE handovers SET done = '2020-01-01 00:00:00' WHERE conversation = 'done long ago'")
        connection.exec_driver_sql("UPDATE handovers SET done = '2099-01-01 00:00:00' WHERE conversation = 'done now'")
    report = privacy.retain(30)
    assert (report.counts["events"], report.counts["handovers"]) == (3, 2)
    assert {name for name, code in codes.items() if handovers.conversation(code)} == {"waiting", "done now"}
    assert Talks(tracker.url).export("old talk") == [] and Talks(tracker.url).export("new talk") != []
    assert privacy.retain(30).total == 0


def test_a_receiver_is_not_told_to_delete_what_only_got_old_here(
    handovers: Handovers, privacy: Privacy, tmp_path: Path
) -> None:
    """A handover that goes only to the outside is done when it is delivered; there it is kept by the receiver's own rules."""
    with http_server(lambda *_: (200, None)) as (address, calls):
        path = tmp_path / "delivery.yml"
        way = {"kind": "webhook", "url": address, "secret": "a secret of some length"}
        path.write_text(yaml.safe_dump({"ways": {"hook": way}, "rules": [{"to": ["hook"]}]}))
        outbox = Outbox(handovers.database, read(path, Names({}, {}), {}))
        opened(handovers, "a")
        outbox.work()
        assert handovers.of("a")[0].state == "done"
        with handovers.database.write() as connection:
            connection.exec_driver_sql("UPDATE handovers SET done = '2020-01-01 00:00:00'")
        assert privacy.retain(30).counts["handovers"] == 1
        assert outbox.work() == 0 and len(calls) == 1
