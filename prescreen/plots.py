"""The statistics as pictures: bars, and the map of the Länder. SVG or PNG, the same for the same numbers."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Mapping
from typing import Any

from knowledge.loader import Knowledge
from prescreen.delivery.message import Names
from prescreen.statistics import UNSURE, Statistics

TITLES = {
    "topics": "Themen",
    "lands": "Länder",
    "languages": "Sprachen",
    "weeks": "Wochen",
    "hours": "Uhrzeit",
    "map": "Karte",
}
FORMATS = {"svg": "image/svg+xml", "png": "image/png"}
_COLOUR, _NOTHING = "#0b5470", "#d5dbe1"
# matplotlib is not made for several threads.
_LOCK = threading.Lock()


def label(table: str, key: str, names: Names) -> str:
    """A cell's name, for people."""
    if table == "topics":
        return "unsicher" if key == UNSURE else names.topics.get(key, key)
    if table == "lands":
        return names.land(key)
    if table == "languages":
        return names.language(key)
    return f"{key} Uhr" if table == "hours" else key


def ordered(table: str, cells: Mapping[str, int]) -> list[str]:
    """The keys of a table: what has an order keeps it, the rest goes by size, the largest first."""
    return sorted(cells) if table in ("weeks", "hours") else sorted(cells, key=lambda key: (-cells[key], key))


def picture(name: str, statistics: Statistics, knowledge: Knowledge, names: Names, format: str) -> bytes:
    """The picture of a table (or the map) as `format`, one of FORMATS."""
    with _LOCK, warnings.catch_warnings():
        # Its own libraries have moved on; nothing of it is ours to change. Loaded here, because it takes half a second.
        warnings.simplefilter("ignore", DeprecationWarning)
        import matplotlib.figure

    style = {"svg.hashsalt": "wegweiser", "font.size": 11, "font.family": "DejaVu Sans"}
    with _LOCK, matplotlib.rc_context(style):
        figure = matplotlib.figure.Figure()
        if name == "map":
            _map(figure, statistics, knowledge)
        else:
            _bars(figure, name, statistics, names)
        out = io.BytesIO()
        metadata: dict[str, Any] = {"Date": None} if format == "svg" else {"Software": None}
        figure.savefig(out, format=format, metadata=metadata, dpi=110, bbox_inches="tight")
        return out.getvalue()


def _bars(figure: Any, name: str, statistics: Statistics, names: Names) -> None:
    cells = statistics.tables[name].cells
    # The first bar stands on top.
    keys = ordered(name, cells)[::-1]
    figure.set_size_inches(8, max(1.6, 0.36 * len(keys) + 0.8))
    axes = figure.subplots()
    bars = axes.barh([label(name, key, names) for key in keys], [cells[key] for key in keys], color=_COLOUR)
    axes.bar_label(bars, padding=3)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.xaxis.set_visible(False)
    axes.margins(x=0.1)
    axes.set_title(f"{TITLES[name]}: Zahl der Gespräche" if keys else f"{TITLES[name]}: zu wenige Gespräche", loc="left")


def _map(figure: Any, statistics: Statistics, knowledge: Knowledge) -> None:
    """Every municipality as a dot in the colour of its Land: a map of Germany without any other data."""
    counts = statistics.tables["lands"].cells
    dots = [place for place in knowledge.places.municipalities if place.land and place.lat and place.lon]
    figure.set_size_inches(6, 7)
    axes = figure.subplots()
    axes.set_aspect(1.6)
    axes.set_axis_off()
    _scatter(axes, [place for place in dots if place.land not in counts], {}, color=_NOTHING)
    drawn = _scatter(axes, [place for place in dots if place.land in counts], counts, cmap="viridis_r")
    if counts:
        drawn.set_clim(0, max(counts.values()))
        figure.colorbar(drawn, ax=axes, shrink=0.5, label="Gespräche")
    axes.set_title("Länder: Zahl der Gespräche (grau: zu wenige)", loc="left")


def _scatter(axes: Any, places: list[Any], counts: Mapping[str, int], **style: Any) -> Any:
    values = {"c": [counts[place.land] for place in places]} if counts else {}
    longitudes, latitudes = [place.lon for place in places], [place.lat for place in places]
    # A city that is a Land of its own would else be one small dot.
    sizes = [7 + place.population / 20_000 for place in places]
    return axes.scatter(longitudes, latitudes, s=sizes, linewidths=0, rasterized=True, **values, **style)
