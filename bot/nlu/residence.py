"""Where a person lives, read from free text: what each named place is to them, and which of several is meant.

The rules and their reasons stand in docs/PLACES.md; tests/cases/places.yml holds the cases they were made for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.tokens import Doc

from bot.nlu.placenames import AUTHORITIES, RANKS, Mention, PlaceNames
from bot.nlu.utterance import Utterance
from knowledge.model import Place
from knowledge.places import CITY_LANDS, Places
from knowledge.text import fold

_NEEDS = frozenset(("braucht", "sucht", "benoetigt", "moechte"))


@dataclass(frozen=True)
class Residence:
    """`land` is known, or `lands` are possible (`options` to choose from), or `unknown` is a code that nobody has.

    `name` is the place as it is called, `start` and `end` its offsets in the text; all None where nothing was named.
    `tokens` are all tokens of the message that speak of places.
    """

    land: str | None = None
    lands: tuple[str, ...] = ()
    name: str | None = None
    start: int | None = None
    end: int | None = None
    options: tuple[Place, ...] = ()
    unknown: str | None = None
    tokens: frozenset[int] = frozenset()


def read(doc: Doc, places: Places, taken: frozenset[int] = frozenset(), asked: bool = False) -> Residence:
    """The residence in `doc`. `taken` are tokens that belong to organisations or countries; `asked`: the assistant has
    just asked for the place, so that a bare word may be one."""
    text = Utterance(doc)
    names = PlaceNames(text, places, taken, asked)
    mentions = names.find()
    said = {i for mention in mentions for i in range(mention.first, mention.last)} | names.codes_seen
    return replace(_Judge(text, places).residence(mentions, names.unknown), tokens=frozenset(said))


class _Judge:
    """Weighs the mentions of one message against each other."""

    def __init__(self, text: Utterance, places: Places) -> None:
        self.text = text
        self.places = places

    @property
    def for_others(self) -> bool:
        """Whether somebody else needs the advice: „mein Bruder lebt in Kassel und braucht …“."""
        return bool(_NEEDS & set(self.text.folded))

    def residence(self, mentions: list[Mention], unknown: str | None) -> Residence:
        self.judge(mentions)
        self.settle(mentions)
        return self.choose(mentions) or Residence(unknown=unknown)

    def judge(self, mentions: list[Mention]) -> None:
        for mention in mentions:
            mention.negated = any(
                0 < mention.first - i <= 5 for i in self.text.in_clause(mention.first, mention.last, "NEGATION")
            )
            before = self.text.before(mention.first, 2)
            if mention.negated and "weit" in before:
                mention.negated = False
            kin = bool(self.text.in_clause(mention.first, mention.last, "KIN"))
            if mention.negated or self.text.in_clause(mention.first, mention.last, "PAST") or (kin and not self.for_others):
                mention.rank = None
            elif self.text.before(mention.first) & AUTHORITIES:
                mention.rank = RANKS.index("authority")
            elif self.text.before(mention.first) & {"von"} and "nach" in self.text.folded:
                mention.rank = RANKS.index("left")
            elif any("NEAR" in self.text.cues.get(i, ()) for i in (mention.first - 1, mention.first - 2) if i >= 0):
                mention.rank = RANKS.index("near")
            else:
                self.judge_clause(mention)

    def judge_clause(self, mention: Mention) -> None:
        """Residence or work: the cue that stands nearest before the name, else residence anywhere in its clause."""
        lives, works = (
            self.text.in_clause(mention.first, mention.last, "RESIDENCE"),
            self.text.in_clause(mention.first, mention.last, "WORK"),
        )
        before = [i for i in (*lives, *works) if i < mention.first]
        if lives and (not before or max(before) in lives):
            mention.rank = RANKS.index("residence")
        elif works and mention.rank == RANKS.index("plain"):
            mention.rank = RANKS.index("work")

    def settle(self, mentions: list[Mention]) -> None:
        """Which of several places of a name is meant, by what else is named."""
        excluded = {land for m in mentions if m.negated and m.wide for place in m.places for land in place.lands}
        for mention in mentions:
            if mention.lands:
                continue
            others = [other for other in mentions if other is not mention and not other.negated and other.rank is not None]
            places = [p for p in mention.places if not set(p.lands) <= excluded] or mention.places
            places = self.told_apart(mention, places) or places
            for other in others:
                beside = 0 <= max(mention.first - other.last, other.first - mention.last) <= 1 and len(other.places) == 1
                if other.wide or other.lands or beside:
                    lands = other.lands or tuple(land for place in other.places for land in place.lands)
                    places = self.places.in_lands(places, lands) or places
            next_to = [p for o in others if o.rank == RANKS.index("near") for p in self.places.settle(o.places)]
            places = self.places.near(places, next_to)[:1] or places
            mention.places = self.places.settle(places, self.text.written(mention.first, mention.last))
            if len({place.lands for place in mention.places}) > 1:
                around = [p for o in others if not o.wide for p in o.places if p.population]
                mention.places = self.places.near(mention.places, around)[:1] or mention.places
            mention.lands = tuple(sorted({land for place in mention.places for land in place.lands}))

    def told_apart(self, mention: Mention, places: list[Place]) -> list[Place]:
        """The places whose addition, or whose city, stands somewhere else in the message: „Weimar, das an der Lahn“."""
        said = set()
        for position, i in enumerate(self.text.tokens):
            negated = {"nicht", "kein"} & set(self.text.folded[max(0, position - 2) : position])
            word = self.text.folded[position]
            conjunction = word == "oder" and not {"an", "sondern"} & set(self.text.folded[max(0, position - 2) : position])
            if not mention.first <= i < mention.last and not negated and not conjunction:
                said |= {word, word.removesuffix("er")}
        return [place for place in places if said & {*self.places.additions(place), fold(place.kreis)}]

    def choose(self, mentions: list[Mention]) -> Residence | None:
        used = [mention for mention in mentions if mention.rank is not None]
        if not used:
            return None
        best = min(mention.rank for mention in used if mention.rank is not None)
        top = [mention for mention in used if mention.rank == best]
        if len(top) == 1 and best == RANKS.index("near") and top[0].lands and top[0].lands[0] in CITY_LANDS:
            return self.result(top, (*top[0].lands, *CITY_LANDS[top[0].lands[0]]))
        # A code or a bare name adds to each other; beside a stated residence neither counts.
        same = (best,) if best == 0 else (best, 1, 2)
        towns = [mention for mention in used if not mention.wide and mention.rank in same]
        codes = [mention for mention in towns if mention.places[0].kind == "code"]
        lands = _common(towns) or _common(codes) or ([] if towns else _common(top))
        if not codes and self.alternatives(towns or top):
            lands = []
        if lands and (wide := [m for m in used if m.wide and set(m.lands) & set(lands)]):
            lands = sorted(set(lands) & set(wide[0].lands)) or lands
        lands = lands or sorted({land for mention in (towns or top) for land in mention.lands})
        return self.result(towns or top, tuple(lands))

    def alternatives(self, mentions: list[Mention]) -> bool:
        """„Freiberg oder Freiburg“: the person does not say which."""
        pairs = pairwise(mentions)
        return any(self.text.doc[one.last : other.first].text.strip().lower() == "oder" for one, other in pairs)

    def result(self, mentions: list[Mention], lands: tuple[str, ...]) -> Residence:
        # The most telling name: a town before a code before a Land, the one that fits the result.
        fitting = [m for m in mentions if set(m.lands) & set(lands)] or mentions
        named = min(fitting, key=lambda m: (m.wide, m.places[0].kind == "code", m.first))
        start, end, original = self.text.original(named.first, named.last)
        options = tuple(place for m in mentions for place in m.places if place.land in lands and not m.wide and place.ags)
        return Residence(
            land=lands[0] if len(lands) == 1 else None,
            lands=lands if len(lands) > 1 else (),
            name=named.places[0].name if len(lands) == 1 else original,
            start=start,
            end=end,
            options=options if len(lands) > 1 else (),
        )


def _common(mentions: list[Mention]) -> list[str]:
    """The Länder that all mentions share."""
    if not mentions:
        return []
    shared = set(mentions[0].lands)
    for mention in mentions[1:]:
        shared &= set(mention.lands)
    return sorted(shared)
