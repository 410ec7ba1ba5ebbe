"""wegweiser eval"""

from __future__ import annotations

import argparse
from pathlib import Path

from bot import model
from bot.settings import Settings
from knowledge import store


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report", type=Path, metavar="FILE", help="also write an HTML report with pictures")
    parser.add_argument("--mistakes", action="store_true", help="also print what went wrong")


def run(options: argparse.Namespace) -> int:
    from bot import evaluation

    knowledge = store.current()
    understander = model.understander(model.ensure(Settings.read()), knowledge)
    figures = evaluation.measure(understander, knowledge)
    if options.report:
        from bot import report

        report.write(options.report, figures, understander)
    for figure in figures:
        target = "" if figure.must is None else f"   must {figure.must:.0%}{'  MISSED' if figure.missed else ''}"
        print(f"{figure.name:30} {figure.share:6.1%}   {figure.right:3} of {figure.of}{target}")
        for text in figure.wrong if options.mistakes else ():
            print(f"    {text}")
    return 1 if any(figure.missed for figure in figures) else 0
