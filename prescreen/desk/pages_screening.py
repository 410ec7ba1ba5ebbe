"""One enquiry or a file of them: sorted and routed. A pasted text is not stored."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from sanic.response import HTTPResponse, raw

from prescreen.accounts import COUNSELLOR
from prescreen.desk.uploads import MOST, BadFile, as_csv, chosen
from prescreen.desk.visit import Route, Visit

LONGEST = 20_000
# Rows of a table on one page.
_ROWS = 100
_ONLY = {"": "alle", "urgent": "nur eilige", "unsure": "nur unsichere", "error": "nur nicht lesbare"}
_FORMATS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": (
        "application/x-ndjson",
        lambda results: "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results).encode(),
    ),
}


def show(visit: Visit) -> HTTPResponse:
    return visit.page("enquiry.html", text="", result=None, wrong="")


def screen(visit: Visit) -> HTTPResponse:
    text = visit.value("text").strip()
    if not text or len(text) > LONGEST:
        wrong = "Bitte fügen Sie einen Text ein." if not text else f"Der Text ist zu lang. Möglich sind {LONGEST} Zeichen."
        return visit.page("enquiry.html", status=400, text=text[:LONGEST], result=None, wrong=wrong)
    return visit.page("enquiry.html", text=text, result=visit.desk.screening.one(text), wrong="")


def show_uploads(visit: Visit) -> HTTPResponse:
    return visit.page("uploads.html", uploads=visit.desk.uploads.list(visit.user), wrong="", most=MOST)


def upload(visit: Visit) -> HTTPResponse:
    file = (visit.request.files or {}).get("file")
    try:
        if file is None or not file.name:
            raise BadFile("Bitte wählen Sie eine Datei.")
        id = visit.desk.uploads.add(visit.user, file.name, file.body)
    except BadFile as error:
        mine = visit.desk.uploads.list(visit.user)
        return visit.page("uploads.html", status=400, uploads=mine, wrong=str(error), most=MOST)
    visit.note("upload", id[:8])
    return visit.go(f"/uploads/{id}")


def show_upload(visit: Visit) -> HTTPResponse:
    found = visit.desk.uploads.get(visit.user, visit.arguments["id"])
    if found.results is None:
        return visit.page("waiting.html", upload=found)
    filters = _filters(visit)
    results = chosen(found.results, **filters)
    page = visit.asked("page")
    first = (int(page) - 1) * _ROWS if page.isdecimal() and 0 < int(page) <= len(results) // _ROWS + 1 else 0
    return visit.page(
        "upload.html",
        upload=found,
        rows=results[first : first + _ROWS],
        count=len(results),
        pages=range(1, (len(results) - 1) // _ROWS + 2),
        page=first // _ROWS + 1,
        filters=filters,
        query="".join(f"&{name}={quote(value)}" for name, value in filters.items()),
        topics=sorted({result["topic"] for result in found.results if result["topic"]}),
        lands=sorted({land for result in found.results for land in result["lands"]}),
        only=_ONLY,
    )


def download(visit: Visit) -> HTTPResponse:
    found = visit.desk.uploads.get(visit.user, visit.arguments["id"])
    kind = visit.asked("format")
    kind, (type, write) = (kind if kind in _FORMATS else "csv"), _FORMATS.get(kind, _FORMATS["csv"])
    visit.note("download", found.id[:8])
    headers = {"Content-Disposition": f'attachment; filename="wegweiser.{kind}"'}
    return raw(write(chosen(found.results or [], **_filters(visit))), content_type=type, headers=headers)


def delete(visit: Visit) -> HTTPResponse:
    visit.desk.uploads.delete(visit.user, visit.arguments["id"])
    visit.note("upload deleted", visit.arguments["id"][:8])
    return visit.go("/uploads")


def _filters(visit: Visit) -> dict[str, Any]:
    return {name: visit.asked(name) for name in ("topic", "land", "only")}


ROUTES = (
    Route("GET", "/", COUNSELLOR, show),
    Route("POST", "/", COUNSELLOR, screen),
    Route("GET", "/uploads", COUNSELLOR, show_uploads),
    Route("POST", "/uploads", COUNSELLOR, upload),
    Route("GET", "/uploads/<id>", COUNSELLOR, show_upload),
    Route("GET", "/uploads/<id>/download", COUNSELLOR, download),
    Route("POST", "/uploads/<id>/delete", COUNSELLOR, delete),
)
