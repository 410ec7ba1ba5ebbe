"""One turn of a talk: what is remembered and what was heard → what to say, and what to remember. Pure functions.

The steps stand in the order in which they are tried (`STEPS`); the first that has something to say says it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions import handover
from actions.handover import Handover
from actions.memory import Memory
from actions.replies import again as ask_again
from actions.replies import chosen, offering, unsure
from actions.steering import steer
from actions.talk import Talk, Turn
from knowledge import advice as words
from knowledge.message import greeting
from knowledge.model import Enquiry, Stage
from knowledge.phrases import Act
from knowledge.text import key

# „Ich habe so einen bekommen“, „Ist Erzieher das auch?“ speak of what was answered last.
_REFERS = (" so einen ", " so eine ", " so ein ", " sowas ", " so was ", " das auch ", " auch das ")
# „Und in Sachsen?“ asks the same again.
_AGAIN = ("und ", "oder ", "auch ")
# Answers beside the way: what we had asked is asked again behind them.
_ASIDE = ("data_privacy", "program_info")
_SOCIAL = ("smalltalk", "out_of_scope", "data_privacy")
_PEOPLE = ("contact_region", "appointment_handover")
_COUNTS = ("recognition_possible", "recognition_procedure")
# So many words at most are an answer to our question that we could not read; more are a question of their own.
_ANSWER = 4


def take(talk: Talk) -> Turn:
    """The next thing to say. Never fails to say something."""
    heard, stage = talk.heard, _stage(talk)
    case = talk.case.updated(replace(heard.case, stage=stage.id) if stage else heard.case)
    if stage and heard.topic == stage.topic:
        heard = replace(heard, sure=True)
    talk = replace(talk, heard=heard, before=talk.case, case=case, said=talk.knowledge.phrases.read(heard.text))
    turn = next(turn for step in STEPS if (turn := step(talk)))
    return replace(turn, memory=_remember(turn, talk))


def _remember(turn: Turn, talk: Talk) -> Memory:
    """The memory with what was just said: its question, its buttons, its topic."""
    advice, memory, before = turn.advice, turn.memory, talk.memory
    term = advice.enquiry.term if advice.said.startswith(words.TERM) else None
    topic = term.topic if term else advice.enquiry.topic if advice.enquiry.sure and advice.said else None
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
    topics, sure = _meant(talk)
    enquiry = talk.enquiry(*topics, text=heard.text, sure=sure, second=heard.second)
    if not sure and enquiry.term is None:
        short = len(talk.rest) <= _ANSWER
        return ask_again(talk) if memory.asks_fact and short and not enquiry.lands else unsure(talk)
    # A body that is asked for by name has nothing to do with where the person lives.
    by_name = bool(heard.case.organisations) and not heard.case.land and enquiry.topic == "contact_fachstelle"
    advice = talk.advise(replace(enquiry, land=None, place=None) if by_name else enquiry)
    advice = offering(talk, replace(advice, enquiry=enquiry))
    if memory.step == handover.CONSENT and enquiry.topic == "data_privacy":
        # „Wer liest das?“ is answered, and the consent is still open.
        return Turn(replace(handover.asking(advice, talk.knowledge), said=""), talk.case, memory)
    if memory.asks_fact and advice.asks is None and _aside(talk, enquiry):
        advice = words.ask(advice, str(memory.asks), talk.knowledge)
        return Turn(replace(advice, said=""), talk.case, replace(memory, unsure=0))
    # What we cannot help with, or took for a greeting, may just not have been understood.
    count = memory.unsure if enquiry.topic in ("smalltalk", "out_of_scope") else 0
    return Turn(advice, talk.case, replace(memory, unsure=count, tries=0, step=None))


def _meant(talk: Talk) -> tuple[tuple[str, ...], bool]:
    """The topics that the message is about, and whether the first may be answered, with what the talk tells of it."""
    heard, memory, told = talk.heard, talk.memory, talk.heard.case
    names = bool(told.land or told.lands or told.profession or told.country)
    corrects = talk.act in (Act.YES, Act.NO) and names
    goes_on = corrects or heard.text.strip().lower().startswith(_AGAIN)
    vague = not heard.sure or heard.topic in (*_COUNTS, *_PEOPLE)
    refers = vague and any(word in f" {' '.join(key(heard.text))} " for word in _REFERS)
    # „Und in Sachsen nochmal?“: a place beside words that ask nothing of their own.
    bare = heard.only_facts or corrects or (goes_on and names and (heard.topic in _PEOPLE or not heard.sure))
    # The first place in a talk goes with what was asked before it.
    first = bool(told.land) and not (talk.before and talk.before.land)
    again = names and ((bare and (memory.asks_fact or goes_on or first)) or not heard.sure)
    if memory.topic in talk.knowledge.topics and (again or refers):
        assert memory.topic is not None
        return (memory.topic, *(topic for topic in heard.topics if topic != memory.topic)), True
    # Whichever of both is meant, the same people help; and who says occupation and country wants to know what they count.
    known = (heard.topic in _PEOPLE and talk.case.land) or (heard.topic in _COUNTS and told.profession and told.country)
    hires = heard.topic == "employer_enquiry" and told.asker == "employer"
    return heard.topics, heard.sure or hires or bool(known)


def _aside(talk: Talk, enquiry: Enquiry) -> bool:
    """Whether this was a question beside the way, behind which ours is asked again."""
    asks = talk.heard.text.rstrip().endswith("?")
    return bool(enquiry.term) or enquiry.topic in _ASIDE or (enquiry.topic == "smalltalk" and asks)


def _option(talk: Talk) -> Turn | None:
    """„An der Weinstraße“: one of the places that we asked about, told apart by a word of its name, Kreis or Land."""
    heard, case, knowledge = talk.heard, talk.case, talk.knowledge
    if talk.memory.asks != "land" or not case.options or heard.case.land or heard.choice:
        return None
    said = {word for word in talk.rest if len(word) > 3} - set(key(case.place or ""))
    places = [place for option in case.options for place in knowledge.places.by_key(option)]
    fit = [p for p in places if said & set(key(f"{p.name} {p.kreis} {knowledge.places.lands[p.lands[0]].name}"))]
    return chosen(talk, f"place:{fit[0].ags}") if len(fit) == 1 else None


STEPS: tuple[Callable[[Talk], Turn | None], ...] = (_crisis, _handover, _choice, steer, _option, _understood)
