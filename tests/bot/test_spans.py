"""Occupations, countries, organisations and askers in real wordings."""

from __future__ import annotations

import pytest

from bot.nlu.spans import SpanReader
from knowledge.loader import Knowledge


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> SpanReader:
    return SpanReader(knowledge)


@pytest.mark.parametrize(
    ("text", "profession"),
    [
        ("krankenschwester aus syrien was muss ich machen", "pflegefachkraft"),
        ("Ich bin Krankenpfleger:in", "pflegefachkraft"),
        ("suche Stelle als Ärzt*in", "arzt"),
        ("ausländische Ärzte in Ansbach", "arzt"),
        ("mein Mann ist Elektriker", "elektriker"),
        ("ich war Friseurin in Homs", "friseur"),
        ("Kfz-Mechatroniker aus Polen", "kfz_mechatroniker"),
        ("jestem pielęgniarka z Polski", "pflegefachkraft"),
        ("ich bin Internistin", "facharzt"),
        ("Wo ist das Amt?", None),
        ("mein Chef sagt nein", None),
        ("hallo", None),
        # Who asks for somebody else names their own occupation too; it is not the one that is meant.
        ("Ich bin Sozialarbeiterin, mein Klient ist Arzt aus Syrien.", "arzt"),
        ("Ich bin Sozialarbeiterin und meine Klientin fragt nach den Kosten.", None),
        ("Als Sozialpädagogin betreue ich eine Frau aus Afghanistan, sie war Hebamme.", "hebamme"),
        ("Ich bin Rechtsanwältin und vertrete einen Mandanten, der Elektriker ist.", "elektriker"),
        ("Ich arbeite als Lehrerin, eine meiner Schülerinnen ist Krankenschwester.", "pflegefachkraft"),
        ("Mein Klient hat als Koch gearbeitet.", "koch"),
        # … but these ask for themselves.
        ("Ich bin Sozialarbeiterin aus der Ukraine und möchte die Anerkennung.", "sozialpaedagoge"),
        ("Ich bin Ergotherapeutin, habe mit Klienten gearbeitet. Zählt das?", "ergotherapeut"),
        ("Ich bin Hebamme, meine Klientin hat gefragt, ob mein Abschluss hier zählt.", "hebamme"),
    ],
)
def test_the_occupation_of_a_message(reader: SpanReader, text: str, profession: str | None) -> None:
    found = reader.read(text)
    assert (found.profession.id if found.profession else None) == profession


def test_a_word_in_another_language_is_asked_back_like_the_german_one(reader: SpanReader) -> None:
    found = reader.read("Где искать работу бухгалтеру?")
    assert found.ambiguity is not None and found.ambiguity.ask


def test_a_word_for_several_occupations_is_known_as_ambiguous(reader: SpanReader) -> None:
    found = reader.read("Ich bin Ingenieur")
    assert found.ambiguity is not None
    assert {candidate.id for candidate in found.ambiguity.candidates} >= {"ingenieur", "bauingenieur"}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Diplom aus Syrien", "SY"),
        ("ich komme aus der Türkei", "TR"),
        ("syrischer Abschluss", "SY"),
        ("Polin mit Diplom", "PL"),
        ("Я из Украины, диплом из Украина", "UA"),
        ("Ich spreche Türkisch", None),
        ("Sprechen Sie Englisch?", None),
        ("deutscher Abschluss in Deutschland", None),
        ("Wo wohnen Sie?", None),
    ],
)
def test_the_country_of_a_message(reader: SpanReader, text: str, country: str | None) -> None:
    found = reader.read(text)
    assert (found.country.iso2 if found.country else None) == country


@pytest.mark.parametrize(
    ("text", "asker"),
    [
        ("Ich berate eine Klientin aus Kenia", "counsellor"),
        ("Als Lehrerin betreue ich eine Frau aus Kenia", "counsellor"),
        ("Ich vertrete einen Mandanten aus Polen", "counsellor"),
        ("Unser Betrieb möchte eine Pflegekraft einstellen", "employer"),
        ("Wir im Jobcenter suchen eine Schulung", "authority"),
        ("Presseanfrage: Wie viele Netzwerke gibt es?", "other"),
        ("Ich bin Journalist aus Syrien", None),
        ("meine Frau ist Ärztin", None),
    ],
)
def test_who_asks(reader: SpanReader, text: str, asker: str | None) -> None:
    assert reader.read(text).asker == asker


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("Was macht NOBI?", "landesnetzwerk-hh"),
        ("EXIS Europa, welches Netzwerk?", "landesnetzwerk-sn"),
        ("Büro des Beauftragten für Integration und Migration", "landesnetzwerk-be"),
        ("f-bb", "fachstelle-beratung-qualifizierung"),
        ("Minor im Netzwerk IQ", "fachstelle-einwanderung"),
        ("ZWH", "mut-iq"),
        ("BIBB", "portal"),
    ],
)
def test_organisations_of_the_programme_are_known_by_all_their_names(reader: SpanReader, text: str, organisation: str) -> None:
    assert organisation in reader.read(text).organisations


def test_a_place_inside_the_name_of_an_organisation_is_no_residence(reader: SpanReader) -> None:
    found = reader.read("VIA Bayern hat mir geschrieben")
    assert found.residence.land is None


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("Kiel", True),
        ("aus Polen", True),
        ("Gütersloh, Krankenschwester", True),
        ("Kiel und was kostet das?", False),
        ("hallo", False),
        ("", False),
    ],
)
def test_a_message_of_bare_facts_is_told_from_a_question(reader: SpanReader, text: str, only: bool) -> None:
    assert reader.read(text).only_facts is only
