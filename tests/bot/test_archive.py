"""A model is loaded only as it was trained: a changed, cut, foreign or escaping archive is refused with its mend."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import archive, model
from bot.__main__ import main
from bot.server import Assistant, free_port
from bot.settings import Settings
from knowledge.loader import Knowledge


def _tar(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as made:
        for member in members:
            made.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname, found.size = kind, link, 1 if kind == tarfile.REGTYPE else 0
    return found


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An archive at the place where the model for the present data is looked for, sealed."""
    path = model.path(Settings(models=tmp_path / "models"))
    path.parent.mkdir()
    _tar(path, _member("components", tarfile.DIRTYPE), _member("components/topics.zip"))
    archive.seal(path)
    return path


def test_what_was_sealed_is_taken_as_it_is(made: Path) -> None:
    assert model.ensure(Settings(models=made.parent)) == made
    assert archive.seal_of(made).read_text().split() == [archive._sha256(made), made.name]


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def _other(path: Path) -> None:
    _tar(path, _member("components/other.zip"))


def _unsealed(path: Path) -> None:
    archive.seal_of(path).write_bytes(b"\xff\xfe")


@pytest.mark.parametrize("change", [_append, _flip, _cut, _other, _unsealed], ids=lambda change: change.__name__[1:])
def test_a_changed_archive_is_refused_everywhere_and_the_mend_is_told(
    change: Callable[[Path], None], made: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    change(made)
    settings = Settings(models=made.parent, data=tmp_path / "data")
    for load in (
        lambda: model.ensure(settings),
        lambda: model.understander(made, knowledge),
        Assistant(settings, port=free_port()).__enter__,
    ):
        with pytest.raises(archive.ModelRefused, match=r"\./wegweiser train --force"):
            load()


@pytest.mark.parametrize(
    "member",
    [
        _member("../outside"),
        _member("components/../../outside"),
        _member("/etc/cron.d/outside"),
        _member("components/link", tarfile.SYMTYPE, "/etc"),
        _member("components/link", tarfile.LNKTYPE, "../outside"),
        _member("components/device", tarfile.CHRTYPE),
        _member("components/pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda member: member.name + member.type.decode(),
)
def test_members_that_leave_the_folder_are_refused_even_with_a_right_hash(member: tarfile.TarInfo, made: Path) -> None:
    archive.seal(_tar(made, _member("components/topics.zip"), member))
    with pytest.raises(archive.ModelRefused, match="outside its folder"):
        archive.check(made)


def test_what_is_no_archive_is_refused_even_with_a_right_hash(made: Path) -> None:
    made.write_bytes(b"no archive")
    archive.seal(made)
    with pytest.raises(archive.ModelRefused, match="cannot be read"):
        archive.check(made)


def test_a_server_that_died_is_not_started_again_with_another_model(made: Path, tmp_path: Path) -> None:
    assistant = Assistant(Settings(models=made.parent, data=tmp_path / "data"), port=free_port())
    assistant._archive = made
    _append(made)
    with pytest.raises(archive.ModelRefused):
        assistant._start("rasa")
    assert assistant._running == {}


def test_the_commands_tell_it_in_one_line(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _append(made)
    monkeypatch.setenv("WEGWEISER_MODELS", str(made.parent))
    monkeypatch.setenv("WEGWEISER_DATA", str(tmp_path / "data"))
    for command in (["serve", "--port", str(free_port())], ["train"], ["ask", "Wer berät mich?"], ["doctor"]):
        assert main(command) == 1
        said = "".join(capsys.readouterr())
        assert "its hash differs" in said and "Traceback" not in said


@pytest.mark.assistant
def test_the_trained_model_is_sealed() -> None:
    archive.check(model.ensure(Settings.read()))
