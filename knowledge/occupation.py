"""What the occupation of an enquiry means for its answer: regulated or not, who decides, what is typical."""

from __future__ import annotations

from knowledge.loader import Knowledge
from knowledge.model import Answer, Enquiry, Profession, Regulation
from knowledge.text import key

# A word of at least so many letters names the body: „Handwerkskammer“; but not these.
_NAMING = 8
_COMMON = frozenset(("approbation", "bundesland", "erlaubnis", "landesbehoerde"))


def status(enquiry: Enquiry) -> Regulation:
    """Regulated or not; where the word may mean several occupations, what holds for all of them."""
    found = {profession.regulated for profession in _meant(enquiry)}
    return found.pop() if len(found) == 1 else Regulation.UNKNOWN


def kinds(enquiry: Enquiry) -> frozenset[str]:
    """The id of the occupation and that of its group, for the conditions of answers; of several what they share."""
    meant = [frozenset((profession.id, profession.group)) for profession in _meant(enquiry)]
    return frozenset.intersection(*meant) if meant else frozenset()


def _meant(enquiry: Enquiry) -> tuple[Profession, ...]:
    if enquiry.ambiguity:
        return enquiry.ambiguity.candidates
    return (enquiry.profession,) if enquiry.profession else ()


def about(enquiry: Enquiry, answer: Answer, knowledge: Knowledge) -> tuple[str, str]:
    """What stands before and behind the answer; empty where we know no occupation or have no record of it."""
    profession, topic = enquiry.profession, knowledge.topics[answer.topic]
    # A journalist is not asking about recognition as a journalist.
    if profession is None or enquiry.ambiguity or enquiry.asker == "other":
        return "", ""
    own = bool(answer.regulated or answer.occupations)
    before = [_part(name, profession, answer, own, knowledge) for name in topic.before]
    if own and "status" not in topic.before:
        before.insert(0, _named(profession, knowledge))
    # Behind an answer that says the status itself, nothing would follow „Zum Beruf …:“.
    after = [_part(name, profession, answer, own, knowledge) for name in topic.after if name != "status" or not own]
    return " ".join(filter(None, before)), " ".join(filter(None, after))


def _part(name: str, profession: Profession, answer: Answer, own: bool, knowledge: Knowledge) -> str:
    """`own` = the answer was written for this kind of occupation and says the status itself."""
    if name == "status":
        return _named(profession, knowledge) if own else _status(profession, knowledge)
    if name == "hint":
        return profession.hint or ""
    if profession.body is None or _says(answer.answer, profession.body):
        return ""
    text = "profession_no_body" if profession.body.startswith("keine") else "profession_body"
    return knowledge.texts[text].format(body=profession.body)


def _named(profession: Profession, knowledge: Knowledge) -> str:
    return knowledge.texts["profession_named"].format(name=profession.name)


def _status(profession: Profession, knowledge: Knowledge) -> str:
    if profession.regulated is Regulation.UNKNOWN or not profession.group:
        return ""
    usual = "_usual" if profession.regulated is Regulation.YES and not profession.certain else ""
    return knowledge.texts[f"profession_{profession.regulated.value}{usual}"].format(name=profession.name)


def _says(text: str, body: str) -> bool:
    """Whether the answer names the body already."""
    words = set(key(text))
    return any(word in words for word in key(body) if len(word) >= _NAMING and word not in _COMMON)
