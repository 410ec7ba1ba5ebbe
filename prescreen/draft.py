"""The reply that a counsellor may send: the chat's own words, with greeting, questions and closing around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.nlu.topics import Guess
from knowledge import advise, messages
from knowledge.advice import open_questions
from knowledge.loader import Knowledge
from knowledge.model import Advice, Enquiry

# In these the chat speaks of itself („Ich bin ein Programm“); an office answers for itself.
_OF_THE_CHAT = ("appointment_handover", "smalltalk", "data_privacy")


def answer(advice: Advice, knowledge: Knowledge) -> str:
    """What the chat would say, with the choices it would offer below its question."""
    parts = [message.text for message in messages(advice, knowledge)]
    if advice.asks:
        parts += ["\n".join(f"– {button.title}" for button in advice.buttons)]
    return "\n\n".join(filter(None, parts))


def ask_back(enquiry: Enquiry, knowledge: Knowledge, edition: str) -> dict[str, str]:
    """Missing fact → the question for it; `topic` where it is not sure what is asked."""
    if enquiry.sure:
        return dict(open_questions(enquiry, knowledge, edition))
    labels = [knowledge.topics[topic].label.rstrip("?") for topic in enquiry.topics[:2]]
    if len(labels) < 2:
        return {"topic": knowledge.texts["ask_topic"]}
    return {"topic": knowledge.texts["draft_which"].format(first=labels[0], second=labels[1])}


def readings(guesses: tuple[Guess, ...], enquiry: Enquiry, knowledge: Knowledge, edition: str) -> list[dict[str, Any]]:
    """The two likeliest topics of an unsure enquiry, each with its answer; none where it is sure."""
    if enquiry.sure:
        return []
    found = []
    for guess in guesses[:2]:
        meant = replace(enquiry, topics=(guess.topic,), sure=True, second=None)
        found.append(
            {
                "topic": guess.topic,
                "label": knowledge.topics[guess.topic].label,
                "confidence": round(guess.confidence, 3),
                "answer": answer(advise(meant, knowledge, edition), knowledge),
            }
        )
    return found


def draft(advice: Advice, questions: list[str], knowledge: Knowledge) -> str:
    """Greeting, answer and next step, who helps with source and date, what to write back, closing."""
    texts = knowledge.texts
    shown = replace(advice, question="", buttons=())
    if not advice.enquiry.sure:
        shown = replace(shown, answer=texts["draft_unsure"])
    elif advice.enquiry.topic in _OF_THE_CHAT:
        shown = replace(shown, answer=texts["draft_own"], next="")
    said = [message.text for message in messages(shown, knowledge)]
    parts = [texts["draft_greeting"], texts["draft_thanks"], *said]
    if questions:
        parts.append("\n".join([texts["draft_ask"], *(f"– {question}" for question in questions)]))
    parts.append(f"{texts['draft_closing']}\n{texts['draft_sender']}")
    return "\n\n".join(filter(None, parts))
