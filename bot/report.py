"""The report of `./wegweiser eval`: one self-contained HTML file with the figures, three pictures and the worst mistakes."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from bot.evaluation import Figure, Pair, right
from bot.nlu.understanding import SURE

matplotlib.use("Agg")  # no screen is needed, nor there on a server
from matplotlib import pyplot as plt

_WORST = 50
_BINS = 8
_STYLE = (
    "body{font-family:sans-serif;max-width:70rem;margin:2rem auto}td,th{padding:.2rem .8rem;text-align:left}svg{max-width:100%}"
)
Pairs = list[Pair]


def write(path: Path, figures: dict[str, list[Figure]], office: Figure, sets: dict[str, Pairs]) -> None:
    """Write the report to `path`; an existing file is replaced. `figures` and `sets` by the name of the set of questions,
    the same figures in each; `office` is the figure of routing."""
    pairs = [pair for found in sets.values() for pair in found]
    pictures = {
        "Which topic is taken for which": _confusion,
        "Reliability: how often a confidence is right": _reliability,
        "Threshold: the surer, the fewer": _threshold,
    }
    parts = [f"<h2>{escape(title)}</h2>{_svg(draw, pairs)}" for title, draw in pictures.items()]
    html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Wegweiser: evaluation</title><style>{_STYLE}</style>
<h1>Wegweiser: evaluation</h1>{_table(figures, office)}{"".join(parts)}<h2>The worst mistakes</h2>{_mistakes(pairs)}</html>"""
    path.write_text(html, encoding="utf-8")


def _table(figures: dict[str, list[Figure]], office: Figure) -> str:
    rows = "".join(_row(row) for row in [*zip(*figures.values()), (office,)])
    return f"<table><tr><th>figure<th>must{''.join(f'<th>{escape(name)}' for name in figures)}{rows}</table>"


def _row(figures: tuple[Figure, ...]) -> str:
    cells = "".join(f"<td>{f.share:.1%} ({f.right} of {f.of}){' MISSED' if f.missed else ''}" for f in figures)
    must = "" if figures[0].must is None else f"{figures[0].must:.0%}"
    return f"<tr><td>{escape(figures[0].name)}<td>{must}{cells}"


def _mistakes(pairs: Pairs) -> str:
    """The mistakes that were made with most confidence, the worst first."""
    wrong = [pair for pair in pairs if not right(pair)]
    wrong.sort(key=lambda pair: -pair[1].topics[0].confidence)
    rows = "".join(
        f"<tr><td>{escape(record['text'])}<td>{record['topic']}<td>{got.topics[0].topic} ({got.topics[0].confidence:.2f})"
        f"<td>{escape(', '.join(got.topics[0].because))}"
        for record, got in wrong[:_WORST]
    )
    return f"<table><tr><th>message<th>right<th>taken for<th>because{rows}</table>"


def _svg(draw: Callable[[Any, Pairs], None], pairs: Pairs) -> str:
    figure, axes = plt.subplots(figsize=(9, 6 if draw is not _confusion else 9))
    draw(axes, pairs)
    figure.tight_layout()
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    plt.close(figure)
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _confusion(axes: Any, pairs: Pairs) -> None:
    counts = Counter((record["topic"], got.topics[0].topic) for record, got in pairs)
    topics = sorted({topic for pair in counts for topic in pair})
    matrix = np.array([[counts[one, other] for other in topics] for one in topics])
    axes.imshow(matrix, cmap="Blues")
    axes.set_xticks(range(len(topics)), topics, rotation=90)
    axes.set_yticks(range(len(topics)), topics)
    axes.set_xlabel("taken for")
    axes.set_ylabel("right")
    for i, j in np.argwhere(matrix):
        axes.text(j, i, matrix[i, j], ha="center", va="center", fontsize=7)


def _reliability(axes: Any, pairs: Pairs) -> None:
    confidence, hits = _scores(pairs)
    bins = np.clip((confidence * _BINS).astype(int), 0, _BINS - 1)
    filled = [i for i in range(_BINS) if (bins == i).any()]
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey", label="as sure as right")
    axes.plot([confidence[bins == i].mean() for i in filled], [hits[bins == i].mean() for i in filled], marker="o")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.legend()


def _threshold(axes: Any, pairs: Pairs) -> None:
    confidence, hits = _scores(pairs)
    thresholds = np.linspace(0, 0.9, 46)
    kept = [confidence >= threshold for threshold in thresholds]
    axes.plot(thresholds, [mask.mean() for mask in kept], label="share answered")
    axes.plot(thresholds, [hits[mask].mean() if mask.any() else 1.0 for mask in kept], label="right among these")
    axes.axvline(SURE, linestyle=":", color="grey", label=f"in use: {SURE}")
    axes.set_xlabel("threshold")
    axes.legend()


def _scores(pairs: Pairs) -> tuple[Any, Any]:
    confidence = np.array([got.topics[0].confidence for _, got in pairs])
    return confidence, np.array([right(pair) for pair in pairs], dtype=float)
