"""Users, log-in, lock-out, sessions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from prescreen import accounts as module
from prescreen.accounts import FAILURES, NO_LAND, Accounts, BadAccount
from prescreen.database import Database, now

LANDS = ("DE-BE", "DE-BB", "DE-BY")
PASSWORD = "drei blaue Fahrräder"


@pytest.fixture
def accounts(url: str) -> Accounts:
    made = Accounts(Database(url), LANDS)
    made.add("anna", PASSWORD, "counsellor", ["DE-BE", "DE-BB"])
    return made


def test_a_user_logs_in_is_known_and_logs_out(accounts: Accounts) -> None:
    id = accounts.log_in("anna", PASSWORD, "1")
    assert id is not None
    session = accounts.session(id)
    assert session is not None and session.user.name == "anna" and session.user.lands == {"DE-BE", "DE-BB"}
    accounts.log_out(id)
    assert accounts.session(id) is None and accounts.session("") is None


@pytest.mark.parametrize(
    ("name", "password", "role", "lands"),
    [
        ("anna", PASSWORD, "admin", ["DE-BE"]),
        ("Bert", PASSWORD, "admin", ["DE-BE"]),
        ("b", PASSWORD, "admin", ["DE-BE"]),
        ("<b>", PASSWORD, "admin", ["DE-BE"]),
        ("bert", "zu kurz", "admin", ["DE-BE"]),
        ("bert", "x" * 201, "admin", ["DE-BE"]),
        ("bert", "aaaaaaaaaaaaaaa", "admin", ["DE-BE"]),
        ("bert", "bert ist mein Name", "admin", ["DE-BE"]),
        ("bert", PASSWORD, "chief", ["DE-BE"]),
        ("bert", PASSWORD, "admin", []),
        ("bert", PASSWORD, "admin", ["DE-XX"]),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    accounts: Accounts, name: str, password: str, role: str, lands: list[str]
) -> None:
    with pytest.raises(BadAccount):
        accounts.add(name, password, role, lands)
    assert [user.name for user in accounts.all()] == ["anna"]


def test_after_five_wrong_passwords_the_right_one_does_not_help(accounts: Accounts) -> None:
    for _ in range(FAILURES):
        assert accounts.log_in("anna", "falsch", "1") is None
    assert accounts.log_in("anna", PASSWORD, "2") is None


def test_four_wrong_ones_are_forgotten_by_the_right_one(accounts: Accounts) -> None:
    for _ in range(2):
        for _ in range(FAILURES - 1):
            accounts.log_in("anna", "falsch", "1")
        assert accounts.log_in("anna", PASSWORD, "1")


def test_tries_at_the_same_moment_count_too(accounts: Accounts) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: accounts.log_in("anna", "falsch", "1"), range(8)))
    assert accounts.log_in("anna", PASSWORD, "1") is None


def test_the_lock_opens_after_its_time(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(FAILURES + 1):
        accounts.log_in("anna", "falsch", "1")
    later = now() + module.LOCKED + timedelta(seconds=1)
    monkeypatch.setattr(module, "now", lambda: later)
    assert accounts.log_in("anna", PASSWORD, "1")


@pytest.mark.parametrize("after", [module.IDLE, module.LONGEST_SESSION])
def test_a_session_ends_by_itself(accounts: Accounts, monkeypatch: pytest.MonkeyPatch, after: timedelta) -> None:
    id = accounts.log_in("anna", PASSWORD, "1")
    assert id
    later = now() + after + timedelta(seconds=1)
    monkeypatch.setattr(module, "now", lambda: later)
    assert accounts.session(id) is None


def test_who_is_switched_off_is_out_at_once(accounts: Accounts) -> None:
    id, user = accounts.log_in("anna", PASSWORD, "1"), accounts.find("anna")
    assert id and user
    accounts.change(user, role="counsellor", lands=["DE-BE"], active=False)
    assert accounts.session(id) is None and accounts.log_in("anna", PASSWORD, "1") is None


def test_a_new_password_ends_the_sessions_of_the_old_one(accounts: Accounts) -> None:
    id, user = accounts.log_in("anna", PASSWORD, "1"), accounts.find("anna")
    assert id and user
    accounts.set_password(user, "vier grüne Lampen")
    assert accounts.session(id) is None
    assert accounts.log_in("anna", PASSWORD, "1") is None and accounts.log_in("anna", "vier grüne Lampen", "1")


def test_neither_password_nor_session_stands_in_the_database(accounts: Accounts, url: str) -> None:
    id = accounts.log_in("anna", PASSWORD, "1")
    with Database(url).read() as connection:
        stored = str(
            [*connection.exec_driver_sql("SELECT * FROM users"), *connection.exec_driver_sql("SELECT * FROM sessions")]
        )
    assert "argon2id" in stored and PASSWORD not in stored and str(id) not in stored


def test_a_user_sees_only_the_laender_of_the_office(accounts: Accounts) -> None:
    anna, bert = accounts.find("anna"), accounts.add("bert", PASSWORD, "admin", ["DE-BY", NO_LAND])
    assert anna and anna.sees("DE-BE") and not anna.sees("DE-BY") and not anna.sees(None)
    assert bert.sees(None) and not bert.manages(anna) and bert.manages(bert) and not anna.manages(anna)
