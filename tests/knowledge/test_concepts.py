import pytest

from knowledge.concepts import Lexicon
from knowledge.loader import Knowledge
from knowledge.text import words

LEXICON = Lexicon({"COST": ["kost*", "wie teuer", "was kostet"], "NOTICE": ["*bescheid"], "WHERE": ["wo"]})


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Was kostet das?", {"COST"}),
        ("wie TEUER", {"COST"}),
        ("teuer", set()),
        ("Defizitbescheid", {"NOTICE"}),
        ("bescheiden", set()),
        ("wo ist mein Bescheid", {"WHERE", "NOTICE"}),
        ("", set()),
    ],
)
def test_words_beginnings_endings_and_phrases_are_found(text: str, concepts: set[str]) -> None:
    assert LEXICON.speaks_of(words(text)) == concepts


def test_a_mention_names_the_words_that_show_it() -> None:
    mention = next(m for m in LEXICON.find(words("und was kostet das")) if m.first == 1)
    assert (mention.concept, mention.first, mention.last) == ("COST", 1, 3)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("mein Chef hat mir den Pass weggenommen", "PASSPORT_TAKEN"),
        ("ne kadar sürer", "Q_HOW_LONG"),
        ("сколько стоит", "Q_HOW_MUCH"),
        ("Ich berate eine Klientin", "COUNSELLOR_SELF"),
        ("hier Jobcenter, meine Frage", "ASKS_AS_AUTHORITY"),
        ("Presseanfrage zum Programm", "ASKS_AS_PUBLIC"),
    ],
)
def test_the_lexicon_reads_the_words_of_people(knowledge: Knowledge, text: str, concept: str) -> None:
    assert concept in knowledge.lexicon.speaks_of(words(text))
