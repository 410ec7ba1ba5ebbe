"""Counts of talks, for people who answer for the service. No text, and no cell of fewer than five talks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prescreen.talks import Turn

# Fewer than this could be somebody in particular.
FEWEST = 5
UNSURE = "unsure"


@dataclass(frozen=True)
class Table:
    """Key → number of talks; `hidden` counts the cells that are not shown since they are small (or would betray such a one)."""

    cells: dict[str, int]
    hidden: int


@dataclass(frozen=True)
class Statistics:
    """`talks` is None below FEWEST. Rates are shares of talks from 0 to 1, None where they would tell of fewer than FEWEST.

    Tables by name: topics (ids), lands (ISO codes), languages (codes), weeks („2026-W05“), hours („00“ to „23“, of this
    machine). A talk stands once in each cell that it touches.
    """

    talks: int | None
    unsure: float | None
    handovers: float | None
    tables: dict[str, Table]


def collect(turns: Iterable[Turn], handed_over: set[str], sees: Callable[[str | None], bool]) -> Statistics:
    """Count the talks whose Land `sees` accepts (the last that was named; None = none was). `handed_over`: ids of talks."""
    talks: dict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        talks[turn.conversation].append(turn)
    seen = {id: found for id, found in talks.items() if sees(_land(found))}
    cells: dict[str, dict[str, int]] = {name: defaultdict(int) for name in ("topics", "lands", "languages", "weeks", "hours")}
    for found in seen.values():
        for name, keys in _keys(found).items():
            for key in keys:
                cells[name][key] += 1
    number = len(seen)
    return Statistics(
        talks=number if number >= FEWEST else None,
        unsure=_share(sum(any(turn.topic is None for turn in found) for found in seen.values()), number),
        handovers=_share(sum(id in handed_over for id in seen), number),
        tables={name: shown(counts) for name, counts in cells.items()},
    )


def _land(turns: list[Turn]) -> str | None:
    return next((turn.land for turn in reversed(turns) if turn.land), None)


def _keys(turns: list[Turn]) -> dict[str, set[str]]:
    """Table → the cells that a talk belongs to."""
    start, land = turns[0].time.astimezone(), _land(turns)
    year, week, _ = start.isocalendar()
    languages = {turn.language for turn in turns if turn.language}
    return {
        "topics": {turn.topic or UNSURE for turn in turns},
        "lands": {land} if land else set(),
        "languages": languages,
        "weeks": {f"{year}-W{week:02}"},
        "hours": {f"{start.hour:02}"},
    }


def shown(counts: dict[str, int]) -> Table:
    """The cells that may be shown. One small cell alone could be reckoned back from the sum, so others are hidden with it
    until the hidden ones are as many talks as a cell must have."""
    order = sorted(counts, key=lambda key: (counts[key], key))
    hidden = [key for key in order if counts[key] < FEWEST]
    for key in order[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(counts[name] for name in hidden) >= FEWEST):
            break
        hidden.append(key)
    return Table({key: counts[key] for key in sorted(counts) if key not in hidden}, len(hidden))


def _share(part: int, whole: int) -> float | None:
    """`part` of `whole`, unless it or what is left of it is a small cell."""
    return part / whole if part >= FEWEST and whole - part >= FEWEST else None
