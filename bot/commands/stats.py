"""wegweiser stats -o DIR"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="folder for the pictures and tables")
    parser.add_argument("--format", choices=["svg", "png", "both"], default="both", help="form of the pictures (default: both)")


def run(options: argparse.Namespace) -> int:
    """Write a picture and a table of each count. Overwrites those of an earlier call."""
    from bot import desk
    from bot.tracker import NoTalks
    from knowledge import store
    from prescreen import plots
    from prescreen.desk.desk import names
    from prescreen.handovers import Handovers
    from prescreen.statistics import collect

    settings, knowledge = Settings.read(), store.current()
    try:
        talks = desk.talks(settings)
    except NoTalks as error:
        print(error, file=sys.stderr)
        return 1
    found = collect(talks.turns(), Handovers(settings.desk_url).conversations(), lambda _: True)
    options.output.mkdir(parents=True, exist_ok=True)
    for format in ("svg", "png") if options.format == "both" else (options.format,):
        for name in plots.TITLES:
            picture = plots.picture(name, found, knowledge, names(knowledge), format)
            (options.output / f"{name}.{format}").write_bytes(picture)
    with (options.output / "counts.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("table", "key", "talks"))
        writer.writerow(("all", "", _shown(found.talks)))
        writer.writerow(("share", "unsure", _shown(found.unsure)))
        writer.writerow(("share", "handover", _shown(found.handovers)))
        writer.writerows((name, key, count) for name, table in found.tables.items() for key, count in table.cells.items())
    hidden = sum(table.hidden for table in found.tables.values())
    print(f"{_shown(found.talks)} talks. {hidden} small cells are hidden. Written to {options.output}.")
    return 0


def _shown(number: float | None) -> str:
    if number is None:
        return "too few"
    return str(number) if isinstance(number, int) else f"{number:.3f}"
