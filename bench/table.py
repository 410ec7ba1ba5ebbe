"""The table in docs/PERFORMANCE.md: written between two marks, the prose around it stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.figures import AT_MOST, TIMES, Figure, Row, rows
from bench.plan import DEFAULT, FLOOR, OURS

BEGIN, END = "<!-- bench: written by ./wegweiser bench -->", "<!-- /bench -->"
_NAMES = {OURS: "ours", DEFAULT: "default of `rasa init`", FLOOR: "floor"}
_NONE = "–"


def write(path: Path, raw: dict[str, Any]) -> None:
    """Put the table of `raw` into the document at `path`; a document without the marks gets it at its end."""
    text = path.read_text(encoding="utf-8") if path.exists() else "# Speed and memory\n"
    before, begin, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if begin else "\n"
    path.write_text(f"{before.rstrip()}\n\n{BEGIN}\n{table(raw)}\n{END}{after}", encoding="utf-8")


def table(raw: dict[str, Any]) -> str:
    """What was measured where, and one line a figure."""
    machine, plan = raw["machine"], raw["plan"]
    head = (
        f"{machine['date']}; {machine['processor']}, {machine['cores']} cores shared by client and servers, "
        f"{machine['memory GB']} GB; Python {machine['python']}, Rasa {machine['rasa']}. Load of the machine before the run "
        f"{machine['load before']:.1f}, after it {machine['load after']:.1f}. Medians of {plan['rounds']} rounds"
    )
    if DEFAULT in plan["bots"]:
        epochs = f", {plan['epochs']} epochs instead of 100" if plan["epochs"] else ""
        head += f"; training and default bot: {plan['sentences']} sentences a topic{epochs}"
    lines = [f"{head}.", "", f"| figure | {' | '.join(_NAMES.values())} | ours is | must | aim | reached |", "|---" * 8 + "|"]
    return "\n".join([*lines, *(_line(row) for row in rows(raw))])


def _line(row: Row) -> str:
    measured = [_value(row.figure, row.medians.get(name)) for name in _NAMES]
    times = f"{row.times:.1f} × better" if row.times else ""
    targets = [_target(row.figure, target) for target in (row.figure.must, row.figure.aim)]
    return f"| {' | '.join([row.figure.label, *measured, times, *targets, row.verdict])} |"


def _value(figure: Figure, value: float | None) -> str:
    if value is None:
        return _NONE
    if figure.unit == "share":
        return f"{value:.0%}".replace("%", " %")
    digits = 0 if figure.unit == "turns" or value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {figure.unit}"


def _target(figure: Figure, target: float | None) -> str:
    if target is None:
        return ""
    if figure.by == TIMES:
        return f"{target:g} ×"
    if figure.unit == "share":
        return "all"
    return f"{'≤' if figure.by == AT_MOST else '≥'} {target:g} {figure.unit}"
