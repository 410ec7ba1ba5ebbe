"""The commands: help in plain words, exit codes, clear messages for wrong calls."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import __version__
from bot.__main__ import COMMANDS, main
from bot.settings import ROOT, Settings, SettingsError


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Calls a command in this process, which is ten times faster than starting one."""

    def call(*arguments: str) -> Done:
        try:
            code = main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_plain_words(run: Callable[..., Done], command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert COMMANDS[command].split(";")[0][1:] in " ".join(done.stdout.split())


def test_the_version_is_that_of_the_project(run: Callable[..., Done]) -> None:
    assert run("--version").stdout.strip() == f"wegweiser {__version__}"
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_without_a_command_the_help_is_shown(run: Callable[..., Done]) -> None:
    done = run()
    assert done.returncode == 0 and "serve" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["ask"],
        ["prescreen"],
        ["prescreen", "no/such/file"],
        ["knowledge"],
        ["knowledge", "check", "no/such/folder"],
    ],
)
def test_a_wrong_call_ends_with_2_and_a_message(run: Callable[..., Done], arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip() and "Traceback" not in done.stderr


def test_knowledge_check_is_good_for_the_data_of_the_project(run: Callable[..., Done]) -> None:
    done = run("knowledge", "check")
    assert done.returncode == 0
    assert "LIX" in done.stdout and done.stdout.strip().endswith("The knowledge is sound.")


def test_knowledge_check_ends_with_1_where_a_text_differs_from_its_record(run: Callable[..., Done], data: Path) -> None:
    texts = data / "texts.yml"
    texts.write_text(texts.read_text(encoding="utf-8").replace("1815-1111", "1815-1110", 1), encoding="utf-8")
    done = run("knowledge", "check", str(data))
    assert done.returncode == 1
    assert "no record has the number +49 30 1815-1110" in done.stdout


def test_knowledge_check_online_names_addresses_that_do_not_answer(
    run: Callable[..., Done], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against a proxy on loopback where nobody listens, every address is dead; the rest of the report comes all the same."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    done = run("knowledge", "check", "--online", str(data))
    assert done.returncode == 1
    assert "https://www.netzwerk-iq.de: " in done.stdout and "LIX" in done.stdout


def test_knowledge_check_ends_with_1_and_names_file_line_and_mend(run: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "services.yml").write_text("services:\n  - id: Post Amt\n", encoding="utf-8")
    done = run("knowledge", "check", str(tmp_path))
    assert done.returncode == 1
    assert "services.yml:2:" in done.stdout and "To mend:" in done.stdout


@pytest.mark.parametrize(
    ("name", "value"), [("WEGWEISER_EDITION", "2040"), ("WEGWEISER_LONGEST", "viel"), ("WEGWEISER_PATIENCE", "-")]
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.read({name: value})


def test_settings_come_from_the_environment() -> None:
    assert Settings.read({"WEGWEISER_EDITION": "today", "WEGWEISER_LONGEST": "500"}).longest == 500
    assert Settings.read({}).edition == "both"


def test_a_blank_question_is_answered_in_german(run: Callable[..., Done]) -> None:
    done = run("ask", "   ")
    assert done.returncode == 1
    assert "+49 30 1815-1111" in done.stdout


def test_the_launcher_is_plain_sh_and_passes_its_arguments_on() -> None:
    done = subprocess.run([str(ROOT / "wegweiser"), "--version"], cwd="/", capture_output=True, text=True)
    assert done.stdout.strip() == f"wegweiser {__version__}"
    assert (ROOT / "wegweiser").read_text(encoding="utf-8").startswith("#!/bin/sh\n")


def test_the_lock_pins_every_package_with_hashes_and_names_no_index() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert len(packages) > 100
    assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []
    assert not [line for line in lines if "://" in line]
