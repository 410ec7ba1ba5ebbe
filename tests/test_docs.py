"""What the documents say is true: commands, files, settings, the transcript, the attributions."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from bot.__main__ import COMMANDS
from bot.settings import PREFIX, ROOT, Settings
from knowledge import advise, messages
from knowledge.loader import Knowledge
from knowledge.model import Enquiry

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_no_other() -> None:
    named = set(re.findall(r"\./wegweiser (\w+)", README))
    assert named == set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_exists(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert set(re.findall(r"\./wegweiser ([a-z]+)", text)) <= set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_exists(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    named = set(re.findall(r"`((?:knowledge|bot|actions|prescreen|web|tests|docs)/[\w./-]+)`", text))
    named |= {link for link in re.findall(r"\]\(([\w./]+)\)", text) if path.parent == ROOT}  # type: ignore[attr-defined]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_setting_is_documented_and_no_other() -> None:
    text = (ROOT / "docs/OPERATING.md").read_text(encoding="utf-8")
    named = set(re.findall(rf"`({PREFIX}[A-Z_]+)`", text))
    assert named - {f"{PREFIX}TRACKER_DB"} == {PREFIX + field.name.upper() for field in fields(Settings)}


def test_the_transcript_of_the_readme_is_what_the_assistant_says(knowledge: Knowledge) -> None:
    enquiry = Enquiry(topics=("contact_region",), land="DE-BY", place="Erlangen")
    for message in messages(advise(enquiry, knowledge), knowledge):
        for line in message.text.splitlines():
            assert f"> {line}" in README


def test_the_attributions_of_the_data_are_shown_on_the_demo_page() -> None:
    page = (ROOT / "web/demo/index.html").read_text(encoding="utf-8")
    for name in ("Statistisches Bundesamt", "BKG", "GeoNames", "ESCO"):
        assert name in page
