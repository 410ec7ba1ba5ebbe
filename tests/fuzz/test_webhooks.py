"""Whatever a platform (or who pretends to be one) sends: refused or acknowledged, never an error of ours, and the next
person is still answered."""

from __future__ import annotations

import contextlib
import http.client
import random
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import strategies as st

from tests.channels.conftest import Make, loop, make
from tests.channels.fakes import FAKES, Fake
from tests.channels.fakes.matrix import FakeMatrix
from tests.channels.fakes.telegram import FakePollingTelegram
from tests.channels.fakes.twilio import FakeTwilio
from tests.channels.world import World
from tests.fuzz.fuzz import fuzz
from tests.fuzz.inputs import broken, json_values, raw, texts

__all__ = ["loop", "make"]
pytestmark = pytest.mark.messengers
CALLING = [kind for kind in FAKES if kind.calls_us]
# 503 asks the platform to come again when one person has too many messages waiting.
GOOD = {200, 204, 400, 403, 413, 503}
name = lambda kind: kind.__name__.removeprefix("Fake")  # noqa: E731
headers = st.dictionaries(
    st.sampled_from(
        "X-Telegram-Bot-Api-Secret-Token X-Slack-Request-Timestamp X-Slack-Signature X-Hub-Signature-256 X-Twilio-Signature "
        "Content-Type Content-Encoding X-Forwarded-For X-Forwarded-Host Accept".split()
    ),
    st.one_of(
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30),
        st.sampled_from(
            ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "sha256=", "v0=", "1"]
        ),
    ),
    max_size=4,
)


def events(fake: Fake) -> list[Any]:
    """Good events of every kind that the platform knows."""
    edited = fake.edited(1, "anders")
    group = [fake.group(1, "hallo")] if hasattr(fake, "group") else []
    pressed = [] if isinstance(fake, FakeMatrix) else [fake.pressed(1, "land:DE-BY")]
    found = [
        fake.event(1, "Wer berät mich?"),
        *pressed,
        *group,
        *fake.media(1),
        *fake.unknown(),
    ]
    return [event for event in [*found, edited] if event is not None]


def strange(fake: Fake) -> st.SearchStrategy[Any]:
    if isinstance(fake, FakeTwilio):
        return st.sampled_from(events(fake)).flatmap(lambda event: _fields(event))
    return st.one_of(st.sampled_from(events(fake)).flatmap(broken), st.dictionaries(texts, json_values, max_size=3))


def deliver(fake: Fake, event: Any) -> int:
    """As the platform signs it; Slack's double looks into the event for that."""
    return fake.deliver(event if isinstance(event, dict) else {"event": event})


def _fields(event: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """A form holds text only."""
    text = texts.map(lambda found: found.encode("utf-8", "replace").decode())
    other = st.dictionaries(st.one_of(st.sampled_from(sorted(event)), text), text, max_size=4)
    return st.builds(
        lambda taken, put: {k: v for k, v in event.items() if k not in taken} | put,
        st.sets(st.sampled_from(sorted(event))),
        other,
    )


@pytest.fixture
def connect() -> Iterator[Callable[[Fake], http.client.HTTPConnection]]:
    """One connection for all posts to a webhook instead of one each."""
    made: list[http.client.HTTPConnection] = []

    def start(fake: Fake) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(urlsplit(fake.target).netloc, timeout=20)
        made.append(connection)

        def post(body: bytes, headers: dict[str, str], path: str = "webhook") -> int:
            return request(connection, "POST", f"/webhooks/{fake.channel}/{path}", body, headers)[0]

        fake.post = post  # type: ignore[method-assign]
        return connection

    yield start
    for connection in made:
        connection.close()


Connect = Callable[[Fake], http.client.HTTPConnection]


def request(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> tuple[int, bytes]:
    """Status and body. A server that refuses may close while we still send: then once more on a new connection."""
    for last in (False, True):
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            if last:
                raise
    raise AssertionError


def still_answers(world: World, person: int) -> None:
    """A person who was never here gets the notice and the answer."""
    before = len(world.script.heard)
    world.fake.say(person, "danach")
    world.wait(lambda: any(text == "danach" for _, text in world.script.heard[before:]))
    world.settled()


def ended(world: World) -> Callable[[], None]:
    """After each round: all is answered, and what the doubles have noted is no growth of ours."""

    def end() -> None:
        world.settled()
        for noted in (world.fake.sent, world.fake.tries, world.fake.refused, world.script.heard, world.clock.slept):
            noted.clear()
        for log in (getattr(world.fake, "log", None), getattr(world.fake, "updates", None)):
            if isinstance(log, list):
                log.clear()

    return end


@pytest.mark.parametrize("kind", CALLING, ids=name)
def test_signed_events_of_any_form_are_acknowledged_or_refused(kind: type[Fake], make: Make, connect: Connect) -> None:
    world = make(kind)
    connect(world.fake)

    def entry(event: Any) -> None:
        with contextlib.suppress(UnicodeEncodeError):  # the fake cannot send half a character other than escaped
            assert deliver(world.fake, event) in GOOD

    fuzz(strange(world.fake), entry, after=ended(world))
    still_answers(world, random.Random(1).randrange(10**6, 10**7))


@pytest.mark.parametrize("kind", [*CALLING, FakePollingTelegram, FakeMatrix], ids=name)
def test_unsigned_bytes_and_headers_are_refused(kind: type[Fake], make: Make, connect: Connect) -> None:
    world = make(kind)
    connect(world.fake)
    paths = st.sampled_from(
        ["webhook", "webhook", "status", "webhook?hub.verify_token=%ff&hub.challenge=x", "webhook?a=%ed%a0%80"]
    )

    def entry(what: tuple[bytes, dict[str, str], str]) -> None:
        status = world.fake.post(*what)
        assert status in {400, 403, 404, 405, 413}, status

    fuzz(st.tuples(raw, headers, paths), entry, after=ended(world))
    assert world.script.heard == []


@pytest.mark.parametrize("kind", [FakePollingTelegram, FakeMatrix], ids=name)
def test_fetched_events_of_any_form_are_taken(kind: type[Fake], make: Make) -> None:
    world = make(kind)

    def entry(event: Any) -> None:
        async def take() -> None:
            world.channel.take(event)

        world.fake.loop.run(take())

    fuzz(strange(world.fake), entry, after=ended(world))
    still_answers(world, 4711)


@pytest.mark.parametrize("kind", [kind for kind in CALLING if kind.channel in ("messenger", "whatsapp_cloud")], ids=name)
def test_the_verification_by_get_is_refused_without_the_word(kind: type[Fake], make: Make, connect: Connect) -> None:
    world = make(kind)
    connection = connect(world.fake)
    path = f"/webhooks/{world.fake.channel}/webhook?hub.challenge=1&hub.verify_token="

    def entry(text: str) -> None:
        assert request(connection, "GET", path + quote(text, errors="replace"), None, {})[0] == 403

    fuzz(texts, entry)
