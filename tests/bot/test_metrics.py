"""The figures for the operator: what is counted, who may read them, and that nothing of a person is among them."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.server import Assistant, free_port
from bot.settings import Settings
from tests.dialogues.talk import Talk


def message(topic: str, asks: str | None = None) -> dict[str, Any]:
    return {"text": "…", "custom": {"advice": {"topic": topic, "asks": asks}}}


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


async def nothing() -> None:
    """A turn that is answered at once."""


@pytest.mark.parametrize(
    ("said", "name", "labels"),
    [
        (message("documents"), "wegweiser_topics_total", {"topic": "documents"}),
        (message("Anna Muster, 0171 1234567"), "wegweiser_topics_total", {"topic": "other"}),
        (message("documents", "topic"), "wegweiser_unsure_total", {}),
        (message("appointment_handover", "consent"), "wegweiser_handovers_offered_total", {}),
        (message("documents"), "wegweiser_messages_total", {"channel": "slack"}),
        (message("documents"), "wegweiser_turn_seconds_count", {"channel": "slack"}),
    ],
)
def test_an_answer_is_counted(said: dict[str, Any], name: str, labels: dict[str, str]) -> None:
    metrics = Metrics()
    asyncio.run(metrics.turn("slack", nothing, [{"text": "…", "custom": None}, said]))
    assert value(metrics, name, **labels) == 1


def test_errors_and_silence_are_counted_and_errors_passed_on() -> None:
    metrics = Metrics()

    async def too_slow() -> None:
        await asyncio.wait_for(asyncio.sleep(9), 0.01)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(metrics.turn("website", too_slow, []))
    asyncio.run(metrics.turn("website", nothing, []))
    assert value(metrics, "wegweiser_errors_total", channel="website", kind="TimeoutError") == 1
    assert value(metrics, "wegweiser_errors_total", channel="website", kind="silence") == 1
    assert value(metrics, "wegweiser_turn_seconds_count", channel="website") == 2


@pytest.mark.assistant
def test_the_running_assistant_shows_its_figures_to_who_has_the_token_and_nothing_of_a_person(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("metrics")
    monkeypatch.setenv("WEGWEISER_TRACKER_DB", str(folder / "talks.db"))
    monkeypatch.setenv("WEGWEISER_METRICS_TOKEN", "sesam")
    with Assistant(Settings(data=folder), port=free_port()) as running:
        talk = Talk(running.url)
        talk.say("Ich heiße Anna Muster. Wer berät mich in Erlangen?")
        for headers in ({}, {"Authorization": "Bearer falsch"}):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(f"{running.url}/metrics", headers=headers), timeout=5)
            assert refused.value.code == 401
            refused.value.close()
        request = urllib.request.Request(f"{running.url}/metrics", headers={"Authorization": "Bearer sesam"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            page = answer.read().decode()
    found = {s.name: s for family in text_string_to_metric_families(page) for s in family.samples if s.value}
    assert found["wegweiser_messages_total"].labels == {"channel": "website"}
    assert "wegweiser_topics_total" in found and "wegweiser_errors_total" not in found
    for secret in ("Anna", "Muster", "Erlangen", talk.session):
        assert secret not in page


@pytest.mark.assistant
def test_without_a_token_there_is_no_page_of_figures(assistant: Assistant) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{assistant.url}/metrics", timeout=5)
    assert refused.value.code == 404
    refused.value.close()
