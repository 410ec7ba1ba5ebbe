"""wegweiser prescreen INPUT"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from bot import model
from bot.settings import Settings
from knowledge import store


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", help='JSON Lines, one {"id", "text"} a line; - for standard input')
    parser.add_argument("-o", "--output", type=Path, help="file for the results (default: standard output)")
    parser.add_argument("--format", choices=["jsonl"], default="jsonl", help="form of the results")


def run(options: argparse.Namespace) -> int:
    if options.input != "-" and not Path(options.input).is_file():
        print(f"There is no file {options.input}.", file=sys.stderr)
        return 2
    # Here, because it loads spaCy and scikit-learn, and a wrong call should be told at once.
    from prescreen.batch import Prescreener

    settings, knowledge = Settings.read(), store.current()
    screener = Prescreener(model.understander(model.ensure(settings), knowledge), knowledge, settings.edition)
    broken = 0
    with ExitStack() as files:
        lines = (
            sys.stdin
            if options.input == "-"
            else files.enter_context(Path(options.input).open(encoding="utf-8", errors="replace"))
        )
        out = files.enter_context(options.output.open("w", encoding="utf-8")) if options.output else sys.stdout
        for result in screener.lines(lines):
            print(json.dumps(result, ensure_ascii=False), file=out)
            broken += result["error"] is not None
    if broken:
        print(f"{broken} enquiries could not be read; see their field „error“.", file=sys.stderr)
    return 1 if broken else 0
