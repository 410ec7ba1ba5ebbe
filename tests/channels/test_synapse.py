"""Matrix with a real homeserver (Synapse) and a real client (matrix-nio) on the other side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.fakes.base import Loop
from tests.channels.synapse import NioPerson, Synapse
from tests.channels.world import World

pytestmark = pytest.mark.messengers
SENTENCE = "Das ist ein Satz mit einigen Wörtern. "


@pytest.fixture(scope="module")
def server(loop: Loop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(Synapse(loop, tmp_path_factory.mktemp("synapse")), tmp_path_factory.mktemp("data"), patient=True)  # type: ignore[arg-type]
    yield world
    world.close()


@pytest.fixture
def lina(server: World) -> Iterator[NioPerson]:
    person = NioPerson(server.fake)  # type: ignore[arg-type]
    server.script.answer = lambda text: [{"text": f"Antwort auf: {text}"}]
    yield person
    person.close()


def test_a_talk_with_a_burst_an_edit_a_picture_and_a_restart(server: World, lina: NioPerson) -> None:
    lina.do(open="plain")
    assert "Matrix" in lina.hears()
    assert lina.hears() == 'Antwort auf: /choose{"choice": "topic:smalltalk"}'
    # More at once than the server allows: it answers 429, and all arrive in order.
    for i in range(15):
        lina.do(say=f"Nummer {i}")
    assert [lina.hears() for _ in range(15)] == [f"Antwort auf: Nummer {i}" for i in range(15)]
    lina.do(edit="Ich wohne in Kiel")
    assert lina.hears() == "Antwort auf: Ich wohne in Kiel"
    lina.do(send="image")
    assert "Ich kann nur Text lesen" in lina.hears()
    server.down()
    lina.do(say="während es aus war")
    server.up()
    assert lina.hears() == "Antwort auf: während es aus war"
    long = (SENTENCE * 1000).strip()
    server.script.answer = lambda _: [{"text": long}]
    lina.do(say="lang, *bitte* <b>مرحبا</b>")
    assert " ".join(lina.hears() for _ in range(3)) == long
    assert server.script.heard[-1][1] == "lang, *bitte* <b>مرحبا</b>"
    assert server.dead() == ""


def test_an_encrypted_room_is_declined(server: World, lina: NioPerson) -> None:
    before = len(server.script.heard)
    lina.do(open="encrypted")
    assert "Matrix" in lina.hears()
    assert "verschlüsselt" in lina.hears()
    assert len(server.script.heard) == before
