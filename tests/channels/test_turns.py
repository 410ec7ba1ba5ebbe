"""A rush waits, a standstill does not: how long people wait for their turn."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.turns import Turns

PATIENCE = 0.3


async def many(turns: Turns, number: int, seconds: float) -> list[BaseException | None]:
    work = lambda: asyncio.sleep(seconds)  # noqa: E731
    return await asyncio.gather(*(turns.run(work, PATIENCE) for _ in range(number)), return_exceptions=True)


def test_in_a_rush_everybody_is_served_however_long_the_line() -> None:
    async def run() -> list[BaseException | None]:
        return await many(Turns(at_once=2), 20, 0.1)

    assert asyncio.run(run()) == [None] * 20


def test_when_nothing_moves_all_are_told_at_the_same_time_those_who_wait_as_well() -> None:
    async def run() -> tuple[list[BaseException | None], float]:
        start = asyncio.get_running_loop().time()
        return await many(Turns(at_once=2), 20, 60), asyncio.get_running_loop().time() - start

    ended, seconds = asyncio.run(run())
    assert {type(error) for error in ended} == {asyncio.TimeoutError}
    assert PATIENCE <= seconds < 2 * PATIENCE


def test_one_that_hangs_is_ended_though_others_move_and_gives_its_place_back() -> None:
    async def run() -> tuple[list[BaseException | None], list[BaseException | None]]:
        turns = Turns(at_once=2)
        slow, quick = await asyncio.gather(many(turns, 1, 60), many(turns, 30, 0.05))
        return slow, quick + await many(turns, 2, 0.05)

    slow, quick = asyncio.run(run())
    assert type(slow[0]) is asyncio.TimeoutError and quick == [None] * 32


def test_an_error_of_a_turn_is_passed_on() -> None:
    async def broken() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        asyncio.run(Turns().run(broken, PATIENCE))
