"""The files of the widget: small, complete, and true to the knowledge."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.channels.files import File, without_comments
from bot.channels.pages import WEB
from knowledge.loader import Knowledge
from knowledge.text import words

WIDGET = WEB / "widget"
SCRIPT = (WIDGET / "beratung-chat.js").read_text(encoding="utf-8")
TEXTS = sorted((WIDGET / "texts").glob("*.json"))
GERMAN = re.findall(
    r"^    (\w+): ((?:\"[^\"]*\"(?: \+\n\s*)?)+),$", SCRIPT[SCRIPT.index("GERMAN") : SCRIPT.index("HOTLINE")], re.MULTILINE
)


def weight(path: Path) -> int:
    """Bytes over the wire."""
    return len(File(path, {}).packed)


def test_the_widget_weighs_at_most_8_kb_and_everything_40() -> None:
    widget = weight(WIDGET / "beratung-chat.js")
    everything = sum(map(weight, [*WIDGET.glob("*.js*"), max(TEXTS, key=weight)]))
    print(f"widget {widget} bytes, with map, tools and one language {everything}")
    assert widget <= 8192 and everything < 40_000


def test_a_script_keeps_everything_but_comments_and_indentation() -> None:
    script = '/** Why. */\nconst a = "// not a comment";\n  // a comment\n  const b = `x\n  y`; // stays\n'
    script += "  /**\n   * more\n   */\n  f();\n"
    assert without_comments(script) == 'const a = "// not a comment";\nconst b = `x\ny`; // stays\nf();\n'


def test_a_browser_that_has_a_file_gets_it_only_when_it_changed() -> None:
    file = File(WIDGET / "tools.js", {})

    class Asked:
        headers: dict[str, str]

    asked = Asked()
    asked.headers = {"accept-encoding": "gzip, br"}
    first = file.response(asked)
    assert first.status == 200 and first.headers["Content-Encoding"] == "gzip"
    asked.headers = {"if-none-match": first.headers["ETag"]}
    assert file.response(asked).status == 304
    asked.headers = {}
    assert "Content-Encoding" not in file.response(asked).headers


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_language_has_every_word(path: Path) -> None:
    said = json.loads(path.read_text(encoding="utf-8"))
    assert list(said) == [name for name, _ in GERMAN]
    assert all(text.strip() for text in said.values())


def test_the_languages_of_the_menu_are_those_of_the_files() -> None:
    named = set(re.findall(r'\b([a-z]{2}): "', SCRIPT[SCRIPT.index("LANGUAGES") : SCRIPT.index("GERMAN")]))
    assert named == {path.stem for path in TEXTS} | {"de"}


def test_german_sentences_of_the_frame_are_short() -> None:
    sentences = [sentence for _, text in GERMAN for sentence in re.split(r"(?<=[.?!…]) ", text)]
    lengths = [len(list(words(sentence))) for sentence in sentences]
    assert len(lengths) > 30 and max(lengths) <= 20 and sum(lengths) / len(lengths) <= 12


def test_the_hotline_of_the_widget_is_that_of_the_knowledge(knowledge: Knowledge) -> None:
    number = re.search(r'HOTLINE = "([^"]+)"', SCRIPT)
    assert number and number[1] in {contact.phone for contact in knowledge.contacts.values()}
    assert f"Telefon {number[1]}" in knowledge.texts["failure"]


def test_the_map_has_the_sixteen_laender_of_the_knowledge_and_names_its_source(knowledge: Knowledge) -> None:
    data = json.loads((WIDGET / "laender.json").read_text(encoding="utf-8"))
    assert {land["id"]: land["name"] for land in data["laender"]} == {
        code: land.name for code, land in knowledge.places.lands.items()
    }
    assert data["source"] == "© GeoBasis-DE / BKG 2021 (Daten verändert)" and data["sourceUrl"] == "https://www.bkg.bund.de"


@pytest.mark.parametrize("path", sorted(WIDGET.glob("*.js")), ids=lambda path: path.name)
def test_no_script_makes_html_out_of_text(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "DOMParser", "srcdoc"):
        assert way not in script
    # Older phones: no look-behind.
    assert "(?<" not in script
