"""Handovers: consent first, one new one a talk, a code for the person, several processes, nothing left after deletion."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.settings import ROOT
from prescreen.database import Database, now
from prescreen.handovers import CODE_LENGTH, CODE_LETTERS, Handovers
from prescreen.tables import metadata

CONSENT = "Ja, eine Beratungsstelle darf diese Zusammenfassung bekommen."


def opened(handovers: Handovers, conversation: str = "talk", summary: str = "Wohnt in Kiel.") -> str:
    return handovers.open(conversation, summary=summary, topic="costs_funding", land="DE-SH", language="de", consent=CONSENT)


@pytest.fixture
def handovers(url: str) -> Handovers:
    return Handovers(url)


def test_the_words_agreed_to_and_the_time_are_stored(handovers: Handovers) -> None:
    before = now()
    code = opened(handovers)
    (stored,) = handovers.of("talk")
    assert (stored.code, stored.consent, stored.state, stored.land) == (code, CONSENT, "new", "DE-SH")
    assert before <= stored.consented <= now() and stored.contact is None and stored.ready is None


def test_a_database_in_its_newest_form_is_opened_without_the_program_that_migrates(url: str) -> None:
    Database(url).close()
    lines = "from prescreen.database import Database; import sys; Database(sys.argv[1]); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", lines, url], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"


def test_the_code_is_eight_letters_that_are_not_mistaken_for_each_other(handovers: Handovers) -> None:
    codes = {opened(handovers, f"talk {i}") for i in range(50)}
    assert len(codes) == 50
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) for code in codes)
    assert not set("0O1IL") & set(CODE_LETTERS)


def test_without_the_words_agreed_to_nothing_is_stored(handovers: Handovers) -> None:
    with pytest.raises(ValueError):
        handovers.open("talk", summary="Kiel", topic=None, land=None, language="de", consent=" ")
    assert handovers.of("talk") == []


def test_a_contact_is_awaited_until_it_is_given(handovers: Handovers) -> None:
    assert not handovers.awaiting_contact("talk")
    code = opened(handovers)
    assert handovers.awaiting_contact("talk")
    assert handovers.give_contact("talk", "  ") is None and handovers.awaiting_contact("talk")
    assert handovers.give_contact("talk", " lina@example.org ") == code
    assert not handovers.awaiting_contact("talk")
    (stored,) = handovers.of("talk")
    assert stored.contact == "lina@example.org" and stored.ready is not None


def test_a_person_may_come_with_the_code_instead(handovers: Handovers) -> None:
    code = opened(handovers)
    assert handovers.without_contact("talk") == code
    assert not handovers.awaiting_contact("talk")
    assert handovers.of("talk")[0].ready is not None


def test_no_contact_is_taken_where_nothing_is_open(handovers: Handovers) -> None:
    assert handovers.give_contact("talk", "lina@example.org") is None
    assert handovers.without_contact("talk") is None


def test_opening_again_replaces_what_is_new_and_asks_for_the_contact_again(handovers: Handovers) -> None:
    code = opened(handovers)
    handovers.give_contact("talk", "lina@example.org")
    assert opened(handovers, summary="Wohnt jetzt in Lübeck.") == code
    (stored,) = handovers.of("talk")
    assert stored.summary == "Wohnt jetzt in Lübeck." and stored.contact is None and handovers.awaiting_contact("talk")


def test_a_code_is_found_however_it_is_written(handovers: Handovers) -> None:
    code = opened(handovers)
    assert handovers.conversation(f" {code[:4].lower()} {code[4:]}") == "talk"
    assert handovers.conversation("BBBBBBBB") is None


def test_deleting_takes_everything_of_one_talk_and_leaves_a_proof_without_content(handovers: Handovers) -> None:
    opened(handovers)
    opened(handovers, "other")
    assert handovers.delete("talk") == 1
    assert handovers.of("talk") == [] and len(handovers.of("other")) == 1
    ((time, count),) = handovers.proofs("talk")
    assert count == 1 and time <= now()
    assert handovers.delete("talk") == 0 and len(handovers.proofs("talk")) == 1


def test_the_tables_are_what_the_migrations_make(url: str) -> None:
    with Database(url).read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_two_writers_at_once_leave_one_new_handover(url: str) -> None:
    def one(i: int) -> str:
        return opened(Handovers(url), summary=f"Fassung {i}")

    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(one, range(24)))
    assert len(codes) == 1 and len(Handovers(url).of("talk")) == 1


def test_a_new_file_that_another_is_just_writing_to_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "desk.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE theirs (x)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    assert opened(Handovers(f"sqlite:///{tmp_path / 'desk.sqlite'}"))
    other.close()


@pytest.mark.assistant
def test_processes_that_start_together_on_an_empty_database_all_store(url: str) -> None:
    code = (
        "import sys; from prescreen.handovers import Handovers\n"
        "Handovers(sys.argv[1]).open(sys.argv[2], summary='s', topic=None, land=None, language='de', consent='ja')"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, url, f"talk {i}"], cwd=ROOT) for i in range(3)]
    assert [process.wait(60) for process in running] == [0] * 3
    assert [len(Handovers(url).of(f"talk {i}")) for i in range(3)] == [1] * 3


def test_the_file_is_the_owners_alone_and_a_deleted_text_is_gone_from_it(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    handovers = Handovers(f"sqlite:///{path}")
    opened(handovers, summary="Ein seltenes Wort: Zirbelkiefer.")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    handovers.delete("talk")
    handovers.database.close()
    assert not any(b"Zirbelkiefer" in file.read_bytes() for file in tmp_path.iterdir())
