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
    parser.add_argument("--compare", action="store_true", help="instead: train and measure Rasa's own pipelines and ours")
    parser.add_argument("--sentences", type=int, default=100, metavar="N", help="with --compare: sentences a topic (100)")
    parser.add_argument(
        "--epochs", type=int, default=100, metavar="N", help="with --compare: epochs of DIET (100, as rasa init)"
    )


def run(options: argparse.Namespace) -> int:
    if options.compare:
        return _compare(options)
    from bot import evaluation

    knowledge = store.current()
    understander = model.understander(model.ensure(Settings.read()), knowledge)
    pairs = {name: evaluation.standing_alone(understander, name) for name in evaluation.SETS}
    figures = {name: evaluation.questions(found, knowledge) for name, found in pairs.items()}
    office = evaluation.routing(understander, knowledge)
    if options.report:
        from bot import report

        report.write(options.report, figures, office, pairs)
    print(f"{'':34} {'must':>5}" + "".join(f"{name:>18}" for name in figures))
    for row in zip(*figures.values()):
        _print(row, options.mistakes)
    _print((office,), options.mistakes)
    kept = understander.held_out
    print(f"\nTraining sentences kept aside: topic {kept['right']:.1%}, among the first three {kept['three']:.1%}")
    decisive = [evaluation.decisive(row) for row in zip(*figures.values())]
    return 1 if any(figure.missed for figure in (*decisive, office)) else 0


def _compare(options: argparse.Namespace) -> int:
    from bot import comparison

    print("| pipeline | German | other | first three | train s | train MB | load s | parse p50 ms | p95 ms | MB |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for row in comparison.compare(options.sentences, options.epochs):
        shares = f"{row.german:.1%} | {row.other:.1%} | {row.three:.1%}"
        costs = (
            f"{row.train_s:.0f} | {row.train_mb:.0f} | {row.load_s:.1f} | {row.p50_ms:.1f} | {row.p95_ms:.1f} | {row.mb:.0f}"
        )
        print(f"| {row.name} | {shares} | {costs} |", flush=True)
    return 0


def _print(row: tuple[object, ...], mistakes: bool) -> None:
    from bot.evaluation import Figure

    figures = [figure for figure in row if isinstance(figure, Figure)]
    cells = [f"{f.share:7.1%} {f.right:4}/{f.of:<4}{'!' if f.missed else ' '}" for f in figures]
    print(f"{figures[0].name:34} {figures[0].must:5.0%}" + "".join(f"{cell:>18}" for cell in cells))
    for text in (text for figure in figures for text in figure.wrong) if mistakes else ():
        print(f"    {text}")
