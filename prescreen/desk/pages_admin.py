"""What only admins do, each within the Länder of the office: users, the audit log, deliveries that failed."""

from __future__ import annotations

from sanic.response import HTTPResponse

from prescreen.accounts import ADMIN, ROLES, BadAccount, User
from prescreen.casework import NotThere
from prescreen.desk.visit import Route, Visit


def show_users(visit: Visit) -> HTTPResponse:
    return _users(visit)


def _users(visit: Visit, wrong: str = "", status: int = 200) -> HTTPResponse:
    mine = [user for user in visit.desk.accounts.all() if visit.user.manages(user)]
    lands = sorted(visit.user.lands, key=lambda code: (code == "none", code))
    return visit.page("users.html", status=status, users=mine, lands=lands, roles=ROLES, wrong=wrong)


def add_user(visit: Visit) -> HTTPResponse:
    name, lands = visit.value("name").strip(), set(visit.values("lands"))
    try:
        _within(visit, lands)
        visit.desk.accounts.add(name, visit.value("password"), visit.value("role"), lands)
    except BadAccount as error:
        return _users(visit, str(error), 400)
    visit.note("user added", name)
    return visit.go("/users")


def change_user(visit: Visit) -> HTTPResponse:
    user, lands = _managed(visit), set(visit.values("lands"))
    try:
        _within(visit, lands)
        if user.id == visit.user.id:
            raise BadAccount("Ihre eigenen Rechte kann nur ein anderer Admin ändern.")
        visit.desk.accounts.change(user, role=visit.value("role"), lands=lands, active=visit.value("active") == "yes")
    except BadAccount as error:
        return _users(visit, str(error), 400)
    visit.note("user changed", user.name)
    return visit.go("/users")


def reset_password(visit: Visit) -> HTTPResponse:
    user = _managed(visit)
    try:
        visit.desk.accounts.set_password(user, visit.value("password"))
    except BadAccount as error:
        return _users(visit, str(error), 400)
    visit.note("password reset", user.name)
    return visit.go("/users")


def _managed(visit: Visit) -> User:
    """The user in the address; one of another office does not exist for this admin."""
    user = visit.desk.accounts.find(visit.arguments["name"])
    if user is None or not visit.user.manages(user):
        raise NotThere(visit.arguments["name"])
    return user


def _within(visit: Visit, lands: set[str]) -> None:
    if not lands <= visit.user.lands:
        raise BadAccount("Sie können nur Länder Ihrer eigenen Stelle vergeben.")


def show_audit(visit: Visit) -> HTTPResponse:
    users = visit.desk.accounts.all()
    everywhere = visit.user.lands >= visit.desk.accounts.lands
    names = None if everywhere else [user.name for user in users if visit.user.manages(user)]
    return visit.page("audit.html", entries=visit.desk.accounts.audit(names))


def show_deliveries(visit: Visit) -> HTTPResponse:
    outbox = visit.desk.outbox
    dead, waiting = ([d for d in outbox.list(state) if visit.user.sees(d.land)] for state in ("dead", "waiting"))
    return visit.page("deliveries.html", dead=dead, waiting=waiting)


def try_again(visit: Visit) -> HTTPResponse:
    id = visit.arguments["id"]
    found = next((d for d in visit.desk.outbox.list("dead") if d.id == id and visit.user.sees(d.land)), None)
    if found is None or not visit.desk.outbox.again(id):
        raise NotThere(id)
    visit.note("delivery tried again", found.code)
    return visit.go("/deliveries")


ROUTES = (
    Route("GET", "/users", ADMIN, show_users),
    Route("POST", "/users", ADMIN, add_user),
    Route("POST", "/users/<name>", ADMIN, change_user),
    Route("POST", "/users/<name>/password", ADMIN, reset_password),
    Route("GET", "/audit", ADMIN, show_audit),
    Route("GET", "/deliveries", ADMIN, show_deliveries),
    Route("POST", "/deliveries/<id>", ADMIN, try_again),
)
