"""wegweiser bench"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from bot.settings import ROOT


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="ours and the floor only, one round, no training")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds (3; with --quick 1)")
    parser.add_argument(
        "--sentences", type=int, default=10, metavar="N", help="sentences a topic that both are trained on (10)"
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs of the default bot (those of rasa init)")
    parser.add_argument("--seconds", type=float, default=8.0, metavar="S", help="length of each measurement of load (8)")
    parser.add_argument("--longest", type=int, default=505, metavar="N", help="messages of the long talk (505)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", metavar="FOLDER", help="where table and picture go (docs/)")


def run(options: argparse.Namespace) -> int:
    """Measure, write PERFORMANCE.md, bench.json and pictures/bench.svg in the folder, print the table."""
    from bench import measure, plots, table
    from bench.plan import DEFAULT, Plan
    from bench.process import BotFailed
    from bot.model import TrainingFailed

    chosen = {name: getattr(options, name) for name in ("sentences", "epochs", "seconds", "longest")}
    bots = tuple(name for name in Plan.bots if not (options.quick and name == DEFAULT))
    plan = Plan(bots=bots, rounds=options.rounds or (1 if options.quick else Plan.rounds), **chosen)
    start = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="wegweiser-bench-") as folder:
            raw = measure.run(plan, Path(folder), lambda text: _say(time.monotonic() - start, text))
    except (BotFailed, TrainingFailed) as error:
        print(error, file=sys.stderr)
        return 1
    (options.out / "pictures").mkdir(parents=True, exist_ok=True)
    (options.out / "bench.json").write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table.write(options.out / "PERFORMANCE.md", raw)
    plots.write(options.out / "pictures/bench.svg", raw)
    print(table.table(raw))
    return 0


def _say(seconds: float, text: str) -> None:
    print(f"{seconds:5.0f} s  {text}", file=sys.stderr, flush=True)
