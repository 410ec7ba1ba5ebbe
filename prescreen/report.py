"""The report for counsellors: one HTML file that needs nothing else. Summary, the urgent ones on top, filters.

Everything from an enquiry is escaped, and the page forbids itself every request and every script but its own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from knowledge.loader import Knowledge
from knowledge.sources import german_date
from knowledge.urgency import LEVELS
from prescreen import flat
from prescreen.summary import Summary, by_level, order

# More than that no browser shows with ease; the others are counted and stand in the other formats.
MOST = 5_000
LEVEL_NAMES = {"now": "sofort", "soon": "bald", "normal": "normal"}
FACT_NAMES = {"land": "Ort oder Bundesland", "profession": "Beruf", "country": "Land der Ausbildung"}
ASKER_NAMES = {
    "migrant": "Ratsuchende",
    "counsellor": "Beratung",
    "employer": "Betrieb",
    "authority": "Behörde",
    "other": "andere",
}
_TEMPLATES = Path(__file__).parent / "templates"

Results = Callable[[], Iterator[dict[str, Any]]]


def tables(summary: Summary, knowledge: Knowledge) -> list[tuple[str, list[tuple[str, int]]]]:
    """The summary as headings with rows of name and count, in German; also the sheet „Übersicht“."""
    unknown = "unbekannt"
    return [
        ("Anfragen", [("gesamt", summary.total), ("unsicher", summary.unsure), ("nicht lesbar", summary.failed)]),
        ("Dringlichkeit", [(LEVEL_NAMES[level], count) for level, count in by_level(summary)]),
        ("Gründe für Eile", order(summary.reasons)),
        ("Themen", [(flat.label(topic, knowledge), count) for topic, count in order(summary.topics)]),
        ("Bundesländer", [(flat.land_name(land, knowledge) or unknown, count) for land, count in order(summary.lands)]),
        ("Wer fragt", [(ASKER_NAMES.get(asker, asker), count) for asker, count in order(summary.askers)]),
        ("Sprachen", order(summary.languages)),
        ("Es fehlt", [(FACT_NAMES.get(fact, fact), count) for fact, count in order(summary.missing)]),
    ]


def pieces(summary: Summary, results: Results, knowledge: Knowledge) -> Iterator[str]:
    """The page, piece by piece. `results` gives all results anew at each call."""
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("report.html.j2")
    yield from template.generate(
        tables=[(heading, rows) for heading, rows in tables(summary, knowledge) if rows],
        entries=_entries(results, knowledge),
        topics=[(topic, flat.label(topic, knowledge)) for topic in sorted(summary.topics)],
        lands=[(land, flat.land_name(land, knowledge)) for land in sorted(summary.lands) if land],
        levels=[(level, LEVEL_NAMES[level]) for level in LEVELS],
        left_out=max(0, summary.total - MOST),
        most=MOST,
        script=script,
        digest=digest,
    )


def _entries(results: Results, knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """What the page shows of each result: the urgent ones first, then in the order of the input, at most MOST."""
    shown = 0
    for level in LEVELS:
        for result in results():
            if result["urgency"]["level"] == level and shown < MOST:
                shown += 1
                yield _entry(result, knowledge)


def _entry(result: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    lands = [flat.land_name(land, knowledge) for land in result["lands"]]
    return {
        **result,
        "contacts": [contact | {"as_of": german_date(contact["as_of"])} for contact in result["contacts"]],
        "level": result["urgency"]["level"],
        "level_name": LEVEL_NAMES[result["urgency"]["level"]],
        "reasons": [flat.reason_text(reason) for reason in result["urgency"]["reasons"]],
        "label": flat.label(result["topic"], knowledge),
        "land_names": " oder ".join(lands),
        "asker_name": ASKER_NAMES.get(result["asker"] or "", ""),
        "missing_names": [FACT_NAMES.get(fact, fact) for fact in result["missing"]],
        "percent": f"{result['confidence']:.0%}",
    }
