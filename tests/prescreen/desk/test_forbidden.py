"""What a role may not do: each attempt is refused and changes nothing."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from prescreen.accounts import ADMIN
from prescreen.desk.app import ROUTES
from prescreen.desk.visit import ANYBODY, SESSION, Route
from prescreen.tables import metadata
from tests.prescreen.desk.conftest import PASSWORD, SECRET, Office

# They need no model, but a running server, and there are many.
pytestmark = pytest.mark.assistant
# What may change by an attempt: it is written down, and counted.
_TRACES = {"audit", "attempts", "sessions"}


def state(office: Office) -> dict[str, Any]:
    """Everything that is stored, but the traces of visits."""
    with office.desk.handovers.database.read() as connection:
        tables = [table for table in metadata.sorted_tables if table.name not in _TRACES]
        return {table.name: connection.execute(table.select()).all() for table in tables}


@pytest.fixture(scope="module")
def things(office: Office) -> dict[str, str]:
    """What the attempts are aimed at: handovers by Land, uploads of colleagues, a delivery of Bavaria that failed."""
    codes = {
        "berlin": office.handover("berlin-talk"),
        "bavaria": office.handover("bavaria-talk", "DE-BY"),
        "nowhere": office.handover("nowhere-talk", None),
        "unfinished": office.handover("unfinished-talk", ready=False),
    }
    anna = office.desk.accounts.find("anna")
    assert anna is not None
    codes["upload"] = office.desk.uploads.add(anna, "a.txt", b"Kiel\n")
    office.desk.outbox._route()
    with office.desk.handovers.database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'dead'")
    codes["delivery"] = next(d.id for d in office.desk.outbox.list("dead") if d.land == "DE-BY")
    return codes


def aimed(path: str, things: dict[str, str]) -> str:
    """The path of a route with something real in it."""
    target = {"/uploads": things["upload"], "/handovers": things["berlin"], "/users": "bert", "/deliveries": things["delivery"]}
    start = "/" + path.split("/")[1]
    for part in ("<id>", "<code>", "<name>", "<file>"):
        path = path.replace(part, target.get(start, "topics.svg"))
    return path


@pytest.mark.parametrize("route", [r for r in ROUTES if r.role != ANYBODY], ids=lambda r: f"{r.method} {r.path}")
def test_without_log_in_every_page_leads_to_the_log_in(office: Office, things: dict[str, str], route: Route) -> None:
    before, visitor = state(office), office.visitor(None)
    path = aimed(route.path, things)
    answer = visitor.get(path) if route.method == "GET" else visitor.post(path, {"state": "taken", "sure": things["berlin"]})
    assert (answer.status_code, answer.headers.get("Location"), answer.text) == (303, "/login", "")
    assert state(office) == before


@pytest.mark.parametrize("route", [r for r in ROUTES if r.role == ADMIN], ids=lambda r: f"{r.method} {r.path}")
def test_a_counsellor_may_not_do_what_admins_do(office: Office, things: dict[str, str], route: Route) -> None:
    before, visitor = state(office), office.visitor("anna")
    path = aimed(route.path, things)
    form = {"name": "neu", "password": PASSWORD, "role": "admin", "lands": ["DE-BE"], "active": "yes", "sure": things["berlin"]}
    answer = visitor.get(path) if route.method == "GET" else visitor.post(path, form)
    assert answer.status_code == 403 and state(office) == before
    assert ("anna", "denied: role", path[:64]) in [entry[1:] for entry in office.desk.accounts.audit(None)]


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "POST"], ids=lambda r: r.path)
@pytest.mark.parametrize("kind", ["no token", "token of another", "other site", "hidden site"])
def test_a_form_that_is_not_from_our_page_does_nothing(office: Office, things: dict[str, str], route: Route, kind: str) -> None:
    before, visitor = state(office), office.visitor("alle")
    token = {"no token": "", "token of another": office.visitor("berlin").token()}.get(kind, visitor.token())
    origin = {"other site": "https://evil.example", "hidden site": "null"}.get(kind)
    form = {"state": "taken", "sure": things["berlin"], "text": "x", "name": "neu", "password": PASSWORD, "role": "admin"}
    answer = visitor.post(
        aimed(route.path, things), form | {"lands": ["DE-BE"]}, token=token, headers={"Origin": origin} if origin else {}
    )
    assert answer.status_code == 403 and state(office) == before


# Who, method, path, form. What is in braces is one of the things.
_READ = [("anna", "bavaria"), ("anna", "nowhere"), ("anna", "unfinished"), ("bayern", "berlin")]
_READ += [("berlin", "bavaria"), ("berlin", "nowhere")]
_NOTE, _TAKE = {"text": "Notiz"}, {"state": "taken"}
_ACCOUNT = {"role": "admin", "lands": ["DE-BE"], "active": "yes"}
FOREIGN: list[tuple[str, str, str, dict[str, Any]]] = [
    *((who, "GET", f"/handovers/{{{what}}}", {}) for who, what in _READ),
    *(("anna", "POST", f"/handovers/{{{what}}}/state", _TAKE) for what in ("bavaria", "nowhere", "unfinished")),
    *(("anna", "POST", f"/handovers/{{{what}}}/notes", _NOTE) for what in ("bavaria", "nowhere", "unfinished")),
    ("bayern", "POST", "/handovers/{berlin}/state", _TAKE),
    ("bayern", "POST", "/handovers/{berlin}/notes", _NOTE),
    ("bayern", "POST", "/handovers/{berlin}/delete", {"sure": "{berlin}"}),
    ("berlin", "POST", "/handovers/{nowhere}/delete", {"sure": "{nowhere}"}),
    ("alle", "POST", "/handovers/{unfinished}/delete", {"sure": "{unfinished}"}),
    ("anna", "GET", "/handovers/BBBBBBBB", {}),
    ("anna", "GET", "/handovers/' OR 1=1 --", {}),
    ("anna", "GET", "/handovers/%25", {}),
    *((who, "GET", "/uploads/{upload}", {}) for who in ("bert", "berlin", "alle")),
    *((who, "GET", "/uploads/{upload}/download?format=jsonl", {}) for who in ("bert", "berlin", "alle")),
    *((who, "POST", "/uploads/{upload}/delete", {}) for who in ("bert", "berlin", "alle")),
    ("anna", "GET", "/uploads/..%2f..%2fetc%2fpasswd", {}),
    ("anna", "GET", "/statistics/..%2f..%2fdesk.sqlite", {}),
    ("anna", "GET", "/statistics/topics.pdf", {}),
    ("anna", "GET", "/desk.sqlite", {}),
    ("anna", "GET", "/static/desk.css", {}),
    *(("bayern", "POST", f"/users/{name}", _ACCOUNT) for name in ("anna", "berlin", "alle", "nobody")),
    *(("berlin", "POST", f"/users/{name}", _ACCOUNT) for name in ("bayern", "alle")),
    *(("bayern", "POST", f"/users/{name}/password", {"password": PASSWORD + "!"}) for name in ("anna", "berlin", "alle")),
    *(("berlin", "POST", f"/users/{name}/password", {"password": PASSWORD + "!"}) for name in ("bayern", "alle")),
    ("berlin", "POST", "/deliveries/{delivery}", {}),
    ("berlin", "POST", "/deliveries/1", {}),
]


@pytest.mark.parametrize(("who", "method", "path", "form"), FOREIGN, ids=lambda value: str(value)[:60])
def test_what_is_anothers_does_not_exist(
    office: Office, things: dict[str, str], who: str, method: str, path: str, form: dict[str, Any]
) -> None:
    before, visitor = state(office), office.visitor(who)
    form = {key: value.format(**things) if isinstance(value, str) else value for key, value in form.items()}
    path = path.format(**things)
    answer = visitor.get(path) if method == "GET" else visitor.post(path, form)
    assert answer.status_code == 404 and state(office) == before
    assert not any(word in answer.text for word in ("lina@example.org", "bavaria-talk", "nowhere-talk", "berlin-talk"))


_NEW = {"name": "neu", "password": PASSWORD, "role": "counsellor", "lands": ["DE-BE"]}
REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("berlin", "/users", _NEW | {"lands": ["DE-BY"]}),
    ("berlin", "/users", _NEW | {"lands": ["DE-BE", "none"]}),
    ("berlin", "/users", _NEW | {"lands": []}),
    ("berlin", "/users", _NEW | {"role": "root"}),
    ("berlin", "/users", _NEW | {"name": "anna"}),
    ("berlin", "/users", _NEW | {"name": "<script>"}),
    ("berlin", "/users", _NEW | {"password": "kurz"}),
    ("berlin", "/users/berlin", _ACCOUNT),
    ("berlin", "/users/berlin", {"role": "counsellor", "lands": ["DE-BE"]}),
    ("berlin", "/users/anna", _ACCOUNT | {"lands": ["DE-BE", "DE-BY"]}),
    ("berlin", "/users/anna", _ACCOUNT | {"role": "root"}),
    ("berlin", "/users/anna/password", {"password": "kurz"}),
    ("anna", "/account", {"old": "falsch", "new": PASSWORD + "!", "again": PASSWORD + "!"}),
    ("anna", "/account", {"old": PASSWORD, "new": PASSWORD + "!", "again": PASSWORD}),
    ("anna", "/account", {"old": PASSWORD, "new": "kurz", "again": "kurz"}),
    ("anna", "/handovers/{berlin}/notes", {"text": "  "}),
    ("berlin", "/handovers/{berlin}/delete", {"sure": "ja"}),
    ("anna", "/uploads", {}),
    ("anna", "/", {"text": " "}),
    ("anna", "/", {"text": "x" * 20_001}),
]


@pytest.mark.parametrize(("who", "path", "form"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_may_not_be_is_explained_and_not_done(
    office: Office, things: dict[str, str], who: str, path: str, form: dict[str, Any]
) -> None:
    before = state(office)
    answer = office.visitor(who).post(path.format(**things), form)
    assert answer.status_code == 400 and 'role="alert"' in answer.text and state(office) == before


@pytest.mark.parametrize("to", ["done", "new", "gone", "", "taken' --"])
def test_a_handover_does_not_jump(office: Office, things: dict[str, str], to: str) -> None:
    before = state(office)
    assert office.visitor("anna").post(f"/handovers/{things['berlin']}/state", {"state": to}).status_code == 409
    assert state(office) == before


def test_an_admin_does_not_delete_what_another_office_has_of_the_same_talk(office: Office) -> None:
    code = office.handover("moved")
    office.visitor("anna").post(f"/handovers/{code}/state", {"state": "taken"})
    office.handover("moved", "DE-BY")
    before = state(office)
    assert office.visitor("berlin").post(f"/handovers/{code}/delete", {"sure": code}).status_code == 409
    assert state(office) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_do_nothing(office: Office, things: dict[str, str], method: str) -> None:
    before, visitor = state(office), office.visitor("alle")
    answer = visitor.http.request(method, f"{office.url}/handovers/{things['berlin']}")
    assert answer.status_code == 405 and state(office) == before


def cookies(id: str) -> dict[str, str]:
    """Cookies that somebody might make up for the session `id`."""
    unsigned = jwt.encode({"sid": id}, "", "none")
    return {
        "bare": id,
        "unsigned": unsigned,
        "other key": jwt.encode({"sid": id}, "another key that is long enough to be one", "HS256"),
        "no session": jwt.encode({"sid": "1"}, SECRET, "HS256"),
        "no text": jwt.encode({"sid": 1}, SECRET, "HS256"),
        "empty": "",
        "odd": "a.b.c",
    }


@pytest.mark.parametrize("kind", list(cookies("")))
def test_a_made_up_cookie_opens_nothing(office: Office, kind: str) -> None:
    id = office.desk.accounts.log_in("alle", PASSWORD, "test")
    assert id is not None
    visitor = office.visitor(None)
    visitor.http.cookies.set(SESSION, cookies(id)[kind])
    assert visitor.get("/users").headers.get("Location") == "/login"


def test_a_session_is_over_after_logging_out(office: Office) -> None:
    visitor = office.visitor(None)
    visitor.log_in("bert", PASSWORD)
    cookie = visitor.http.cookies[SESSION]
    assert visitor.post("/logout").headers["Location"] == "/login"
    visitor.http.cookies.set(SESSION, cookie)
    assert visitor.get("/handovers").headers.get("Location") == "/login"


@pytest.mark.parametrize("token", ["", "made up", "of another page"])
def test_a_right_password_from_another_page_does_not_log_in(office: Office, token: str) -> None:
    visitor = office.visitor(None)
    visitor.get("/login")
    wrong = office.visitor(None).token("/login") if token == "of another page" else token
    assert visitor.post("/login", {"name": "anna", "password": PASSWORD}, token=wrong).status_code == 403
    assert visitor.get("/").headers.get("Location") == "/login"


def test_who_guesses_passwords_is_locked_out_and_told_nothing_of_who_exists(office: Office) -> None:
    office.desk.accounts.add("opfer", PASSWORD, "counsellor", ["DE-BE"])
    answers = {}
    for name in ("opfer", "niemand"):
        visitor = office.visitor(None)
        for _ in range(6):
            answer = visitor.log_in(name, "falsch")
        answers[name] = (answer.status_code, answer.text.replace(visitor.token("/login"), ""))
    assert answers["opfer"][0] == 403 == office.visitor(None).log_in("opfer", PASSWORD).status_code
    assert len(answers["opfer"][1]) == len(answers["niemand"][1])


def test_there_are_at_least_sixty_attempts() -> None:
    forms = 4 * len([route for route in ROUTES if route.method == "POST"])
    assert len(ROUTES) - 2 + forms + len(FOREIGN) + len(REFUSED) > 100
