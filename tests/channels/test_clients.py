"""The fakes against real clients of the platforms: a fake that a real client does not understand proves nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from tests.channels.fakes import Fault
from tests.channels.fakes.base import Loop
from tests.channels.fakes.telegram import TOKEN, FakeTelegram

pytestmark = pytest.mark.messengers


@pytest.fixture
def fake(loop: Loop) -> Any:
    fake = FakeTelegram(loop)
    fake.start()
    yield fake
    fake.stop()


def with_bot(fake: FakeTelegram, what: Any) -> Any:
    async def run() -> Any:
        async with Bot(TOKEN, base_url=f"{fake.url}/bot") as bot:
            return await what(bot)

    return asyncio.run(run())


def test_python_telegram_bot_reads_every_update_of_the_fake(fake: FakeTelegram) -> None:
    said = Update.de_json(fake.event(7, "Grüß Gott"))
    assert said.effective_user.id == 7 and said.effective_message.text == "Grüß Gott"
    assert Update.de_json(fake.edited(7, "x")).edited_message.text == "x"
    assert Update.de_json(fake.pressed(7, "land:DE-BY")).callback_query.data == "land:DE-BY"
    media = [Update.de_json(event).message for event in fake.media(7)]
    assert (
        media[0].voice and media[1].photo and media[2].sticker and media[3].location and media[4].document and media[5].contact
    )


def test_python_telegram_bot_talks_with_the_fake_and_meets_its_errors(fake: FakeTelegram) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Bayern", callback_data="land:DE-BY")]])
    sent = with_bot(fake, lambda bot: bot.send_message(7, "Wo?", reply_markup=keys))
    assert sent.text == "Wo?" and fake.sent[0].keys[0].id == "land:DE-BY"
    too_long = InlineKeyboardMarkup([[InlineKeyboardButton("Bayern", callback_data="x" * 65)]])
    for error, call in (
        (BadRequest, lambda bot: bot.send_message(7, "Wo?", reply_markup=too_long)),
        (BadRequest, lambda bot: bot.send_message(7, "x" * 4097)),
    ):
        with pytest.raises(error):
            with_bot(fake, call)
    for fault, error in ((Fault.TOO_MANY, RetryAfter), (Fault.BLOCKED, Forbidden), (Fault.BROKEN, NetworkError)):
        fake.faults.append(fault)
        with pytest.raises(error):
            with_bot(fake, lambda bot: bot.send_message(7, "Wo?"))
