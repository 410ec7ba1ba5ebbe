"""Handovers: the list, one of them with the talk, what a counsellor does with it."""

from __future__ import annotations

from sanic.response import HTTPResponse

from prescreen.accounts import ADMIN, COUNSELLOR
from prescreen.casework import LONGEST_NOTE, NotNow
from prescreen.desk.visit import Route, Visit
from prescreen.handovers import STATES

_LABELS = {"new": "neu", "taken": "in Arbeit", "done": "erledigt"}
_QUICKER = "Das geht gerade nicht. Vielleicht war jemand schneller. Bitte sehen Sie den Stand hier neu an."
_ELSEWHERE = "Zu diesem Gespräch gibt es eine Übergabe in einem anderen Land. Bitte fragen Sie den Betreiber."
_BAD_NOTE = f"Eine Notiz braucht 1 bis {LONGEST_NOTE} Zeichen."


def show_all(visit: Visit) -> HTTPResponse:
    state = visit.asked("state")
    state = state if state in STATES else ""
    found = visit.desk.casework.handovers(visit.user, state or None)
    return visit.page("handovers.html", handovers=found, state=state, labels=_LABELS)


def show(visit: Visit) -> HTTPResponse:
    visit.note("handover read", visit.arguments["code"])
    return _page(visit)


def _page(visit: Visit, wrong: str = "", status: int = 200) -> HTTPResponse:
    code = visit.arguments["code"]
    handover = visit.desk.casework.get(visit.user, code)
    return visit.page(
        "handover.html",
        status=status,
        handover=handover,
        notes=visit.desk.casework.notes(visit.user, code),
        lines=visit.desk.talks.lines(handover.conversation),
        labels=_LABELS,
        wrong=wrong,
        mine=handover.taken_by == visit.user.name or visit.user.is_admin,
    )


def move(visit: Visit) -> HTTPResponse:
    code, state = visit.arguments["code"], visit.value("state")
    try:
        visit.desk.casework.move(visit.user, code, state)
    except NotNow:
        return _page(visit, _QUICKER, 409)
    visit.note(f"handover {state}", code)
    return visit.go(f"/handovers/{code}")


def add_note(visit: Visit) -> HTTPResponse:
    code = visit.arguments["code"]
    try:
        visit.desk.casework.add_note(visit.user, code, visit.value("text"))
    except ValueError:
        return _page(visit, _BAD_NOTE, 400)
    visit.note("note", code)
    return visit.go(f"/handovers/{code}")


def delete(visit: Visit) -> HTTPResponse:
    code = visit.arguments["code"]
    handover = visit.desk.casework.get(visit.user, code)
    if visit.value("sure") != code:
        return _page(visit, "Bitte schreiben Sie den Code in das Feld. Nur dann wird gelöscht.", 400)
    if not all(visit.user.sees(other.land) for other in visit.desk.handovers.of(handover.conversation)):
        return _page(visit, _ELSEWHERE, 409)
    visit.desk.privacy.delete(handover.conversation)
    visit.note("handover deleted", code)
    return visit.go("/handovers")


ROUTES = (
    Route("GET", "/handovers", COUNSELLOR, show_all),
    Route("GET", "/handovers/<code>", COUNSELLOR, show),
    Route("POST", "/handovers/<code>/state", COUNSELLOR, move),
    Route("POST", "/handovers/<code>/notes", COUNSELLOR, add_note),
    Route("POST", "/handovers/<code>/delete", ADMIN, delete),
)
