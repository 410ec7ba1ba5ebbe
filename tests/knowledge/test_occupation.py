"""What an occupation means for an answer: concrete where we have a record, careful where two differ, silent else."""

import pytest

from knowledge import advise, messages
from knowledge.loader import Knowledge
from knowledge.model import Enquiry, Regulation

HEALTH = (
    "physiotherapeut hebamme logopaede ergotherapeut pflegefachkraft altenpflege kinderkrankenpflege notfallsanitaeter "
    "podologe masseur"
).split()


def said(knowledge: Knowledge, topic: str, occupation: str, **known: object) -> str:
    enquiry = Enquiry(topics=(topic,), profession=knowledge.professions.by_id[occupation], **known)  # type: ignore[arg-type]
    return " ".join(message.text for message in messages(advise(enquiry, knowledge), knowledge))


@pytest.mark.parametrize("occupation", HEALTH)
def test_health_work_is_regulated_although_a_short_record_says_only_the_title(knowledge: Knowledge, occupation: str) -> None:
    """The fact `reg_title` names physiotherapist, midwife and speech therapist as „only the title“: the careful one wins."""
    assert "midwife" in knowledge.facts["reg_title"].fact
    assert knowledge.professions.by_id[occupation].regulated is Regulation.YES
    assert "reglementiert" in said(knowledge, "regulated", occupation)


@pytest.mark.parametrize(
    ("topic", "occupation", "part"),
    [
        ("documents", "friseur", "die Handwerkskammer"),
        ("costs_funding", "koch", "die IHK FOSA"),
        ("duration", "arzt", "Approbationsbehörde"),
        ("costs_funding", "arzt", "oft höher"),
        ("costs_funding", "mfa", "125 Euro"),
        ("qualification_offer", "arzt", "Kenntnisprüfung"),
        ("regulated", "ingenieur", "nur der Titel"),
        ("regulated", "friseur", "eigenen Betrieb"),
        ("competent_body", "informatiker", "Zeugnisbewertung"),
        ("job_search", "kinderpfleger", "Bundesland"),
    ],
)
def test_the_answer_becomes_concrete_with_the_occupation(knowledge: Knowledge, topic: str, occupation: str, part: str) -> None:
    assert part in said(knowledge, topic, occupation)


@pytest.mark.parametrize("occupation", ["landwirt", "verwaltungsfachangestellter"])
@pytest.mark.parametrize("topic", ["regulated", "recognition_possible", "competent_body"])
def test_background_knowledge_is_not_said(knowledge: Knowledge, occupation: str, topic: str) -> None:
    text = said(knowledge, topic, occupation)
    assert knowledge.professions.by_id[occupation].name not in text


def test_what_only_our_own_list_says_is_said_with_care(knowledge: Knowledge) -> None:
    listed = next(p for p in knowledge.professions.by_id.values() if p.group == "liste" and p.regulated is Regulation.YES)
    assert "steht in meiner Liste" in said(knowledge, "regulated", listed.id)


def test_a_body_that_the_answer_names_is_not_named_twice(knowledge: Knowledge) -> None:
    text = said(knowledge, "competent_body", "friseur")
    assert "Über die Anerkennung entscheidet" not in text


def test_a_word_that_may_mean_several_occupations_says_nothing_of_one(knowledge: Knowledge) -> None:
    ambiguity = knowledge.professions.ambiguity("Ingenieur")
    assert ambiguity
    text = said(knowledge, "regulated", ambiguity.candidates[0].id, ambiguity=ambiguity)
    assert "Zum Beruf" not in text


def test_of_a_word_that_may_mean_several_occupations_only_what_all_share_is_said(knowledge: Knowledge) -> None:
    for word, shared in (
        ("Lehrer", "Ja, dieser Beruf ist in der Regel reglementiert."),
        ("Feldscher", "Die meisten Berufe sind frei"),
    ):
        ambiguity = knowledge.professions.ambiguity(word)
        assert ambiguity
        assert shared in said(knowledge, "regulated", ambiguity.candidates[0].id, ambiguity=ambiguity)


def test_a_krankenschwester_is_a_nurse_and_not_asked_what_she_is(knowledge: Knowledge) -> None:
    found = knowledge.professions.resolve("Krankenschwester")
    assert found and found.profession.id == "pflegefachkraft" and found.ambiguity is None
