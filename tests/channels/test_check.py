"""`./wegweiser channels check NAME`: what is missing or refused, in plain words."""

from __future__ import annotations

import asyncio

import pytest

from bot import __main__ as wegweiser
from bot.commands.channels import CHANNELS, findings, load
from tests.channels.conftest import Make
from tests.channels.fakes import FAKES
from tests.channels.fakes.telegram import FakeTelegram
from tests.channels.world import World

pytestmark = pytest.mark.messengers


@pytest.fixture
def environment(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    for name, value in {**world.fake.environment(), "WEGWEISER_DATA": str(world.folder)}.items():
        monkeypatch.setenv(name, value)
    return world


def check(name: str) -> list[str]:
    return asyncio.run(findings(load(name)))


def test_every_channel_has_a_fake_and_a_check() -> None:
    assert {kind.channel for kind in FAKES} == set(CHANNELS)
    assert all(load(name).name() == name for name in CHANNELS)


@pytest.mark.parametrize("name", CHANNELS)
def test_what_is_not_set_is_named_with_what_belongs_there(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert wegweiser.main(["channels", "check", name]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines and all(line.startswith(f"- WEGWEISER_{name.upper()}_") and " is not set: " in line for line in lines)


def test_a_name_that_is_none_is_a_wrong_call() -> None:
    with pytest.raises(SystemExit) as error:
        wegweiser.main(["channels", "check", "icq"])
    assert error.value.code == 2


def test_a_channel_that_is_set_up_is_good(environment: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name = environment.fake.channel
    if environment.fake.calls_us:
        monkeypatch.setenv("WEGWEISER_PUBLIC_URL", environment.fake.target)
        if name == "telegram":
            environment.fake.webhook = {"url": f"{environment.fake.target}/webhooks/telegram/webhook"}
    found = check(name)
    assert [finding for finding in found if "whatsapp:+" not in finding] == []


def test_a_token_that_is_refused_is_named(environment: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name = environment.fake.channel
    monkeypatch.setenv(f"WEGWEISER_{name.upper()}_TOKEN", "wrong")
    (found, *_) = check(name)
    assert "token" in found


def test_a_platform_that_is_not_there_is_named(environment: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name = environment.fake.channel
    monkeypatch.setenv(f"WEGWEISER_{name.upper()}_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("bot.commands.channels._LIMIT", 0.3)
    (found, *_) = check(name)
    assert "platform" in found and ("answer" in found or "connection" in found)


def test_a_public_address_that_leads_elsewhere_is_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make(FakeTelegram)
    for variable, value in {**world.fake.environment(), "WEGWEISER_DATA": str(world.folder)}.items():
        monkeypatch.setenv(variable, value)
    (found,) = check("telegram")
    assert "WEGWEISER_PUBLIC_URL is not set" in found
    monkeypatch.setenv("WEGWEISER_PUBLIC_URL", "http://127.0.0.1:9")
    found = " ".join(check("telegram"))
    assert "Telegram sends to" in found and "nobody answers" in found
    # Somebody else's server.
    monkeypatch.setenv("WEGWEISER_PUBLIC_URL", world.fake.url)
    assert "should answer 403" in " ".join(check("telegram"))
