"""How plain texts are: the limits find what breaks them, and our own texts keep them."""

import pytest

from knowledge import plain, review
from knowledge.loader import Knowledge


def found(text: str, *explained: str) -> list[str]:
    return [finding.rule for finding in plain.findings("x", text, lambda word: word in explained)]


def test_a_plain_text_has_no_findings() -> None:
    assert found("Die Beratung ist kostenlos. Rufen Sie an.") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Das " + "und " * 20 + "ist zu lang.", "a sentence of more than 20 words"),
        ("Dies ist ein Satz mit genau dreizehn Wörtern und er ist zu lang. " * 2, "mean sentence over 12 words"),
        ("Kurz. " * 101, "longer than 600 characters"),
        ("Die Gleichwertigkeitsfeststellung dauert.", "a word of more than 14 letters that the glossary does not explain"),
        ("Der Antrag wird von der Kammer geprüft.", "passive"),
        ("Erst, dann, und zuletzt.", "more than 1 comma in a sentence"),
        ("Das macht die ZAB.", "an abbreviation that nobody explains"),
        ("Das gilt z. B. hier.", "an abbreviation that nobody explains"),
    ],
)
def test_each_limit_finds_what_breaks_it(text: str, rule: str) -> None:
    assert rule in found(text)


def test_what_the_glossary_explains_needs_no_more() -> None:
    assert found("Die Gleichwertigkeitsfeststellung macht die ZAB.", "Gleichwertigkeitsfeststellung", "ZAB") == []
    assert found("Das macht die Zentralstelle (ZAB).") == []


def test_future_and_becoming_are_no_passive() -> None:
    assert found("Sie werden Ärztin. Das wird gut.") == []


def test_the_figures_follow_their_formulas() -> None:
    measure = plain.measure(["Das Amt hilft. Die Beratung ist kostenlos."])
    # 7 words in 2 sentences; 2 longer than 6 letters and with 3 syllables; 5 of one syllable.
    assert (measure.sentences, measure.words, measure.longest) == (2, 7, 4)
    assert measure.lix == pytest.approx(3.5 + 200 / 7)
    expected = 0.1935 * 200 / 7 + 0.1672 * 3.5 + 0.1297 * 200 / 7 - 0.0327 * 500 / 7 - 0.875
    assert measure.wiener == pytest.approx(expected)


def test_no_text_of_ours_is_over_a_hard_limit(knowledge: Knowledge) -> None:
    assert [str(finding) for finding in review.plainness(knowledge) if finding.hard] == []


def test_all_texts_together_read_easily(knowledge: Knowledge) -> None:
    measure = plain.measure(list(review.texts(knowledge).values()))
    assert measure.mean <= 10 and measure.lix < 40 and measure.wiener < 8
