"""What a message asks: ranked as a whole and part by part, so that a long story does not drown its wish, and a second
question is heard beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from bot.nlu.parts import Part, parts
from bot.nlu.topics import Guess, TopicModel

# Words from which the parts count for the first question: shorter messages only lose by it.
LONG = 20
# How much the parts count beside the whole, and how much more the last part and a question do (docs/NLU.md).
PARTS_WEIGHT = 0.4
LAST, QUESTION = 1.0, 0.5
# What fills a letter but is seldom its wish.
_PADDING = ("smalltalk", "out_of_scope")
# A part asks for its topic when it is so sure; without a part for the first topic it must be surer.
HEARD, HEARD_ALONE = 0.4, 0.8
# A part that comes before the one with the first topic takes its place if it is so sure, or among so many of the whole.
EARLIER, NEAR = 0.9, 3
# A second topic that no part shows, but the whole.
SECOND_IN_WHOLE = 0.3
# Never second to another: who is in danger is answered alone.
CRISIS = "crisis"


@dataclass(frozen=True)
class Asked:
    """All topics, the asked ones first; `second` is the topic of another question in the same message, or None; `alarm`
    is how sure the surest part, or the whole, is of a crisis; `asks` whether any part looks like a question."""

    ranking: list[Guess]
    second: str | None
    alarm: float
    asks: bool


def rank(model: TopicModel, doc: Doc, explain: int = 3) -> Asked:
    """What a message, cut by `german.language`, asks. Explains the first `explain` topics of the whole."""
    whole = model.rank(doc.user_data["text"], explain)
    pieces = parts(doc)
    rankings = [model.rank(piece.text, explain=0) for piece in pieces] if len(pieces) > 1 else []
    if sum(len(piece.text.split()) for piece in pieces) >= LONG and rankings:
        whole = _mixed(whole, pieces, rankings)
    alarm = max((g.confidence for ranking in (whole, *rankings) for g in ranking if g.topic == CRISIS), default=0.0)
    ranking, second = _ordered(whole, _heard(pieces, rankings))
    return Asked(ranking, second, alarm, any(piece.asks for piece in pieces))


def _mixed(whole: list[Guess], pieces: Sequence[Part], rankings: Sequence[list[Guess]]) -> list[Guess]:
    """The ranking of a long message, in which each part has a say."""
    best: dict[str, float] = {}
    for i, (piece, ranking) in enumerate(zip(pieces, rankings)):
        weight = 1.0 + (LAST if i == len(pieces) - 1 else 0.0) + (QUESTION if piece.asks else 0.0)
        for guess in ranking:
            chance = weight * guess.confidence * (0.5 if guess.topic in _PADDING else 1.0)
            best[guess.topic] = max(best.get(guess.topic, 0.0), chance)
    total = sum(best.values())
    mixed = [Guess(g.topic, (1 - PARTS_WEIGHT) * g.confidence + PARTS_WEIGHT * best[g.topic] / total, g.because) for g in whole]
    return sorted(mixed, key=lambda guess: -guess.confidence)


def _heard(pieces: Sequence[Part], rankings: Sequence[list[Guess]]) -> dict[str, float]:
    """The topics that parts ask for, in their order, with how sure the surest part is."""
    heard: dict[str, float] = {}
    for piece, ranking in zip(pieces, rankings):
        first = next(guess for guess in ranking if guess.topic not in _PADDING)
        if piece.asks and first.confidence >= HEARD and first.topic != CRISIS:
            heard[first.topic] = max(heard.get(first.topic, 0.0), first.confidence)
    return heard


def _ordered(whole: list[Guess], heard: dict[str, float]) -> tuple[list[Guess], str | None]:
    """People put first what they ask first: of several questions that are heard, the earlier one leads."""
    first = whole[0].topic
    if first == CRISIS:
        return whole, None
    near = [guess.topic for guess in whole[:NEAR]]
    before = list(heard)[: list(heard).index(first)] if first in heard else []
    earlier = next((topic for topic in before if heard[topic] >= EARLIER or topic in near), None)
    if earlier:
        # It takes over how sure the message was of its first topic: only the order of the two is new.
        chosen = next(guess for guess in whole if guess.topic == earlier)
        leading = Guess(earlier, max(chosen.confidence, whole[0].confidence), chosen.because)
        return [leading, *(guess for guess in whole if guess.topic != earlier)], first
    others = {topic: chance for topic, chance in heard.items() if topic != first}
    others = {topic: chance for topic, chance in others.items() if first in heard or chance >= HEARD_ALONE}
    if others:
        return whole, max(others, key=lambda topic: others[topic])
    runner_up = next((guess for guess in whole[1:] if guess.topic not in _PADDING), None)
    return whole, runner_up.topic if runner_up and runner_up.confidence >= SECOND_IN_WHOLE else None
