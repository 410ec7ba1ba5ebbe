"""The knowledge says what the programme document says, letter by letter."""

import re

from knowledge.editions import DATA
from knowledge.loader import Knowledge
from knowledge.model import Contact, Role

FLYER = (DATA / "editions" / "2015-2018" / "flyer.txt").read_text(encoding="utf-8")
SLIPS = {"Berufsschlüsse": "Berufsabschlüsse", "Bildungsschlüsse": "Bildungsabschlüsse"}


def _plain(text: str) -> str:
    """The flyer without the marks of its layout and with its scanner's slips mended."""
    for slip, right in SLIPS.items():
        text = text.replace(slip, right)
    return " ".join(text.replace("*", "").split())


PLAIN = _plain(FLYER)


def _line(contact: Contact) -> str:
    return f"- {contact.name}: {contact.carrier}"


def test_all_16_landesnetzwerke_stand_in_the_flyer_with_their_carrier(knowledge: Knowledge) -> None:
    networks = knowledge.editions["2015-2018"].networks
    assert len(networks) == 16
    assert len({network.land for network in networks}) == 16
    assert [_line(n) for n in networks if _line(n) not in PLAIN] == []


def test_the_flyer_names_no_landesnetzwerk_that_is_missing_here(knowledge: Knowledge) -> None:
    named = re.findall(r"^- (Netzwerk [^:]+):", FLYER, flags=re.MULTILINE)
    assert sorted(named) == sorted(network.name for network in knowledge.editions["2015-2018"].networks)


def test_all_5_fachstellen_stand_in_the_flyer_with_their_carrier(knowledge: Knowledge) -> None:
    fachstellen = knowledge.editions["2015-2018"].fachstellen
    assert len(fachstellen) == 5
    assert [f.name for f in fachstellen if f"- {f.name} {f.carrier}" not in PLAIN] == []


def test_mut_iq_and_the_portal_have_the_carriers_of_the_flyer(knowledge: Knowledge) -> None:
    federal = {contact.role: contact for contact in knowledge.editions["2015-2018"].federal}
    assert f"IQ MULTIPLIKATORENPROJEKT {federal[Role.MUT_IQ].carrier}" in PLAIN
    assert federal[Role.MUT_IQ].name in PLAIN
    assert f"PORTAL „ANERKENNUNG IN DEUTSCHLAND“ {federal[Role.PORTAL].carrier}" in PLAIN


def test_the_three_handlungsschwerpunkte_stand_in_the_flyer(knowledge: Knowledge) -> None:
    programme = knowledge.editions["2015-2018"].programme
    assert programme is not None
    focuses = programme.handlungsschwerpunkte
    assert [focus.number for focus in focuses] == [1, 2, 3]
    assert [focus.name for focus in focuses if f"## {focus.name}" not in PLAIN] == []
    third = focuses[2]
    assert [group for group in third.addresses if group not in PLAIN] == []
    assert third.funding.startswith("ausschließlich") and "ESF" not in third.funding


def test_every_statement_on_the_programme_stands_in_the_flyer_word_for_word(knowledge: Knowledge) -> None:
    programme = knowledge.editions["2015-2018"].programme
    assert programme is not None
    said = (*programme.structure, *programme.funding, *programme.figures, *programme.goals, *programme.partners)
    assert len(said) >= 15
    assert [statement.text for statement in said if statement.text not in PLAIN] == []


def test_every_record_of_the_document_has_its_date(knowledge: Knowledge) -> None:
    edition = knowledge.editions["2015-2018"]
    assert {contact.source.as_of for contact in edition.contacts} == {"2015-2018"}
    assert {contact.source.title for contact in edition.contacts} == {"Faltblatt „Förderprogramm IQ 2015–2018“"}


def test_the_flyer_has_no_telephone_number_so_neither_have_its_contacts(knowledge: Knowledge) -> None:
    assert [contact.name for contact in knowledge.editions["2015-2018"].contacts if contact.phone] == []
