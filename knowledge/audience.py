"""Sentences round an answer that make it fit who asks and where the training was: for whom it is, and what does not apply."""

from __future__ import annotations

import re

from knowledge.loader import Knowledge
from knowledge.model import Answer, Enquiry

# Speaks to the reader: „Ihr …“, or „Sie“ that does not begin a sentence (there it may mean „the office“).
_ADDRESS = re.compile(r"\b(?:Ihr|Ihre[mnrs]?|Ihnen)\b|(?<=[\w,] )Sie\b")

# An answer that says so itself for whom its rules are.
_OUTSIDE = "außerhalb der EU"


def membership(enquiry: Enquiry) -> str | None:
    """Where the training was: third (outside EU, EEA and Switzerland), EU, or None where it is not known."""
    if enquiry.country is None:
        return None
    return "third" if enquiry.country.is_third_country else "EU"


def introduced(before: str, enquiry: Enquiry, answer: Answer, knowledge: Knowledge) -> str:
    """`before`, the words before an answer, with those that hand it on where it speaks to the person concerned while somebody
    else asks."""
    if not enquiry.for_office or answer.askers or not knowledge.topics[answer.topic].of_person:
        return before
    if not _ADDRESS.search(f"{answer.answer} {answer.next}"):
        return before
    if before.endswith(":"):
        return knowledge.texts["for_person_named"].format(before=before.removesuffix(":"))
    return f"{before} {knowledge.texts['for_people' if enquiry.asker == 'other' else 'for_person']}".strip()


def limits(enquiry: Enquiry, answer: Answer, knowledge: Knowledge) -> str:
    """That the rules of an answer are for other people, where the training was in the EU; empty otherwise."""
    if membership(enquiry) != "EU" or _OUTSIDE in answer.answer:
        return ""
    third = any(knowledge.facts[id].membership == "third" for id in answer.facts if id in knowledge.facts)
    return knowledge.texts["only_third"] if third else ""
