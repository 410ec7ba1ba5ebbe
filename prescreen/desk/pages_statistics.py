"""Statistics of the talks of the user's Länder, as tables and pictures."""

from __future__ import annotations

from sanic.response import HTTPResponse, raw

from prescreen import plots
from prescreen.accounts import COUNSELLOR
from prescreen.casework import NotThere
from prescreen.desk.visit import Route, Visit
from prescreen.statistics import FEWEST, Statistics, collect


def show(visit: Visit) -> HTTPResponse:
    found = _statistics(visit)
    tables = {
        name: [(plots.label(name, key, visit.desk.names), table.cells[key]) for key in plots.ordered(name, table.cells)]
        for name, table in found.tables.items()
    }
    return visit.page("statistics.html", found=found, tables=tables, titles=plots.TITLES, fewest=FEWEST)


def draw(visit: Visit) -> HTTPResponse:
    name, _, format = visit.arguments["file"].partition(".")
    if name not in plots.TITLES or format not in plots.FORMATS:
        raise NotThere(visit.arguments["file"])
    picture = plots.picture(name, _statistics(visit), visit.desk.knowledge(), visit.desk.names, format)
    return raw(picture, content_type=plots.FORMATS[format])


def _statistics(visit: Visit) -> Statistics:
    return collect(visit.desk.talks.turns(), visit.desk.handovers.conversations(), visit.user.sees)


ROUTES = (
    Route("GET", "/statistics", COUNSELLOR, show),
    Route("GET", "/statistics/<file>", COUNSELLOR, draw),
)
