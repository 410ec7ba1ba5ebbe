"""Every topic × asker × place × kind of occupation has a whole answer, in plain words, with source and date."""

import itertools
import re

import pytest

from knowledge import advise, custom, messages
from knowledge.loader import Knowledge
from knowledge.message import LONGEST
from knowledge.model import ASKERS, Enquiry, Place, Regulation

OCCUPATIONS = (None, "arzt", "pflegefachkraft", "friseur", "bueromanagement", "ingenieur", "kinderpfleger")


def walk(knowledge: Knowledge, topic: str) -> list[Enquiry]:
    countries = (None, knowledge.countries.by_code["SY"], knowledge.countries.by_code["PL"])
    return [
        Enquiry(
            topics=(topic,),
            asker=asker,
            land="DE-NW" if placed else None,
            place="Gütersloh" if placed else None,
            profession=knowledge.professions.by_id[occupation] if occupation else None,
            country=country,
        )
        for asker, placed, occupation, country in itertools.product(ASKERS, (False, True), OCCUPATIONS, countries)
    ]


def topics() -> list[str]:
    return (
        "recognition_procedure recognition_possible regulated documents costs_funding duration competent_body no_papers "
        "partial_recognition_measures qualification_offer contact_region contact_fachstelle german_language self_employment "
        "immigration intercultural_training discrimination employer_enquiry program_info job_search appointment_handover "
        "data_privacy smalltalk out_of_scope crisis"
    ).split()


def test_the_walk_knows_all_topics(knowledge: Knowledge) -> None:
    assert sorted(topics()) == sorted(knowledge.topics) == sorted(knowledge.answers)


@pytest.mark.parametrize("topic", topics())
def test_every_enquiry_gets_a_whole_answer(knowledge: Knowledge, topic: str) -> None:
    for enquiry in walk(knowledge, topic):
        said = messages(advise(enquiry, knowledge), knowledge)
        assert said
        for message in said:
            assert 0 < len(message.text) <= LONGEST
            assert "{" not in message.text and "None" not in message.text and ".." not in message.text


@pytest.mark.parametrize("topic", topics())
def test_every_contact_has_a_reason_a_source_and_a_date(knowledge: Knowledge, topic: str) -> None:
    for enquiry in walk(knowledge, topic):
        for contact in custom(advise(enquiry, knowledge))["advice"]["contacts"]:
            assert contact["why"] and contact["source"] and contact["as_of"]


def test_no_text_promises_anything_or_asks_for_the_residence_title(knowledge: Knowledge) -> None:
    forbidden = re.compile(r"\bwird anerkannt\b|\bgarantier|\bsicher anerkannt\b|Welchen Aufenthaltstitel")
    texts = [f"{answer.answer} {answer.next}" for answers in knowledge.answers.values() for answer in answers]
    assert [text for text in texts if forbidden.search(text)] == []


def test_health_work_is_always_regulated(knowledge: Knowledge) -> None:
    words = "Krankenschwester Physiotherapeutin Hebamme Logopädin Ergotherapeut Altenpfleger Notfallsanitäter Arzt Apothekerin"
    for word in words.split():
        found = knowledge.professions.resolve(word)
        assert found is not None and found.profession.regulated is Regulation.YES, word


def test_a_crisis_gets_numbers_and_no_question(knowledge: Knowledge) -> None:
    for text in ("", "er schlaegt mich", "ich will nicht mehr leben", "chef hat meinen pass"):
        advice = advise(Enquiry(topics=("crisis",), text=text), knowledge)
        assert custom(advice)["advice"]["urgent"] is True
        assert (advice.asks, advice.question, advice.buttons) == (None, "", ())
        assert {"110", "112"} & {referral.contact.phone for referral in advice.referrals}


def test_an_unsure_enquiry_is_asked_back_with_the_best_topics(knowledge: Knowledge) -> None:
    advice = advise(Enquiry(topics=("documents", "duration", "costs_funding"), sure=False), knowledge)
    assert advice.asks == "topic"
    assert [button.id for button in advice.buttons] == ["topic:documents", "topic:duration", "topic:costs_funding"]


def test_an_unsure_enquiry_with_a_place_names_the_network_there(knowledge: Knowledge) -> None:
    enquiry = Enquiry(topics=("documents", "duration"), sure=False, land="DE-BE", place="Berlin")
    advice = advise(enquiry, knowledge)
    assert advice.referrals[0].contact.id == "landesnetzwerk-be"
    assert advice.asks == "topic"


def test_nothing_understood_leads_to_a_human(knowledge: Knowledge) -> None:
    said = messages(advise(Enquiry(), knowledge), knowledge)
    assert "+49 30 1815-1111" in said[0].text


def test_an_ambiguous_place_becomes_buttons_with_kreis_and_land(knowledge: Knowledge) -> None:
    options = tuple(p for p in knowledge.places.names.get(("frankfurt",)) if p.kind == "gemeinde")
    enquiry = Enquiry(topics=("contact_region",), lands=("DE-BB", "DE-HE"), place="Frankfurt", options=options)
    advice = advise(enquiry, knowledge)
    assert sorted(button.id for button in advice.buttons) == ["place:06412000", "place:12053000"]
    assert all("Frankfurt" in button.title for button in advice.buttons)


def test_too_many_places_become_buttons_of_the_laender(knowledge: Knowledge) -> None:
    options = tuple(Place(f"Neustadt {i}", "gemeinde", ("DE-BY",), ags=str(i)) for i in range(12))
    advice = advise(Enquiry(topics=("contact_region",), lands=("DE-BY", "DE-HE"), place="Neustadt", options=options), knowledge)
    assert [button.id for button in advice.buttons] == ["land:DE-BY", "land:DE-HE"]


def test_the_question_of_the_readme_is_answered_with_network_carrier_reason_and_date(knowledge: Knowledge) -> None:
    enquiry = Enquiry(topics=("contact_region",), land="DE-BY", place="Erlangen")
    text = "\n".join(message.text for message in messages(advise(enquiry, knowledge), knowledge))
    for part in (
        "Netzwerk Bayern, MigraNet",
        "Tür an Tür – Integrationsprojekte gGmbH",
        "Erlangen",
        "www.netzwerk-iq.de",
        "Faltblatt „Förderprogramm IQ 2015–2018“",
        "2015–2018",
    ):
        assert part in text
