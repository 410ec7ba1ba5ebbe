"""What a message asks: ranked as a whole and part by part, so that a long story does not drown its wish, and a second
question is heard beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from bot.nlu import german
from bot.nlu.topics import Guess, TopicModel
from knowledge.text import fold

# Words from which the parts count for the first question: shorter messages only lose by it.
LONG = 20
# How much the parts count beside the whole, and how much more the last part and a question do. Best of a grid in
# cross-validation: messages of 20 words and more 55.5 → 56.9 %, of 35 and more 54.5 → 57.5 % (docs/NLU.md).
PARTS_WEIGHT = 0.3
LAST, QUESTION = 1.0, 0.5
# What fills a letter but is seldom its wish.
_PADDING = ("smalltalk", "out_of_scope")
# A second question: so sure in a part of its own, or in the whole.
SECOND_IN_PART, SECOND_IN_WHOLE = 0.45, 0.25
_OPENERS = frozenset(
    fold(w)
    for w in (
        "was wie wo wohin wer wen wem welche welcher welches welchen welchem wann warum wieso darf kann können muss müssen "
        "soll brauche brauchen gibt ist sind habe bekomme bekommt wird geht reicht zählt ob how what where who can do does is "
        "should could when which"
    ).split()
)
_JOINS = frozenset(("und", "oder", "and", "sowie"))


@dataclass(frozen=True)
class Asked:
    """All topics, ranked; `second` is the topic of another question in the same message, or None."""

    ranking: list[Guess]
    second: str | None


def rank_all(model: TopicModel, texts: Sequence[str], explain: int = 3) -> list[Asked]:
    """What each of `texts` asks. Explains the first `explain` topics of the whole."""
    whole = model.rank_all(texts, explain)
    cut = [parts(german.language()(text)) for text in texts]
    ranked = iter(model.rank_all([part for pieces in cut if len(pieces) > 1 for part in pieces], explain=0))
    return [
        _together(ranking, pieces, [next(ranked) for _ in pieces]) if len(pieces) > 1 else Asked(ranking, _second(ranking, []))
        for ranking, pieces in zip(whole, cut)
    ]


def parts(doc: Doc) -> list[str]:
    """The sentences of a message, cut again where a new question begins behind a comma or „und“; two words at least."""
    starts = [0]
    for token in doc:
        before = doc[token.i - 1] if token.i else None
        opens = before is not None and token.norm_ in _OPENERS and (before.norm_ in _JOINS or before.text in ",;:–-")
        if token.i and (token.is_sent_start or opens):
            starts.append(token.i)
    found = []
    offsets, text = doc.user_data["starts"], doc.user_data["text"]
    for first, last in zip(starts, [*starts[1:], len(doc)]):
        if sum(german.is_word(token) for token in doc[first:last]) >= 2:
            found.append(text[offsets[first] : offsets[last - 1] + len(doc[last - 1].text)])
    return found


def _together(whole: list[Guess], pieces: Sequence[str], rankings: Sequence[list[Guess]]) -> Asked:
    if sum(len(piece.split()) for piece in pieces) < LONG:
        return Asked(whole, _second(whole, rankings))
    best: dict[str, float] = {}
    for i, (piece, ranking) in enumerate(zip(pieces, rankings)):
        weight = 1.0 + (LAST if i == len(pieces) - 1 else 0.0) + (QUESTION if piece.rstrip().endswith("?") else 0.0)
        for guess in ranking:
            chance = weight * guess.confidence * (0.5 if guess.topic in _PADDING else 1.0)
            best[guess.topic] = max(best.get(guess.topic, 0.0), chance)
    total = sum(best.values())
    mixed = [Guess(g.topic, (1 - PARTS_WEIGHT) * g.confidence + PARTS_WEIGHT * best[g.topic] / total, g.because) for g in whole]
    mixed.sort(key=lambda guess: -guess.confidence)
    return Asked(mixed, _second(mixed, rankings))


def _second(ranking: list[Guess], rankings: Sequence[list[Guess]]) -> str | None:
    """The topic that leads in some part, else the second of the whole, where it is sure enough and no padding."""
    first = ranking[0].topic
    leading = [r[0] for r in rankings if r[0].topic not in (first, *_PADDING) and r[0].confidence >= SECOND_IN_PART]
    if leading:
        return max(leading, key=lambda guess: guess.confidence).topic
    if len(ranking) > 1 and ranking[1].confidence >= SECOND_IN_WHOLE and ranking[1].topic not in _PADDING:
        return ranking[1].topic
    return None
