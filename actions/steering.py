"""What steers a talk – „ja“, „das zweite“, „mehr dazu“, „nein, die Prüfung“ – understood from what was last said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions import handover, summary
from actions.replies import again, chosen, human, human_button, unsure, without
from actions.talk import Talk, Turn
from knowledge import advice as words
from knowledge.model import Button
from knowledge.phrases import Act
from knowledge.text import key


def steer(talk: Talk) -> Turn | None:
    """„Ja“, „das zweite“, „mehr dazu“: what steers the talk, understood from what was last said."""
    act, memory = talk.act, talk.memory
    if act is None or (talk.rest and act is not Act.NO):
        return None
    if talk.rest:
        return _corrected(talk)
    if act in _ORDINALS:
        return _nth(talk, _ORDINALS[act])
    if act in (Act.NO, Act.NONE, Act.UNKNOWN, Act.REFUSE) and memory.asks_fact:
        return without(talk)
    if act in (Act.NO, Act.NONE, Act.UNKNOWN) and memory.asks == "topic":
        return unsure(talk)
    step = _ACTS.get(act)
    return step(talk) if step else None


def _corrected(talk: Talk) -> Turn | None:
    """„Nein, die Prüfung“: one of what we offered, told by its words."""
    rest = {word for word in talk.rest if len(word) > 3}
    for id in talk.memory.offered:
        if rest & set(key(_title(id, talk))):
            return chosen(talk, id)
    return None


def _title(id: str, talk: Talk) -> str:
    kind, _, value = id.partition(":")
    if kind == "topic" and value in talk.knowledge.topics:
        return talk.knowledge.topics[value].label
    if kind == "profession" and value in talk.knowledge.professions.by_id:
        return talk.knowledge.professions.by_id[value].name
    if kind == "place" and talk.knowledge.places.by_key(value):
        place = talk.knowledge.places.by_key(value)[0]
        return f"{place.name} {place.kreis}"
    return ""


def _nth(talk: Talk, n: int) -> Turn | None:
    offered = talk.memory.offered
    return chosen(talk, offered[n]) if -len(offered) <= n < len(offered) else None


def _yes(talk: Talk) -> Turn | None:
    if talk.memory.asks == "topic" and talk.memory.offered:
        return chosen(talk, talk.memory.offered[0])
    if talk.memory.asks_fact:
        return again(talk)
    return _fine(talk)


def _both(talk: Talk) -> Turn | None:
    topics = talk.memory.offered_topics
    if len(topics) < 2:
        return None
    advice = talk.advise(talk.enquiry(topics[0], second=topics[1]))
    return Turn(advice, talk.case, replace(talk.memory, unsure=0, tries=0))


def _more(talk: Talk) -> Turn | None:
    memory = talk.memory
    if memory.topic is None:
        return unsure(talk)
    more = words.more(talk.enquiry(memory.topic), memory.said, talk.knowledge, talk.edition)
    if more is None:
        return Turn(human(talk, "no_more"), talk.case, memory)
    return Turn(more, talk.case, memory)


def _simpler(talk: Talk) -> Turn | None:
    memory = talk.memory
    if memory.topic is None or not memory.said:
        return None
    text = words.simpler(talk.enquiry(memory.topic), memory.said[-1], talk.knowledge)
    return Turn(words.say(text, talk.enquiry(memory.topic), buttons=human_button(talk)), talk.case, memory)


def _why(talk: Talk) -> Turn | None:
    """„Wozu brauchen Sie das?“: the reason, and the question once more."""
    asks = talk.memory.asks
    if not talk.memory.asks_fact:
        return None
    reason = words.say(talk.text(f"why_{asks}"), talk.enquiry(talk.memory.topic or "contact_region"))
    return Turn(words.ask(reason, str(asks), talk.knowledge), talk.case, talk.memory)


def _repeat(talk: Talk) -> Turn | None:
    if talk.memory.topic is None:
        return None
    return Turn(talk.advise(talk.enquiry(talk.memory.topic)), talk.case, talk.memory)


def _language(talk: Talk) -> Turn:
    return Turn(human(talk, "only_german"), talk.case, talk.memory)


def _recall(talk: Talk) -> Turn:
    lines = summary.facts(talk.case, talk.knowledge)
    known = talk.text("recall", value="\n".join(lines)) if lines else talk.text("recall_nothing")
    return Turn(words.say(known, talk.enquiry("data_privacy"), next=talk.text("recall_next")), talk.case, talk.memory)


def _complaint(talk: Talk) -> Turn:
    return Turn(human(talk, "complaint"), talk.case, replace(talk.memory, step=handover.OFFER))


def _fine(talk: Talk) -> Turn:
    buttons = tuple(Button(talk.knowledge.topics[t].label, f"topic:{t}") for t in talk.memory.offered_topics)
    advice = words.say(talk.text("fine"), talk.enquiry("smalltalk"), buttons=buttons)
    return Turn(advice, talk.case, replace(talk.memory, step=None))


_ORDINALS = {Act.FIRST: 0, Act.SECOND: 1, Act.THIRD: 2, Act.LAST: -1}
_ACTS: dict[Act, Callable[[Talk], Turn | None]] = {
    Act.YES: _yes,
    Act.NO: _fine,
    Act.STOP: _fine,
    Act.BOTH: _both,
    Act.MORE: _more,
    Act.SIMPLER: _simpler,
    Act.REPEAT: _repeat,
    Act.WHY: _why,
    Act.LANGUAGE: _language,
    Act.RECALL: _recall,
    Act.COMPLAINT: _complaint,
}
