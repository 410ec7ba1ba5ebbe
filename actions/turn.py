"""One turn of a talk: what is remembered and what was heard → what to say, and what to remember. Pure functions.

The steps stand in the order in which they are tried (`STEPS`); the first that has something to say says it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions.handover import Handover
from actions.memory import Memory
from actions.replies import again, chosen, offering, unsure
from actions.steering import steer
from actions.talk import Talk, Turn
from knowledge import advice as words
from knowledge.message import greeting
from knowledge.model import Stage
from knowledge.phrases import Act
from knowledge.text import key

# „Und in Sachsen?“ asks the same again.
_AGAIN = ("und ", "oder ", "auch ")
# Answers beside the way: what we had asked is asked again behind them.
_ASIDE = ("data_privacy", "program_info")
_SOCIAL = ("smalltalk", "out_of_scope", "data_privacy")
# So many words at most are an answer to our question that we could not read; more are a question of their own.
_ANSWER = 4


def take(talk: Talk) -> Turn:
    """The next thing to say. Never fails to say something."""
    heard, stage = talk.heard, _stage(talk)
    case = talk.case.updated(replace(heard.case, stage=stage.id) if stage else heard.case)
    if stage and heard.topic == stage.topic:
        heard = replace(heard, sure=True)
    talk = replace(talk, heard=heard, case=case, said=talk.knowledge.phrases.read(heard.text))
    turn = next(turn for step in STEPS if (turn := step(talk)))
    return replace(turn, memory=_remember(turn, talk))


def _remember(turn: Turn, talk: Talk) -> Memory:
    """The memory with what was just said: its question, its buttons, its topic."""
    advice, memory, before = turn.advice, turn.memory, talk.memory
    topic = advice.enquiry.topic if advice.enquiry.sure and advice.said else None
    keeps = topic in _SOCIAL or advice.enquiry.urgent or (topic is None and advice.asks is None)
    topics = memory.topics if topic is None or topic in memory.topics else (*memory.topics, topic)
    language = talk.heard.language
    return replace(
        memory,
        topic=memory.topic if keeps or topic is None else topic,
        asks=advice.asks if advice.asks or not (keeps and before.asks_fact) else before.asks,
        offered=tuple(button.id for button in advice.buttons) or (before.offered if keeps else ()),
        said=(*(memory.said if topic == before.topic else ()), advice.said)[-12:] if advice.said and not keeps else memory.said,
        topics=topics[-12:],
        language=language if greeting(language, None, talk.knowledge) else memory.language,
    )


def _stage(talk: Talk) -> Stage | None:
    text = f" {' '.join(key(talk.heard.text))} "
    return next((s for s in talk.knowledge.stages if any(f" {stem}" in text for stem in s.mentions)), None)


# --- the steps ------------------------------------------------------------------------------------------------------------


def _crisis(talk: Talk) -> Turn | None:
    """Before everything else; the talk can go on afterwards where it was."""
    if not (talk.heard.sure and talk.heard.topic == "crisis"):
        return None
    return Turn(talk.advise(talk.enquiry("crisis", text=talk.heard.text)), talk.case, talk.memory)


def _handover(talk: Talk) -> Turn | None:
    if talk.kept is None:
        return None
    step = Handover(talk.case, talk.memory, talk.history, talk.conversation, talk.knowledge, talk.kept)
    heard = talk.heard
    question = heard.sure and not heard.only_facts and heard.topic not in ("smalltalk", "appointment_handover")
    found = step.take(talk.act, heard.choice, question)
    return Turn(found[0], talk.case, found[1]) if found else None


def _choice(talk: Talk) -> Turn | None:
    """A button: `kind:value`. A value that we never offered changes nothing."""
    if talk.heard.choice is None:
        return None
    return chosen(talk, talk.heard.choice)


def _understood(talk: Talk) -> Turn:
    """A question, or facts, of the person."""
    heard, memory = talk.heard, talk.memory
    topics, sure = heard.topics, heard.sure
    corrects = talk.act is Act.NO and bool(heard.case.land or heard.case.profession or heard.case.country)
    goes_on = heard.text.strip().lower().startswith(_AGAIN) or corrects
    if (heard.only_facts or corrects) and (memory.asks_fact or goes_on) and memory.topic in talk.knowledge.topics:
        assert memory.topic is not None
        topics, sure = (memory.topic, *(topic for topic in topics if topic != memory.topic)), True
    enquiry = talk.enquiry(*topics, text=heard.text, sure=sure, second=heard.second)
    if not sure and enquiry.term is None:
        short = len(talk.rest) <= _ANSWER
        return again(talk) if memory.asks_fact and short and not enquiry.lands else unsure(talk)
    advice = offering(talk, talk.advise(enquiry))
    if memory.asks_fact and advice.asks is None and (enquiry.term or enquiry.topic in _ASIDE):
        advice = words.ask(advice, str(memory.asks), talk.knowledge)
        return Turn(replace(advice, said=""), talk.case, replace(memory, unsure=0))
    return Turn(advice, talk.case, replace(memory, unsure=0, tries=0, step=None))


STEPS: tuple[Callable[[Talk], Turn | None], ...] = (_crisis, _handover, _choice, steer, _understood)
