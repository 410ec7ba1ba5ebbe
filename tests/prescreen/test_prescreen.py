"""Pre-screening through the real model: the contract, the figures, redaction, order."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot import evaluation
from bot.nlu.understanding import Understander
from bot.settings import ROOT
from knowledge.loader import Knowledge
from prescreen.batch import Prescreener
from prescreen.items import Item
from prescreen.lines import jsonl

pytestmark = pytest.mark.assistant
FIELDS = (
    "id text language topic confidence sure topics land lands place profession country asker urgent urgency missing contacts "
    "answer ask_back readings draft attachments error"
).split()


@pytest.fixture(scope="module")
def screener(understander: Understander, knowledge: Knowledge) -> Prescreener:
    return Prescreener(understander, knowledge, "both")


def one(screener: Prescreener, text: str) -> dict[str, object]:
    return screener.screen(Item(1, text))


def test_no_figure_that_must_be_reached_is_missed(understander: Understander, knowledge: Knowledge) -> None:
    sets = [evaluation.questions(evaluation.standing_alone(understander, name), knowledge) for name in evaluation.SETS]
    figures = [*map(evaluation.decisive, zip(*sets)), evaluation.routing(understander, knowledge)]
    assert [f"{figure.name}: {figure.share:.1%}" for figure in figures if figure.missed] == []
    assert all(figure.of >= evaluation.FEWEST for figure in figures)


def test_each_result_has_the_fields_of_the_contract(screener: Prescreener) -> None:
    text = "Ich bin Krankenschwester aus Syrien, wohne in Gütersloh. Welche Unterlagen brauche ich?"
    result = one(screener, text)
    assert list(result) == FIELDS
    assert (result["topic"], result["land"], result["asker"]) == ("documents", "DE-NW", "migrant")
    assert result["place"] == {"text": "Gütersloh", "start": text.index("Gütersloh"), "end": text.index(".")}
    assert result["profession"] == {"text": "Krankenschwester", "name": "Pflegefachfrau/Pflegefachmann", "regulated": "yes"}
    assert result["country"] == {"text": "Syrien", "iso2": "SY"}
    first = result["topics"][0]  # type: ignore[index]
    assert first["because"] and all(phrase in text for phrase in first["because"])


def test_several_possible_laender_are_listed_and_none_is_guessed(screener: Prescreener) -> None:
    result = one(screener, "Ich wohne in Frankfurt, wer berät mich?")
    assert (result["land"], result["lands"], result["missing"]) == (None, ["DE-BB", "DE-HE"], ["land"])


def test_personal_data_is_out_of_every_result_and_places_point_into_the_redacted_text(screener: Prescreener) -> None:
    text = "Ich heiße Lina Haddad, 0151 2345678, lina@example.org, und wohne in Kiel. Was kostet die Anerkennung?"
    result = one(screener, text)
    assert not any(part in json.dumps(result) for part in ("Lina", "Haddad", "2345678", "example.org"))
    place = result["place"]
    assert isinstance(place, dict) and str(result["text"])[place["start"] : place["end"]] == "Kiel"


def test_personal_data_stays_where_that_is_asked_for(understander: Understander, knowledge: Knowledge) -> None:
    text = "Ich heiße Lina Haddad, 0151 2345678, und wohne in Kiel."
    assert Prescreener(understander, knowledge, "both", keep=True).screen(Item(1, text))["text"] == text


def test_what_is_not_sure_shows_both_readings_and_asks_back(screener: Prescreener) -> None:
    result = one(screener, "irgendwas mit beruf")
    readings = result["readings"]
    assert isinstance(readings, list) and result["sure"] is False and len(readings) == 2
    assert all(reading["answer"] and reading["label"] for reading in readings)
    assert result["ask_back"] == [
        f"Geht es um „{readings[0]['label'].rstrip('?')}“ oder um „{readings[1]['label'].rstrip('?')}“?"
    ]
    assert str(result["ask_back"][0]) in str(result["draft"])


@pytest.mark.parametrize("text", ["Ich möchte mit einem Menschen sprechen, bitte einen Termin.", "Guten Tag!"])
def test_a_draft_does_not_speak_as_the_chat(screener: Prescreener, text: str) -> None:
    draft = str(one(screener, text)["draft"])
    assert "Programm und" not in draft and "Gern sprechen wir mit Ihnen" in draft


def test_all_that_is_missing_is_asked_for_in_the_draft(screener: Prescreener) -> None:
    result = one(screener, "Wird mein Diplom hier anerkannt?")
    assert result["missing"] == ["land", "profession"]
    assert "Welchen Beruf haben Sie gelernt?" in str(result["draft"]) and "In welchem Ort" in str(result["draft"])


def test_the_postal_code_of_a_signature_tells_the_land_only_where_the_text_does_not(screener: Prescreener) -> None:
    assert screener.screen(Item(1, "Was kostet die Anerkennung?", nearby="24103 Kiel"))["land"] == "DE-SH"
    assert screener.screen(Item(1, "Was kostet die Anerkennung in Köln?", nearby="24103 Kiel"))["land"] == "DE-NW"


def test_broken_lines_keep_their_place_and_the_rest_goes_on(screener: Prescreener) -> None:
    lines = ['{"id": 1, "text": "Kiel"}', "{", "", '{"id": 3}', '{"id": 4, "text": "hallo"}']
    results = list(screener.results(jsonl(io.StringIO("\n".join(lines)))))
    assert [result["id"] for result in results] == [1, 2, 3, 4]
    assert [bool(result["error"]) for result in results] == [False, True, True, False]


def test_two_runs_give_the_same(screener: Prescreener) -> None:
    items = [Item(i, text) for i, text in enumerate(["Kiel", "Was kostet das?", "😀", "x" * 9000, "ok"] * 30)]
    assert list(screener.results(items)) == list(screener.results(items))


def test_the_command_reads_a_file_and_standard_input(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "text": "Wer berät mich in Kiel?"})
    (tmp_path / "in.jsonl").write_text(line + "\n{\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "prescreen"]
    done = subprocess.run(
        [*command, str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl")], cwd=ROOT, capture_output=True
    )
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert done.returncode == 1
    assert [result["error"] is None for result in results] == [True, False]
    piped = subprocess.run([*command, "-"], input=line, cwd=ROOT, capture_output=True, text=True)
    assert piped.returncode == 0
    assert json.loads(piped.stdout)["contacts"][0]["id"] == "landesnetzwerk-sh"


def test_ask_prints_the_answer_and_the_advice() -> None:
    command = [sys.executable, "-m", "bot", "ask", "Wer berät mich in Erlangen zur Anerkennung?"]
    plain = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    for part in ("Netzwerk Bayern, MigraNet", "Tür an Tür – Integrationsprojekte gGmbH", "www.netzwerk-iq.de", "2015–2018"):
        assert part in plain.stdout
    record = json.loads(subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True).stdout)
    assert record["advice"]["contacts"][0]["id"] == "landesnetzwerk-by"
    assert record["messages"][0]["text"]
