"""„Was heißt …?“: technical words are found however they are asked for, and nothing else is."""

import pytest

from knowledge import advise, messages
from knowledge.case import Case
from knowledge.loader import Knowledge


def asked(knowledge: Knowledge, text: str) -> str | None:
    term = Case().enquiry(("smalltalk",), text, knowledge).term
    return term.id if term else None


@pytest.mark.parametrize(
    "text",
    [
        "Was heißt Bescheid?",
        "was bedeutet bescheid",
        "Was ist ein Bescheid?",
        "Was sind Bescheide?",
        "Bescheid",
        "Bescheid?",
        "Bescheid, was ist das?",
        "Können Sie mir das Wort Bescheid erklären?",
        "Bitte erklären Sie den Bescheid",
        "was heist das wort bescheid",
    ],
)
def test_a_word_is_found_however_it_is_asked_for(knowledge: Knowledge, text: str) -> None:
    assert asked(knowledge, text) == "bescheid"


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Was sind wesentliche Unterschiede?", "wesentliche_unterschiede"),
        ("Was ist ein reglementierter Beruf?", "reglementiert"),
        ("was heißt eigentlich zuständige stelle", "zustaendige_stelle"),
        ("Was bedeutet Defizitbescheid?", "defizitbescheid"),
    ],
)
def test_terms_of_several_words_and_compounds_are_found(knowledge: Knowledge, text: str, term: str) -> None:
    assert asked(knowledge, text) == term


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe einen Bescheid bekommen",
        "Was soll ich mit dem Bescheid machen?",
        "Erklären Sie mir, wie ich einen Antrag stelle",
        "Was soll ich tun, ich habe keinen Mut mehr",
        "Gern",
        "Was ist mit meinem Bescheid passiert, der im Mai kommen sollte?",
        "Was heißt das für meinen Beruf?",
        "Wie lange dauert der Bescheid?",
        "",
        "???",
        "was ist",
        "was heißt",
    ],
)
def test_what_asks_for_something_else_is_left_alone(knowledge: Knowledge, text: str) -> None:
    assert asked(knowledge, text) is None


def test_the_answer_explains_leads_on_and_asks_nothing(knowledge: Knowledge) -> None:
    enquiry = Case().enquiry(("documents",), "Was heißt Defizitbescheid?", knowledge)
    advice = advise(enquiry, knowledge)
    assert "Defizitbescheid" in messages(advice, knowledge)[0].text
    assert advice.asks is None and advice.buttons[0].id == "topic:partial_recognition_measures"


def test_a_crisis_is_never_explained_away(knowledge: Knowledge) -> None:
    enquiry = Case().enquiry(("crisis",), "Was heißt Bescheid?", knowledge)
    assert advise(enquiry, knowledge).enquiry.urgent
    assert advise(enquiry, knowledge).referrals
