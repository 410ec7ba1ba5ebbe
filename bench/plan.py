"""How much is measured: every number of the benchmark that can be chosen, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass

# Talks at once that throughput is measured at; of these the one whose load is then cut to a share.
TALKS = (8, 32, 128)
LOADED, SHARE = 32, 0.6
# Messages of a talk before a new one begins.
TURNS = 5
# Messages of a talk after which its latency is told, each the median of those around it.
MARKS = (5, 50, 200, 500)
AROUND = 5
OURS, DEFAULT, FLOOR = "ours", "default", "floor"


@dataclass(frozen=True)
class Plan:
    """One run. `bots` are measured in turns, `rounds` times, so that other work on the machine meets all of them."""

    bots: tuple[str, ...] = (OURS, DEFAULT, FLOOR)
    rounds: int = 3
    # Turns at one user, after as many of them as `warm`.
    turns: int = 100
    warm: int = 10
    # Seconds of each measurement of throughput.
    seconds: float = 8.0
    # Messages of the long talk. The default bot has it once only: it takes minutes there.
    longest: int = MARKS[-1] + AROUND
    # Seconds after which the long talk ends all the same; the marks that it has not reached stay empty.
    patience: float = 240.0
    # Messages of one person at once.
    burst: int = 50
    # Sentences of each topic that both bots are trained on.
    sentences: int = 10
    # Epochs of the default bot; None = what `rasa init` gives.
    epochs: int | None = None
