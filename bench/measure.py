"""One run: every bot, every round, every figure. Raw values go into a dictionary that is written as JSON."""

from __future__ import annotations

import asyncio
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import rasa

from bench import load, subset, training
from bench.bots import Bot, Default, Floor, Ours
from bench.plan import AROUND, DEFAULT, FLOOR, LOADED, MARKS, OURS, SHARE, TALKS, Plan
from bench.process import BotFailed
from bot import model
from bot.settings import Settings

# Figure → its values, one a round. Milliseconds, turns a second, seconds, MB.
Values = dict[str, list[float]]


def run(plan: Plan, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure in `folder`, telling `say` how far it is. Returns {"machine", "plan", "bots": {bot: {figure: values}}, "long"}.

    Raises TrainingFailed and BotFailed.
    """
    machine = _machine()
    model.ensure(Settings.read())
    values: dict[str, Values] = {name: {} for name in plan.bots}
    curves: dict[str, list[float]] = {}
    for name, seconds in _train(plan, folder, say):
        values[name]["training"] = [seconds]
    bots: dict[str, Bot] = {OURS: Ours(folder / OURS), FLOOR: Floor(folder / FLOOR)}
    if DEFAULT in plan.bots:
        bots[DEFAULT] = Default(folder / DEFAULT)
    questions = subset.questions()
    for number in range(plan.rounds):
        for name in plan.bots:
            say(f"round {number + 1} of {plan.rounds}: {name}")
            long = plan.longest if name == OURS or (name == DEFAULT and not number) else 0
            try:
                found = asyncio.run(_round(bots[name], bots[name].start(), questions, plan, long, curves.setdefault(name, [])))
            finally:
                bots[name].stop()
            for figure, value in found.items():
                values[name].setdefault(figure, []).append(value)
    machine["load after"] = psutil.getloadavg()[0]
    return {"machine": machine, "plan": vars(plan), "bots": values, "long": {k: v for k, v in curves.items() if v}}


def _train(plan: Plan, folder: Path, say: Callable[[str], None]) -> list[tuple[str, float]]:
    """The training of both, where both are measured: there is nothing else to compare it with."""
    if DEFAULT not in plan.bots:
        return []
    say(f"training {OURS}, {plan.sentences} sentences a topic")
    times = [(OURS, training.ours(folder / "trained", plan.sentences))]
    say(f"training {DEFAULT}, {plan.sentences} sentences a topic (some minutes)")
    return [*times, (DEFAULT, training.default(folder / DEFAULT, plan.sentences, plan.epochs))]


async def _round(
    bot: Bot, cold_start: float, questions: list[str], plan: Plan, longest: int, curve: list[float]
) -> dict[str, float]:
    """All figures of a bot that has just started. `curve` gets the latencies of the long talk."""
    start_cpu = bot.processes.cpu()
    alone = await load.single(bot, questions, plan.turns, plan.warm)
    found = {"cold_start": cold_start, "start_cpu": start_cpu, "memory_idle": bot.processes.memory()}
    found["turn_cpu"] = 1000 * (bot.processes.cpu() - start_cpu) / (plan.turns + plan.warm)
    failed = alone.failed
    for share in (50, 95, 99):
        found[f"p{share}"] = _percentile(alone, share)
    for talks in TALKS:
        many = await load.crowd(bot, questions, talks, plan.seconds)
        found[f"rate_{talks}"], found[f"p95_{talks}"] = many.rate, _percentile(many, 95)
        failed += many.failed
    calm = await load.paced(bot, questions, LOADED, SHARE * found[f"rate_{LOADED}"], plan.seconds)
    found["p95_loaded"] = _percentile(calm, 95)
    failed += calm.failed
    if not isinstance(bot, Floor):
        found |= await _burst(bot, questions, plan.burst)
    found["memory"] = bot.processes.memory()
    if longest:
        talk = await load.long(bot, questions, longest, plan.patience)
        failed += talk.failed
        curve[:] = talk.ms
        found |= _marks(talk.ms)
    return found | {"failed": failed}


async def _burst(bot: Bot, questions: list[str], number: int) -> dict[str, float]:
    beginning = "Frage Nummer"
    messages = [f"{beginning} {i + 1}: {questions[i % len(questions)]}" for i in range(number)]
    times = await load.burst(bot, messages)
    numbers = [int(text.removeprefix(beginning).split(":")[0]) for text in bot.stored(beginning)]
    in_order = numbers == list(range(1, number + 1))
    return {"burst": times.seconds, "burst_answered": len(times.ms) / number, "burst_in_order": float(in_order)}


def _percentile(times: load.Times, share: float) -> float:
    if not times.ms:
        raise BotFailed(f"None of {times.failed} turns had a good answer; there is nothing to measure.")
    return float(np.percentile(times.ms, share))


def _marks(curve: list[float]) -> dict[str, float]:
    """The median latency around each mark that the talk has reached."""
    return {
        f"long_{mark}": float(np.median(curve[max(0, mark - AROUND) : mark + AROUND])) for mark in MARKS if mark <= len(curve)
    }


def _machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "memory GB": round(psutil.virtual_memory().total / 1e9),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "rasa": rasa.__version__,
        "date": time.strftime("%Y-%m-%d %H:%M"),
        # Other work on the machine before the run; above some tenths the figures are not those of a quiet machine.
        "load before": psutil.getloadavg()[0],
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
