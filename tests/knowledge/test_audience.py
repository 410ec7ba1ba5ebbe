"""An answer fits who asks and where the training was; a contact reads as what it is."""

import pytest

from knowledge import advise, messages
from knowledge.loader import Knowledge
from knowledge.model import Enquiry, Role


def whole(enquiry: Enquiry, knowledge: Knowledge) -> str:
    return "\n".join(message.text for message in messages(advise(enquiry, knowledge), knowledge))


def test_an_answer_for_the_person_is_handed_to_an_office_as_words_for_that_person(knowledge: Knowledge) -> None:
    nurse = knowledge.professions.by_id["pflegefachkraft"]
    own, office, press = (
        whole(
            Enquiry(topics=("partial_recognition_measures",), profession=nurse, text="angst vor der pruefung", asker=asker),
            knowledge,
        )
        for asker in ("migrant", "counsellor", "other")
    )
    assert "so sagen:" not in own and "um die es geht" not in own
    assert "Zum Beruf Pflegefachfrau/Pflegefachmann können Sie der Person so sagen: Aufregung vor der Prüfung" in office
    assert "Den Menschen, um die es geht, sage ich: Aufregung vor der Prüfung" in press


@pytest.mark.parametrize(
    ("asker", "words"),
    [("counsellor", "Das können Sie der Person so sagen: "), ("other", "Den Menschen, um die es geht, sage ich: ")],
)
def test_without_an_occupation_the_words_stand_alone(knowledge: Knowledge, asker: str, words: str) -> None:
    assert whole(Enquiry(topics=("regulated",), asker=asker), knowledge).startswith(words)


def test_an_answer_that_was_written_for_an_office_needs_no_such_words(knowledge: Knowledge) -> None:
    assert "so sagen:" not in whole(Enquiry(topics=("documents",), asker="counsellor"), knowledge)


@pytest.mark.parametrize(("country", "said"), [("PL", True), ("CH", True), ("SY", False), (None, False)])
def test_rules_for_people_from_outside_the_eu_are_limited_where_the_training_was_in_it(
    knowledge: Knowledge, country: str | None, said: bool
) -> None:
    enquiry = Enquiry(
        topics=("immigration",), asker="counsellor", country=knowledge.countries.by_code[country] if country else None
    )
    assert ("nur für Menschen mit einem Pass von außerhalb der EU" in whole(enquiry, knowledge)) is said


def test_a_network_never_reads_like_the_body_that_decides(knowledge: Knowledge) -> None:
    text = whole(Enquiry(topics=("recognition_procedure",), land="DE-HH"), knowledge)
    assert "Beratung gibt es hier: Netzwerk Hamburg, NOBI (Stand 2015–2018). Träger: Handwerkskammer Hamburg." in text
    assert "Zuständig ist" not in text


def test_a_fachstelle_says_who_does_its_work_today_or_that_nobody_does(knowledge: Knowledge) -> None:
    text = whole(Enquiry(topics=("immigration",), asker="authority"), knowledge)
    assert "Im Programm war dafür da: Fachstelle „Einwanderung“ (Stand 2015–2018)." in text
    assert "Neuere Stelle: IQ Fachstelle Einwanderung und Integration (Stand 2023–2025)." in text
    assert "in der Regel nicht mehr" not in text
    for asker in ("authority", "migrant"):
        closed = whole(Enquiry(topics=("german_language",), land="DE-BY", asker=asker), knowledge)
        assert "Seit 2023 gibt es diese Fachstelle in der Regel nicht mehr." in closed
        assert closed.index("Berufssprachkurse. Träger") < closed.index("Im Programm war dafür da")


def test_a_contact_from_before_the_change_of_the_programme_is_said_to_be_old(knowledge: Knowledge) -> None:
    said = {land: whole(Enquiry(topics=("documents",), land=land), knowledge) for land in ("DE-NI", "DE-BY")}
    assert "(Stand 2022)" in said["DE-NI"] and "Prüfen Sie die Adresse" in said["DE-NI"]
    assert "Prüfen Sie die Adresse" not in said["DE-BY"]


def test_what_is_only_derived_of_an_occupation_is_said_with_care(knowledge: Knowledge) -> None:
    by_id = knowledge.professions.by_id
    for occupation, certain in (("arzt", True), ("podologe", False)):
        text = whole(Enquiry(topics=("contact_region",), profession=by_id[occupation]), knowledge)
        assert ("in der Regel reglementiert" in text) is not certain, text


def test_what_an_offer_does_makes_a_sentence(knowledge: Knowledge) -> None:
    offers = [service for service in knowledge.services.values() if service.role is Role.SERVICE and service.url]
    assert offers and not [service.id for service in offers if not service.about[0].islower()]


def test_what_was_asked_about_comes_before_who_asks(knowledge: Knowledge) -> None:
    nurse = knowledge.professions.by_id["pflegefachkraft"]
    asked = Enquiry(topics=("recognition_procedure",), profession=nurse, text="frist fuer den widerspruch", asker="counsellor")
    assert advise(asked, knowledge).said == "recognition_procedure_objection"
