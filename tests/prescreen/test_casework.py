"""Counsellors at work on handovers: whose business it is, what may be done in which state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from prescreen.accounts import User
from prescreen.casework import LONGEST_NOTE, Casework, NotNow, NotThere
from prescreen.handovers import Handovers

ANNA = User(1, "anna", "counsellor", frozenset({"DE-BE"}), True)
BERT = User(2, "bert", "counsellor", frozenset({"DE-BE"}), True)
CHIEF = User(3, "chief", "admin", frozenset({"DE-BE", "none"}), True)
OTHER = User(4, "other", "admin", frozenset({"DE-BY"}), True)


@pytest.fixture
def handovers(url: str) -> Handovers:
    return Handovers(url)


@pytest.fixture
def work(handovers: Handovers) -> Casework:
    return Casework(handovers.database, lambda land, topic: topic != "elsewhere")


def ready(handovers: Handovers, conversation: str, land: str | None = "DE-BE", topic: str = "documents") -> str:
    code = handovers.open(conversation, summary="s", topic=topic, land=land, language="de", consent="ja")
    handovers.without_contact(conversation)
    return code


def test_each_sees_the_handovers_of_the_office_that_are_finished_and_sent_to_the_desk(
    handovers: Handovers, work: Casework
) -> None:
    berlin, nowhere = ready(handovers, "a"), ready(handovers, "b", None)
    hidden = ready(handovers, "c", topic="elsewhere")
    unfinished = handovers.open("d", summary="s", topic=None, land="DE-BE", language="de", consent="ja")
    assert [h.code for h in work.handovers(ANNA)] == [berlin]
    assert [h.code for h in work.handovers(CHIEF)] == [berlin, nowhere]
    assert work.handovers(OTHER) == [] == work.handovers(ANNA, "done")
    for user, code in [(OTHER, berlin), (ANNA, nowhere), (CHIEF, hidden), (CHIEF, unfinished), (ANNA, "BBBBBBBB")]:
        for forbidden in (work.get, work.notes):
            with pytest.raises(NotThere):
                forbidden(user, code)
        with pytest.raises(NotThere):
            work.move(user, code, "taken")
        with pytest.raises(NotThere):
            work.add_note(user, code, "Notiz")


def test_a_handover_is_taken_noted_ended_and_reopened(handovers: Handovers, work: Casework) -> None:
    code = ready(handovers, "a")
    work.move(ANNA, code, "taken")
    work.add_note(BERT, code, " Angerufen. ")
    assert work.get(BERT, code).taken_by == "anna"
    work.move(ANNA, code, "done")
    assert work.get(ANNA, code).done is not None
    work.move(BERT, code, "taken")
    assert work.get(ANNA, code).taken_by == "bert" and work.get(ANNA, code).done is None
    assert [(note.user, note.text) for note in work.notes(ANNA, code)] == [("bert", "Angerufen.")]


@pytest.mark.parametrize("state", ["done", "new", "other", ""])
def test_a_new_one_can_only_be_taken(handovers: Handovers, work: Casework, state: str) -> None:
    code = ready(handovers, "a")
    with pytest.raises(NotNow):
        work.move(ANNA, code, state)


def test_what_a_colleague_has_taken_only_an_admin_may_end(handovers: Handovers, work: Casework) -> None:
    code = ready(handovers, "a")
    work.move(ANNA, code, "taken")
    for state in ("taken", "done", "new"):
        with pytest.raises(NotNow):
            work.move(BERT, code, state)
    work.move(CHIEF, code, "new")
    assert work.get(ANNA, code).taken_by is None


def test_it_is_not_given_back_when_the_person_has_asked_anew(handovers: Handovers, work: Casework) -> None:
    first = ready(handovers, "a")
    work.move(ANNA, first, "taken")
    assert ready(handovers, "a") != first
    with pytest.raises(NotNow):
        work.move(ANNA, first, "new")


def test_of_two_who_take_it_at_once_one_gets_it(handovers: Handovers, work: Casework) -> None:
    code = ready(handovers, "a")

    def take(user: User) -> bool:
        try:
            work.move(user, code, "taken")
        except NotNow:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, (ANNA, BERT))) == [False, True]


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_NOTE + 1)])
def test_a_note_says_something_and_ends(handovers: Handovers, work: Casework, text: str) -> None:
    code = ready(handovers, "a")
    with pytest.raises(ValueError):
        work.add_note(ANNA, code, text)


def test_deleting_takes_the_notes_along(handovers: Handovers, work: Casework) -> None:
    work.add_note(ANNA, ready(handovers, "a"), "Angerufen.")
    handovers.delete("a")
    with handovers.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 0
