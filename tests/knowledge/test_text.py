import pytest

from knowledge.redaction import redact
from knowledge.text import bare, fold, key, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Köln", "koeln"),
        ("KÖLN", "koeln"),
        ("Ko\u0308ln", "koeln"),  # decomposed, as some phones send it
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("Ärztin", "aerztin"),
        ("diplôme", "diplome"),
        ("ﬁnden", "finden"),
        ("Диплом", "диплом"),
        ("", ""),
    ],
)
def test_every_spelling_of_a_word_folds_to_one(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_bare_leaves_out_the_dots_that_keyboards_lack() -> None:
    assert [bare(name) for name in ("Köln", "Düsseldorf", "Würzburg")] == ["koln", "dusseldorf", "wurzburg"]


def test_words_keep_their_place_in_the_original() -> None:
    text = "Ich bin Krankenpfleger:in – aus Lwiw!"
    assert [text[word.start : word.end] for word in words(text)] == ["Ich", "bin", "Krankenpfleger", "in", "aus", "Lwiw"]


def test_decomposed_letters_do_not_cut_a_word() -> None:
    assert [word.fold for word in words("A\u0308rztin")] == ["aerztin"]


def test_key_ignores_brackets_and_hyphens() -> None:
    assert key("Halle (Saale)") == ("halle", "saale")
    assert key("Rems-Murr-Kreis") == ("rems", "murr", "kreis")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Mail an lina.haddad@example.org bitte", "Mail an [E-Mail] bitte"),
        ("Tel. 0151 2345678", "Tel. [Telefon]"),
        ("ruf +49 151 23456789 an", "ruf [Telefon] an"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "IBAN [IBAN]."),
        ("geboren 03.04.1988 in Homs", "geboren [Datum] in Homs"),
        ("Az. 12-345/2024", "Az. [Nummer]"),
        ("Ich heiße Lina Haddad und bin Ärztin", "Ich heiße [Name] und bin Ärztin"),
        ("Frau Meier vom Jobcenter", "Frau [Name] vom Jobcenter"),
        ("Ich wohne Goethestraße 12a", "Ich wohne [Straße]"),
    ],
)
def test_personal_data_is_replaced_by_its_kind(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "PLZ 63739",
        "33330 Gütersloh",
        "§ 16d AufenthG",
        "100 bis 600 Euro",
        "Ich habe 12 Jahre gearbeitet, 1995 bis 2007",
        "B2 oder C1?",
        "Meine Frau ist Ärztin",
        "24 Stunden Pflege",
    ],
)
def test_what_the_answer_needs_stays(text: str) -> None:
    assert redact(text) == text


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact("Ich heiße Lina Haddad, 0151 2345678, lina@example.org, geb. 1.2.1990")
    assert redact(once) == once
