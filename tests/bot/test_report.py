"""The report of `eval`: one file, no request to anywhere, hostile text shown as text."""

from __future__ import annotations

from pathlib import Path

from bot import report
from bot.evaluation import Figure
from bot.nlu.residence import Residence
from bot.nlu.spans import Spans
from bot.nlu.topics import Guess
from bot.nlu.understanding import Understanding

NOTHING = Spans(Residence(), None, None, None, None, None, (), None, frozenset(), False)


def understood(text: str, topic: str, confidence: float) -> Understanding:
    return Understanding(text, "de", (Guess(topic, confidence, ("Wort",)),), True, None, NOTHING)


def test_the_report_stands_alone_and_shows_text_as_text(tmp_path: Path) -> None:
    texts = ["Was kostet das?", "<script>alert(1)</script>", "Wie lange?"]
    pairs = [({"text": text, "topic": "duration"}, understood(text, "costs_funding", 0.3 * i)) for i, text in enumerate(texts)]
    figure = Figure("topic", 1, 2, 0.9)
    report.write(tmp_path / "report.html", {"dev": [figure]}, figure, {"dev": pairs})
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert html.count("<svg") == 3
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "MISSED" in html and "50.0%" in html
    assert 'src="http' not in html and 'href="http' not in html
