"""Log in, log out, one's own password."""

from __future__ import annotations

from sanic.response import HTTPResponse

from prescreen.accounts import COUNSELLOR, BadAccount
from prescreen.desk.visit import ANYBODY, SESSION, Denied, Route, Visit, session_id

_WRONG = "Name oder Passwort ist falsch. Nach fünf Versuchen müssen Sie 15 Minuten warten."


def show_login(visit: Visit) -> HTTPResponse:
    if visit.session is not None:
        return visit.go("/")
    return visit.page("login.html", token=visit.login_token(), wrong="")


def log_in(visit: Visit) -> HTTPResponse:
    if not visit.from_our_login():
        raise Denied("form")
    name = visit.value("name").strip().lower()
    id = visit.desk.accounts.log_in(name, visit.value("password"), visit.address)
    visit.desk.accounts.note(name, "log in" if id else "log in failed")
    if id is None:
        return visit.page("login.html", status=403, token=visit.login_token(), wrong=_WRONG)
    old = session_id(visit.desk, visit.request)
    if old:
        visit.desk.accounts.log_out(old)
    visit.log_in(id)
    return visit.go("/")


def log_out(visit: Visit) -> HTTPResponse:
    visit.note("log out")
    visit.desk.accounts.log_out(session_id(visit.desk, visit.request) or "")
    visit.cookies[SESSION] = None
    return visit.go("/login")


def show_account(visit: Visit) -> HTTPResponse:
    return visit.page("account.html", wrong="")


def change_password(visit: Visit) -> HTTPResponse:
    accounts, name = visit.desk.accounts, visit.user.name
    new = visit.value("new")
    try:
        # Through the log-in, so that wrong ones count and lock.
        id = accounts.log_in(name, visit.value("old"), visit.address)
        if id is None:
            raise BadAccount("Das alte Passwort ist falsch.")
        accounts.log_out(id)
        if new != visit.value("again"):
            raise BadAccount("Die beiden neuen Passwörter sind verschieden.")
        accounts.set_password(visit.user, new)
    except BadAccount as error:
        visit.note("password not changed")
        return visit.page("account.html", status=400, wrong=str(error))
    visit.note("password changed")
    visit.cookies[SESSION] = None
    return visit.go("/login")


ROUTES = (
    Route("GET", "/login", ANYBODY, show_login),
    Route("POST", "/login", ANYBODY, log_in),
    Route("POST", "/logout", COUNSELLOR, log_out),
    Route("GET", "/account", COUNSELLOR, show_account),
    Route("POST", "/account", COUNSELLOR, change_password),
)
