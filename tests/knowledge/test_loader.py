"""Broken data is refused as a whole, with every fault: file, line, what is wrong, how to mend it."""

import shutil
from pathlib import Path

import pytest

from knowledge import BrokenKnowledge, advise, faults, load
from knowledge.errors import Fault
from knowledge.model import Enquiry


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def only(found: list[Fault]) -> Fault:
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def test_the_data_of_the_project_is_sound() -> None:
    assert [str(fault) for fault in faults()] == []


def test_a_missing_key_is_named_with_its_line(data: Path) -> None:
    edit(data / "editions/2015-2018/landesnetzwerke.yml", "    carrier: migra e.V.\n", "")
    fault = only(faults(data))
    assert fault.file == "editions/2015-2018/landesnetzwerke.yml"
    assert "carrier" in fault.wrong and "carrier" in fault.mend
    line = (data / fault.file).read_text(encoding="utf-8").splitlines()[fault.line - 1]
    assert "landesnetzwerk-mv" in line


@pytest.mark.parametrize(
    ("file", "old", "new", "wrong"),
    [
        ("editions/2015-2018/landesnetzwerke.yml", "land: DE-NW", "land: NRW", "NRW"),
        ("editions/2015-2018/landesnetzwerke.yml", "land: DE-NW", "land: DE-HE", "two Landesnetzwerke"),
        ("editions/2015-2018/landesnetzwerke.yml", "id: landesnetzwerk-nw", "id: landesnetzwerk-ni", "stands also in"),
        ("editions/2015-2018/fachstellen.yml", "url: https://", "url: http://", "wrong form"),
        ("editions/today/fachstellen.yml", "follows: mut-iq", "follows: mut", "no body „mut“"),
        ("services.yml", "certainty: reported", "certainty: sure", "„sure“"),
        ("glossary.yml", "topic: recognition_procedure", "topic: recognition", "no topic „recognition“"),
        ("glossary.yml", "term: ZAB", "term: Bescheid", "is also a word of"),
        ("warnings.yml", "facts: [fraud]", "facts: [fraude]", "no record „fraude“"),
        ("answers/competent_body.yml", "occupations: [mfa]", "occupations: [mfas]", "„mfas“ does not exist"),
        ("services.yml", "phone: +49 30 1815-1111", "phone: ruf an", "wrong form"),
        ("topics.yml", "next: [documents, costs_funding, duration]", "next: [documents, cost]", "no topic „cost“"),
        ("professions.yml", "group: approbation", "group: approbations", "no group"),
        ("answers/costs_funding.yml", "facts: [cost_range", "facts: [cost_rang", "no record „cost_rang“"),
        ("answers/costs_funding.yml", "facts: [cost_range", "facts: [cost_zab", "only conflict"),
        ("answers/costs_funding.yml", "topic: costs_funding", "topic: costs", "not the topic"),
        ("answers/costs_funding.yml", "when: {}", "when: {asker: [migrant]}", "default"),
        ("answers/costs_funding.yml", "when: {}", "when: {asker: [nurse]}", "„nurse“"),
        ("answers/costs_funding.yml", "    answer: >-", "    anser: >-", "unknown key anser"),
        ("answers/costs_funding.yml", "  - id: costs_funding\n", "  - id: costs_funding\n    id: twice\n", "stands twice"),
        ("answers/costs_funding.yml", "topic: costs_funding", "topic: [costs_funding", "not YAML"),
        ("texts.yml", "ask_profession: Welchen Beruf haben Sie gelernt?", "ask_profession: 5", "a number"),
        ("urgency.yml", "level: now", "level: later", "„later“"),
        ("places.csv", "name,land,kreis", "ort,land,kreis", "column name is missing"),
        ("profession_words.csv", "ar,", "ar,x,no\nar,", "„no“ does not exist"),
        ("country_words.csv", "iso2\n", "iso2\nar,x,XX\n", "„XX“ does not exist"),
        ("exonyms.csv", "form,name\n", "form,name\nX,Xstadt\n", "„Xstadt“ does not exist"),
        ("countries_de.csv", "AF,Afghanistan,", "AF,Afghanistan", "more or fewer cells"),
    ],
)
def test_a_fault_is_found_and_explained(data: Path, file: str, old: str, new: str, wrong: str) -> None:
    edit(data / file, old, new)
    with pytest.raises(BrokenKnowledge) as refused:
        load(data)
    found = refused.value.faults
    assert any(fault.file == file and wrong in str(fault) and fault.mend for fault in found), found


def test_all_faults_of_all_files_are_reported_at_once(data: Path) -> None:
    edit(data / "services.yml", "certainty: reported", "certainty: sure")
    edit(data / "topics.yml", "kind: counsel", "kind: advice")
    edit(data / "editions/2015-2018/landesnetzwerke.yml", "land: DE-NW", "land: NRW")
    (data / "sources.yml").unlink()
    (data / "plz.csv").write_bytes(b"\xff\xfe\x00")
    found = {fault.file for fault in faults(data)}
    assert {"services.yml", "topics.yml", "editions/2015-2018/landesnetzwerke.yml", "sources.yml", "plz.csv"} <= found


def test_a_file_that_is_no_text_is_reported_not_raised(data: Path) -> None:
    (data / "texts.yml").write_bytes(b"\xff\xfe\x00\x01")
    assert any("UTF-8" in fault.wrong for fault in faults(data) if fault.file == "texts.yml")


def test_an_empty_folder_is_reported_not_raised(tmp_path: Path) -> None:
    assert len(faults(tmp_path)) > 10


def test_a_further_edition_is_a_folder_of_yaml(data: Path) -> None:
    shutil.copytree(data / "editions/2015-2018", data / "editions/2030-2033")
    for file in (data / "editions/2030-2033").glob("*.yml"):
        text = file.read_text(encoding="utf-8").replace("id: 2015-2018", "id: 2030-2033")
        for id in ("landesnetzwerk-", "structure-", "funding-", "figure-", "goal-"):
            text = text.replace(f"id: {id}", f"id: neu-{id}")
        if file.name == "fachstellen.yml" or file.name == "programme.yml":
            text = text.replace("id: mut-iq", "id: neu-mut-iq").replace("id: portal", "id: neu-portal")
        file.write_text(text, encoding="utf-8")
    # Fachstellen keep their ids only in one edition, since their subjects are linked by id in topics.yml.
    found = faults(data)
    assert {fault.file.split("/")[-1] for fault in found} <= {"fachstellen.yml"}


def test_every_file_names_the_schema_by_which_editors_complete_it(data: Path) -> None:
    for path in data.rglob("*.yml"):
        if path.name == "concepts.yml":  # written short by the fixture
            continue
        first = path.read_text(encoding="utf-8").splitlines()[0]
        name = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / name).resolve() == data / "schema.json", path


def test_a_further_edition_is_a_folder(data: Path) -> None:
    """The next programme document: its offices are shown by its name, without a line of code."""
    shutil.copytree(data / "editions/2015-2018", data / "editions/2029")
    edit(data / "editions/2029/edition.yml", "id: 2015-2018", "id: '2029'")
    edit(data / "editions/2029/landesnetzwerke.yml", "migra e.V.", "Neues Netz e.V.")
    fachstellen = data / "editions/2029/fachstellen.yml"
    records = fachstellen.read_text(encoding="utf-8").split("  - id: ")
    fachstellen.write_text("  - id: ".join(record for record in records if "einwanderung" not in record[:30]), encoding="utf-8")
    knowledge = load(data)
    enquiry = Enquiry(topics=("contact_region",), land="DE-MV")
    assert advise(enquiry, knowledge, "2029").referrals[0].contact.carrier == "Neues Netz e.V."
    assert advise(enquiry, knowledge).referrals[0].contact.carrier == "migra e.V."
    # A Fachstelle that it no longer has is not named, and nothing fails.
    closed = advise(Enquiry(topics=("immigration",), asker="counsellor"), knowledge, "2029")
    assert all(referral.contact.id != "fachstelle-einwanderung" for referral in closed.referrals)
