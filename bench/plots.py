"""One picture: throughput, latency, a long talk. SVG, the same for the same figures."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib.figure import Figure as Picture

from bench.plan import DEFAULT, FLOOR, OURS, TALKS

_COLOURS = {OURS: "#1a6b3c", DEFAULT: "#b5471d", FLOOR: "#777777"}
# Messages that a point of the long talk is the median of.
_WINDOW = 10
_SHARES = ("p50", "p95", "p99")


def write(path: Path, raw: dict[str, Any]) -> None:
    """Draw `raw` into `path`."""
    with matplotlib.rc_context({"svg.hashsalt": "wegweiser", "svg.fonttype": "none", "font.size": 9}):
        picture = Picture(figsize=(10, 3.2), layout="constrained")
        throughput, latency, talk = picture.subplots(1, 3)
        for i, (name, values) in enumerate(raw["bots"].items()):
            look = {"color": _COLOURS[name], "label": name}
            throughput.plot(TALKS, [statistics.median(values[f"rate_{n}"]) for n in TALKS], marker="o", **look)
            places = [x + 0.27 * (i - 1) for x in range(len(_SHARES))]
            latency.bar(places, [statistics.median(values[share]) for share in _SHARES], 0.25, **look)
        for name, curve in raw["long"].items():
            smooth = [float(np.median(curve[i : i + _WINDOW])) for i in range(0, len(curve), _WINDOW)]
            talk.plot(range(0, len(curve), _WINDOW), smooth, color=_COLOURS[name], label=name)
        throughput.set(xlabel="talks at once", ylabel="turns/s", xscale="log", yscale="log", title="Throughput")
        throughput.set_xticks(TALKS, labels=map(str, TALKS))
        latency.set(ylabel="ms", yscale="log", title="A turn at one user")
        latency.set_xticks(range(len(_SHARES)), labels=_SHARES)
        talk.set(xlabel="message of one talk", ylabel="ms", yscale="log", title="A long talk")
        for part in (throughput, latency, talk):
            part.grid(alpha=0.3)
        # One for all three parts, where it covers nothing.
        throughput.legend(frameon=False)
        picture.savefig(path, format="svg", metadata={"Date": None})
