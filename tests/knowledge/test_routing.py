"""Who is responsible: 16 Länder × topics × askers, and the traps of the programme document."""

import itertools

import pytest

from knowledge.loader import Knowledge
from knowledge.model import ASKERS, Enquiry, Role
from knowledge.routing import route

LANDS = tuple("BW BY BE BB HB HH HE MV NI NW RP SL ST SN SH TH".split())
COUNSEL = (
    "recognition_procedure recognition_possible documents costs_funding duration no_papers partial_recognition_measures "
    "qualification_offer contact_region employer_enquiry job_search appointment_handover"
).split()
SUBJECTS = {
    "german_language": "fachstelle-berufsbezogenes-deutsch",
    "immigration": "fachstelle-einwanderung",
    "self_employment": "fachstelle-migrantenoekonomie",
    "discrimination": "fachstelle-interkulturelle-kompetenz",
}
OFFICES = [asker for asker in ASKERS if asker != "migrant"]


def ids(knowledge: Knowledge, edition: str = "2015-2018", **enquiry: object) -> list[str]:
    return [r.contact.id for r in route(Enquiry(**enquiry), knowledge, edition).referrals]  # type: ignore[arg-type]


@pytest.mark.parametrize(("topic", "asker"), itertools.product(COUNSEL, ASKERS))
def test_counselling_is_done_by_the_landesnetzwerk_of_the_land_for_everyone(
    knowledge: Knowledge, topic: str, asker: str
) -> None:
    for land in LANDS:
        found = ids(knowledge, topics=(topic,), land=f"DE-{land}", asker=asker)
        assert found == [f"landesnetzwerk-{land.lower()}", "portal"]


@pytest.mark.parametrize("topic", SUBJECTS)
def test_a_migrant_gets_the_landesnetzwerk_first_and_the_fachstelle_beside_it(knowledge: Knowledge, topic: str) -> None:
    for land in LANDS:
        found = ids(knowledge, topics=(topic,), land=f"DE-{land}")
        assert found == [f"landesnetzwerk-{land.lower()}", SUBJECTS[topic]]


@pytest.mark.parametrize(("topic", "asker"), itertools.product(SUBJECTS, OFFICES))
def test_an_office_or_firm_gets_the_fachstelle_of_the_subject(knowledge: Knowledge, topic: str, asker: str) -> None:
    for land in (None, *LANDS):
        found = ids(knowledge, topics=(topic,), land=f"DE-{land}" if land else None, asker=asker)
        assert found == [SUBJECTS[topic]]


@pytest.mark.parametrize(("topic", "asker"), itertools.product(("regulated", "competent_body"), ASKERS))
def test_what_the_finder_knows_is_asked_there(knowledge: Knowledge, topic: str, asker: str) -> None:
    profession = knowledge.professions.by_id["arzt"]
    for land in LANDS:
        found = ids(knowledge, topics=(topic,), land=f"DE-{land}", asker=asker, profession=profession)
        assert found == (["portal", f"landesnetzwerk-{land.lower()}"] if asker == "migrant" else ["portal"])


def test_who_is_in_charge_for_a_place_without_an_occupation_is_sent_to_counselling(knowledge: Knowledge) -> None:
    assert ids(knowledge, topics=("competent_body",), land="DE-TH") == ["landesnetzwerk-th", "portal"]
    assert ids(knowledge, topics=("competent_body",), land="DE-TH", asker="authority") == ["portal"]


def test_a_body_whose_work_another_one_does_today_is_named_with_it(knowledge: Knowledge) -> None:
    found = ids(knowledge, edition="both", topics=("immigration",), asker="authority")
    assert found == ["fachstelle-einwanderung", "heute-fachstelle-einwanderung-integration"]
    assert ids(knowledge, edition="today", topics=("program_info",)) == ["heute-vernetzungsprojekt"]


@pytest.mark.parametrize("asker", ASKERS)
def test_training_for_staff_is_given_by_the_landesnetzwerk_of_the_place(knowledge: Knowledge, asker: str) -> None:
    fachstelle = "fachstelle-interkulturelle-kompetenz"
    for land in LANDS:
        found = ids(knowledge, topics=("intercultural_training",), land=f"DE-{land}", asker=asker)
        assert found == [f"landesnetzwerk-{land.lower()}", fachstelle]
    away = route(Enquiry(topics=("intercultural_training",), asker=asker), knowledge, "2015-2018")
    assert [r.contact.id for r in away.referrals] == [fachstelle]
    assert away.asks == "land"


@pytest.mark.parametrize("topic", ("smalltalk", "data_privacy", "out_of_scope", "crisis"))
def test_topics_outside_the_programme_have_no_office(knowledge: Knowledge, topic: str) -> None:
    assert ids(knowledge, topics=(topic,), land="DE-BY") == []


def test_the_programme_as_a_whole_is_mut_iq_a_part_of_it_in_a_land_its_network(knowledge: Knowledge) -> None:
    assert ids(knowledge, topics=("program_info",)) == ["mut-iq"]
    assert ids(knowledge, topics=("program_info",), land="DE-HE") == ["landesnetzwerk-he"]
    assert ids(knowledge, topics=("program_info",), land="DE-HE", text="presseanfrage zu iq in hessen") == ["mut-iq"]


def test_a_fachstelle_is_found_by_its_subject_in_everyday_words(knowledge: Knowledge) -> None:
    for text, id in (
        ("wer kennt sich mit gruendungen aus", "fachstelle-migrantenoekonomie"),
        ("deutsch am arbeitsplatz", "fachstelle-berufsbezogenes-deutsch"),
        ("interkulturelle oeffnung", "fachstelle-interkulturelle-kompetenz"),
        ("duldung und arbeit", "fachstelle-einwanderung"),
        ("konzepte fuer nachqualifizierung", "fachstelle-beratung-qualifizierung"),
    ):
        assert ids(knowledge, topics=("contact_fachstelle",), text=text) == [id]


def test_a_fachstelle_without_a_subject_lists_all_five_and_asks(knowledge: Knowledge) -> None:
    found = route(Enquiry(topics=("contact_fachstelle",)), knowledge, "2015-2018")
    assert len(found.referrals) == 5
    assert found.asks == "topic"


def test_one_carrier_with_two_roles_is_told_apart_by_subject_and_word(knowledge: Knowledge) -> None:
    both = ("landesnetzwerk-rp", "fachstelle-migrantenoekonomie")
    assert ids(knowledge, topics=("contact_region",), organisations=both)[0] == "landesnetzwerk-rp"
    founding = ids(knowledge, topics=("contact_fachstelle",), organisations=both, text="gruendung beim ism")
    assert founding[0] == "fachstelle-migrantenoekonomie"
    word = ids(knowledge, topics=("contact_fachstelle",), organisations=both, text="das ism als fachstelle")
    assert word[0] == "fachstelle-migrantenoekonomie"


def test_a_land_inside_the_name_of_an_organisation_is_not_where_the_person_lives(knowledge: Knowledge) -> None:
    via = ("fachstelle-interkulturelle-kompetenz",)
    found = ids(knowledge, topics=("contact_region",), land="DE-HB", organisations=via)
    assert found[0] == "landesnetzwerk-hb"
    assert "landesnetzwerk-by" not in found


@pytest.mark.parametrize(("topic", "asker"), itertools.product((*COUNSEL, *SUBJECTS), ("migrant",)))
def test_without_a_place_a_migrant_is_answered_and_asked_for_it(knowledge: Knowledge, topic: str, asker: str) -> None:
    found = route(Enquiry(topics=(topic,), asker=asker), knowledge, "2015-2018")
    assert found.asks == "land"
    assert not any(r.contact.role is Role.LANDESNETZWERK for r in found.referrals)


def test_what_the_person_declined_is_not_asked_again(knowledge: Knowledge) -> None:
    assert route(Enquiry(topics=("documents",), declined=("land",)), knowledge).asks is None


def test_an_ambiguous_place_is_asked_back_and_never_guessed(knowledge: Knowledge) -> None:
    found = route(Enquiry(topics=("contact_region",), lands=("DE-BB", "DE-HE"), place="Frankfurt"), knowledge)
    assert (found.referrals, found.asks) == ((), "land")


def test_the_place_is_asked_before_the_occupation(knowledge: Knowledge) -> None:
    assert route(Enquiry(topics=("competent_body",)), knowledge).asks == "land"
    assert route(Enquiry(topics=("competent_body",), land="DE-BY"), knowledge).asks == "profession"


def test_todays_contact_stands_beside_the_document_only_where_it_is_confirmed(knowledge: Knowledge) -> None:
    shown = {land: ids(knowledge, "both", topics=("documents",), land=f"DE-{land}")[:-1] for land in LANDS}
    assert shown["NW"] == ["landesnetzwerk-nw", "heute-nw-west", "heute-nw-ost"]
    assert shown["SN"] == ["landesnetzwerk-sn", "heute-sn-leipzig", "heute-sn-chemnitz-dresden"]
    assert shown["BY"] == ["landesnetzwerk-by", "heute-by"]
    old = [land for land in LANDS if len(shown[land]) == 1]
    assert old == ["BW", "BE", "BB", "HB", "HH", "RP", "SH", "TH"]


def test_the_setting_chooses_the_layer(knowledge: Knowledge) -> None:
    enquiry = {"topics": ("documents",), "land": "DE-BY"}
    assert ids(knowledge, "2015-2018", **enquiry) == ["landesnetzwerk-by", "portal"]
    assert ids(knowledge, "today", **enquiry) == ["heute-by", "portal"]
    # Where nothing of today is confirmed, the document is better than nobody.
    assert ids(knowledge, "today", topics=("documents",), land="DE-TH") == ["landesnetzwerk-th", "portal"]
