"""One request to the desk: who asks, what a form brings, how a page is answered. Cookies, CSRF, roles are looked at here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt
from jinja2 import Environment
from sanic.request import Request
from sanic.response import HTTPResponse, html

from prescreen.accounts import ADMIN, COUNSELLOR, Session, User
from prescreen.desk.desk import Desk

_ALGORITHM = "HS256"
SESSION, BEFORE = "wegweiser_desk", "wegweiser_desk_login"
# Seconds that a log-in page may stay open.
_LOGIN_OPEN = 3600
ANYBODY = ""


class Denied(Exception):
    """The visitor may not do this: not the role, or a form that is not from our own page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class LogInFirst(Exception):
    """Nobody is logged in."""


@dataclass
class Visit:
    """`session` is None where anybody may come. `arguments` are the parts of the path."""

    desk: Desk
    request: Request
    templates: Environment
    arguments: Mapping[str, str]
    session: Session | None
    cookies: dict[str, str | None] = field(default_factory=dict)

    @property
    def user(self) -> User:
        """Who is logged in; only where the route asks for it."""
        assert self.session is not None
        return self.session.user

    def value(self, name: str) -> str:
        """A field of the form, „“ where it is missing."""
        return str((self.request.form or {}).get(name) or "")

    def values(self, name: str) -> list[str]:
        """All values of a field of the form."""
        return [str(value) for value in self.request.form.getlist(name, [])] if self.request.form else []

    def asked(self, name: str) -> str:
        """A value from the address."""
        return str(self.request.args.get(name) or "")

    @property
    def address(self) -> str:
        """Where the request comes from; behind a proxy as the proxy saw it."""
        return str((self.request.remote_addr if self.desk.secure else "") or self.request.ip)

    def note(self, action: str, subject: str = "") -> None:
        """Write into the audit log what the user did."""
        self.desk.accounts.note(self.user.name, action, subject)

    def page(self, template: str, status: int = 200, **values: Any) -> HTTPResponse:
        """A page with what every page needs."""
        common = {
            "user": self.session and self.user,
            "csrf": self.session.csrf if self.session else "",
            "names": self.desk.names,
        }
        return self.finish(html(self.templates.get_template(template).render(common | values), status=status))

    def go(self, path: str) -> HTTPResponse:
        """After a form: on to a page of ours, so that loading again sends nothing twice."""
        return self.finish(HTTPResponse(status=303, headers={"Location": path}, content_type="text/plain"))

    def log_in(self, id: str) -> None:
        """Give the browser the cookie of a session."""
        self.cookies[SESSION] = jwt.encode({"sid": id}, self.desk.secret, _ALGORITHM)
        self.cookies[BEFORE] = None

    def finish(self, response: HTTPResponse) -> HTTPResponse:
        """Put the cookies on."""
        for name, value in self.cookies.items():
            response.cookies[name] = value or ""
            cookie = response.cookies[name]
            cookie["httponly"], cookie["samesite"], cookie["path"] = True, "Strict", "/"
            if self.desk.secure:
                cookie["secure"] = True
            if value is None:
                cookie["max-age"] = 0
        return response

    def login_token(self) -> str:
        """A token for the log-in form, which has no session yet; it must come back by form and by cookie."""
        nonce = secrets.token_urlsafe(32)
        claims = {"nonce": nonce, "exp": int(time.time()) + _LOGIN_OPEN}
        self.cookies[BEFORE] = jwt.encode(claims, self.desk.secret, _ALGORITHM)
        return nonce

    def from_our_login(self) -> bool:
        """Whether a log-in form comes from our page."""
        nonce = str(_claims(self.desk, self.request.cookies.get(BEFORE)).get("nonce") or "")
        return bool(nonce) and secrets.compare_digest(nonce.encode(), self.value("csrf").encode())


Handler = Callable[[Visit], HTTPResponse]


@dataclass(frozen=True)
class Route:
    """`role` is ANYBODY, counsellor or admin; an admin may do all that a counsellor may."""

    method: str
    path: str
    role: str
    handler: Handler


def session_id(desk: Desk, request: Request) -> str | None:
    """The id of the session in the cookie, if we signed it."""
    id = _claims(desk, request.cookies.get(SESSION)).get("sid")
    return id if isinstance(id, str) else None


def _claims(desk: Desk, token: str | None) -> dict[str, Any]:
    try:
        return dict(jwt.decode(token or "", desk.secret, [_ALGORITHM]))
    # The library looks into a token before it knows who signed it: half a character, or brackets in brackets.
    except (jwt.InvalidTokenError, UnicodeError, RecursionError):
        return {}


def enter(desk: Desk, route: Route, request: Request, templates: Environment, arguments: Mapping[str, str]) -> Visit:
    """The visit, if it may be. Raises LogInFirst, Denied."""
    if request.method == "POST":
        _same_origin(request)
    id = session_id(desk, request)
    session = desk.accounts.session(id) if id else None
    visit = Visit(desk, request, templates, arguments, session)
    if route.role == ANYBODY:
        return visit
    if session is None:
        raise LogInFirst
    if request.method == "POST" and not secrets.compare_digest(visit.value("csrf").encode(), session.csrf.encode()):
        desk.accounts.note(session.user.name, "denied: form", request.path)
        raise Denied("form")
    if route.role == ADMIN and not session.user.is_admin:
        desk.accounts.note(session.user.name, "denied: role", request.path)
        raise Denied("role")
    assert route.role in (COUNSELLOR, ADMIN)
    return visit


def _same_origin(request: Request) -> None:
    """Browsers say from which site a form comes; another one's is refused even before its token is looked at."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Denied("form")
