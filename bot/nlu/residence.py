"""Where a person lives, read from free text: finds the names, judges their context, leaves the rest to knowledge.places.

The rules and their reasons stand in docs/PLACES.md; tests/cases/places.yml holds the cases they were made for.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from spacy.tokens import Doc

from bot.nlu import german
from knowledge.model import Place
from knowledge.places import CONNECTORS, NO_PLACE, Places
from knowledge.text import fold

# What a name is to the person, the strongest first. Names under the last of these are not used at all.
RANKS = ("residence", "code", "plain", "work", "near", "left")
_LOCATIVE = frozenset(
    fold(w) for w in ("in aus nach raum stadt gemeinde wohnort ort wohne wohn wohnen lebe region plz gebiet w en à").split()
)
_TITLES = frozenset(("frau", "herr", "herrn", "dr", "familie", "strasse", "str"))
_ARTICLES = frozenset(("der", "die", "das", "dem", "den", "im", "am", "zum", "zur", "beim", "vom"))
# Behind these a name belongs to an organisation and says nothing about the person.
_ORGANISATIONS = frozenset(
    fold(w)
    for w in (
        "handwerkskammer hwk ihk ärztekammer uni universität hochschule fachhochschule caritas diakonie "
        "awo drk rkw via fc klinikum flüchtlingsrat ingenieurkammer architektenkammer kammer "
        "regierungspräsidium bezirksregierung"
    ).split()
)
_MONEY = frozenset(("euro", "eur", "€", "brutto", "netto", "$"))
# A town's name never follows an article („auf der Elbe“); those of regions, districts and Kreise may.
_DETERMINERS = _ARTICLES - {"im", "am"} | {
    "mein",
    "meine",
    "meiner",
    "ein",
    "eine",
    "einer",
    "keine",
    "welche",
    "diese",
    "dieser",
}
_WITHOUT_ARTICLE = ("gemeinde", "ort", "verband", "variante")
_TOLD_LANDS = ("BW", "MV", "NW")
# An answer to „Wo wohnen Sie?“ is short; more words are a sentence, in which a name needs context again.
_SHORT = 3
# District names up to this length are too often words or slips (Eil, Strom).
_SHORT_NAME = 4
# Names that are looked at: each is compared with each, and nobody lives in more places.
_MOST = 30
# Shorter words are too often ordinary words with one letter changed (Lager, Hallo, Wetter).
_LONG = 7


@dataclass
class _Mention:
    """A name at tokens `first` to `last` (excluded) with what it may mean. `rank` indexes RANKS, None = unused."""

    first: int
    last: int
    places: list[Place]
    rank: int | None = 2
    negated: bool = False
    lands: tuple[str, ...] = field(default=())

    @property
    def wide(self) -> bool:
        """A Land, region or Kreis: says roughly where, and gives way to a town inside it."""
        return all(place.kind in ("land", "region", "kreis") for place in self.places)


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
    return _Reader(doc, places, taken, asked).read()


class _Reader:
    def __init__(self, doc: Doc, places: Places, taken: frozenset[int], asked: bool) -> None:
        self.doc = doc
        self.places = places
        self.taken = taken
        self.asked = asked
        self.tokens = [token.i for token in doc if german.is_word(token)]
        self.folded = [doc[i].norm_ for i in self.tokens]
        self.cues = german.cues(doc)
        self.unknown: str | None = None
        self.codes_seen: set[int] = set()

    def read(self) -> Residence:
        mentions = self.find()
        mentions = [mention for mention in mentions if self.counts(mention, mentions)]
        if not any(mention.rank is not None for mention in mentions):
            mentions += self.misspelt(mentions)
        self.judge(mentions)
        self.settle(mentions)
        said = {i for mention in mentions for i in range(mention.first, mention.last)} | self.codes_seen
        return replace(self.choose(mentions), tokens=frozenset(said))

    # --- finding ---------------------------------------------------------------------------------------------------------

    def find(self) -> list[_Mention]:
        found: list[_Mention] = []
        position = 0
        while position < len(self.tokens) and len(found) < _MOST:
            length, mention = self.at(position)
            if mention:
                found.append(mention)
            position += max(length, 1)
        return found

    def at(self, position: int) -> tuple[int, _Mention | None]:
        """The mention that begins at a word: (words used, mention). A name that is no place uses up its words."""
        token = self.doc[self.tokens[position]]
        if token.i in self.taken:
            return 1, None
        if len(token.text) == 5 and token.text.isdigit():
            return 1, self.code(position)
        length, entries = self.places.names.find(self.folded, position)
        if entries and entries[0].kind == NO_PLACE:
            return length, None
        if not entries:
            entries = self.abbreviation(position)
            length = 1 if entries else 0
        if not entries:
            return 1, None
        length, entries = self.with_addition(position, length, entries)
        # A village called like a Land (Sachsen b. Ansbach) never stands against it.
        entries = [place for place in entries if place.kind == "land"] or entries
        return length, _Mention(self.tokens[position], self.tokens[position + length - 1] + 1, list(entries))

    def code(self, position: int) -> _Mention | None:
        token = self.doc[self.tokens[position]]
        after = self.doc[token.i + 1].norm_ if token.i + 1 < len(self.doc) else ""
        if after in _MONEY:
            return None
        lands, names = self.places.codes.get(token.text, ((), ()))
        if not lands:
            told = self.before(token.i) & _LOCATIVE or {"plz", "postleitzahl"} & set(self.folded)
            if self.asked or len(self.tokens) == 1 or told:
                self.unknown = token.text
                self.codes_seen.add(token.i)
            return None
        name = names[0] if names else token.text
        mention = _Mention(token.i, token.i + 1, [Place(name, "code", lands)], rank=RANKS.index("code"))
        mention.lands = lands
        return mention

    def abbreviation(self, position: int) -> list[Place]:
        """Two-letter codes of Länder: as the whole answer, in capitals where they are common, or before a district."""
        token = self.doc[self.tokens[position]]
        land = self.places.lands.get(f"DE-{token.text.upper()}")
        if land is None or len(token.text) != 2:
            return []
        alone = len(self.tokens) == 1
        following = self.places.names.find(self.folded, position + 1)[1] if position + 1 < len(self.tokens) else []
        joined = bool(self.places.in_lands(following, (land.code,)))
        told = token.text in _TOLD_LANDS or (bool(self.before(token.i) & {"in", "aus", "land"}) or joined)
        if alone or (token.text.isupper() and told):
            return [Place(land.name, "land", (land.code,))]
        return []

    def with_addition(self, position: int, length: int, entries: list[Place]) -> tuple[int, list[Place]]:
        """Take in what follows a name to tell it from others: „an der Oder“, „(Saale)“, „Westf.“, „am Main“."""
        end, connected = position + length, False
        while end < len(self.folded) and self.folded[end] in CONNECTORS and end < position + length + 3:
            end, connected = end + 1, True
        if end >= len(self.folded):
            return length, entries
        word = self.folded[end]
        if word == "oder" and not connected and self.doc[self.tokens[end] - 1].text not in "(/-":
            return length, entries
        fitting = [place for place in entries if any(_abbreviates(word, a) for a in self.places.additions(place))]
        if not fitting:
            return length, entries
        return end + 1 - position, [Place(**{**place.__dict__, "caution": ""}) for place in fitting]

    def misspelt(self, mentions: list[_Mention]) -> list[_Mention]:
        """A town with a slip of the keyboard: as the answer to our question, in a few words, or behind „wohne in“."""
        used = {i for mention in mentions for i in range(mention.first, mention.last)} | self.taken
        for i in self.tokens:
            told = self.asked or self.before(i) & {"in", "wohne", "lebe", "stadt", "raum"}
            here = self.asked if len(self.doc[i].text) < _LONG else (told or len(self.tokens) <= _SHORT)
            if i not in used and here and len(self.tokens) <= (_SHORT if self.asked else len(self.tokens)):
                found = self.places.misspelt(self.doc[i].norm_)
                if found:
                    return [_Mention(i, i + 1, found)]
        return []

    # --- judging ---------------------------------------------------------------------------------------------------------

    def before(self, i: int, words: int = 1) -> set[str]:
        """The folded words straight before token `i`, without punctuation between."""
        found = set()
        for j in range(i - 1, max(-1, i - 1 - words), -1):
            if not german.is_word(self.doc[j]):
                break
            found.add(self.doc[j].norm_)
        return found

    def counts(self, mention: _Mention, mentions: list[_Mention]) -> bool:
        """Whether a name is a place at all here: ordinary words, persons and districts need context."""
        before = self.before(mention.first)
        if before & _TITLES or before & _ORGANISATIONS:
            return False
        if before & _DETERMINERS and all(place.kind in _WITHOUT_ARTICLE for place in mention.places):
            return False
        after = self.doc[mention.last].norm_ if mention.last < len(self.doc) else ""
        if after in ("strasse", "str", "platz", "allee", "weg"):
            return False
        foreign = all(place.caution == "staat" for place in mention.places)
        if foreign:
            return bool(self.in_clause(mention, "RESIDENCE")) or (self.asked and len(self.tokens) <= _SHORT)
        district = all(place.kind in ("ort", "ortsteil", "stadtteil") for place in mention.places)
        long = len(self.doc[mention.first].text) > _SHORT_NAME
        quarter = district and long and all(place.kind == "stadtteil" for place in mention.places)
        unknown_village = district and not quarter and mention.last - mention.first == 1
        careful = any(place.caution for place in mention.places) or unknown_village
        if not careful or mention.lands:
            return True
        if self.asked and len(self.tokens) <= _SHORT and mention.last - mention.first >= len(self.tokens) - 1:
            return True
        if any(place.caution == "satzwort" for place in mention.places):
            return self.lives_in(mention) or self.confirmed(mention, mentions)
        if before & _LOCATIVE:
            return True
        return len(self.tokens) == 1 or self.has_river(mention) or self.confirmed(mention, mentions)

    def lives_in(self, mention: _Mention) -> bool:
        """„wohne in …“ straight before the name: the one context in which even „Wissen“ is a town."""
        return bool(
            self.before(mention.first) & {"in", "wohnort", "ort", "stadt", "gemeinde"} and self.in_clause(mention, "RESIDENCE")
        )

    def has_river(self, mention: _Mention) -> bool:
        """„Hof an der Saale“: the shape of a town's name, in a message that says little else."""
        after = [self.doc[i].norm_ for i in range(mention.last, min(mention.last + 2, len(self.doc)))]
        return len(self.tokens) <= _SHORT + 2 and len(after) == 2 and after[0] in ("an", "am", "ob") and after[1] in CONNECTORS

    def confirmed(self, mention: _Mention, mentions: list[_Mention]) -> bool:
        """Another name close by lies in the same Land: a postal code, the city of a district, „… im Landkreis …“."""
        for other in mentions:
            gap = max(mention.first - other.last, other.first - mention.last)
            if other is mention or gap > 3:
                continue
            lands = {land for place in other.places for land in place.lands}
            inside = self.places.in_lands(mention.places, lands)
            if inside and not any(place.caution for place in other.places):
                return True
        return False

    def in_clause(self, mention: _Mention, label: str) -> list[int]:
        """Tokens with the cue `label` in the clause of the mention."""
        first = mention.first
        while first > 0 and not german.starts_clause(self.doc[first]) and not self.doc[first].is_sent_start:
            first -= 1
        last = mention.last
        while last < len(self.doc) and not german.starts_clause(self.doc[last]) and not self.doc[last].is_sent_start:
            last += 1
        return [i for i in range(first, last) if label in self.cues.get(i, ())]

    def judge(self, mentions: list[_Mention]) -> None:
        for mention in mentions:
            mention.negated = any(0 < mention.first - i <= 5 for i in self.in_clause(mention, "NEGATION"))
            before = self.before(mention.first, 2)
            if mention.negated and "weit" in before:
                mention.negated = False
            if mention.negated or self.in_clause(mention, "PAST") or self.in_clause(mention, "KIN"):
                mention.rank = None
            elif self.before(mention.first) & {"von"} and "nach" in self.folded:
                mention.rank = RANKS.index("left")
            elif any("NEAR" in self.cues.get(i, ()) for i in (mention.first - 1, mention.first - 2) if i >= 0):
                mention.rank = RANKS.index("near")
            else:
                self.judge_clause(mention)

    def judge_clause(self, mention: _Mention) -> None:
        """Residence or work: the cue that stands nearest before the name, else residence anywhere in its clause."""
        lives, works = self.in_clause(mention, "RESIDENCE"), self.in_clause(mention, "WORK")
        before = [i for i in (*lives, *works) if i < mention.first]
        if lives and (not before or max(before) in lives):
            mention.rank = RANKS.index("residence")
        elif works and mention.rank == RANKS.index("plain"):
            mention.rank = RANKS.index("work")

    # --- deciding --------------------------------------------------------------------------------------------------------

    def settle(self, mentions: list[_Mention]) -> None:
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
            mention.places = self.places.settle(places, self.written(mention))
            if len({place.lands for place in mention.places}) > 1:
                around = [p for o in others if not o.wide for p in o.places if p.population]
                mention.places = self.places.near(mention.places, around)[:1] or mention.places
            mention.lands = tuple(sorted({land for place in mention.places for land in place.lands}))

    def told_apart(self, mention: _Mention, places: list[Place]) -> list[Place]:
        """The places whose addition, or whose city, stands somewhere else in the message: „Weimar, das an der Lahn“."""
        said = set()
        for position, i in enumerate(self.tokens):
            negated = {"nicht", "kein"} & set(self.folded[max(0, position - 2) : position])
            word = self.folded[position]
            conjunction = word == "oder" and not {"an", "sondern"} & set(self.folded[max(0, position - 2) : position])
            if not mention.first <= i < mention.last and not negated and not conjunction:
                said |= {word, word.removesuffix("er")}
        return [place for place in places if said & {*self.places.additions(place), fold(place.kreis)}]

    def written(self, mention: _Mention) -> str:
        return " ".join(self.doc[i].norm_ for i in range(mention.first, mention.last) if german.is_word(self.doc[i]))

    def choose(self, mentions: list[_Mention]) -> Residence:
        used = [mention for mention in mentions if mention.rank is not None]
        if not used:
            return Residence(unknown=self.unknown)
        best = min(mention.rank for mention in used if mention.rank is not None)
        top = [mention for mention in used if mention.rank == best]
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

    def alternatives(self, mentions: list[_Mention]) -> bool:
        """„Freiberg oder Freiburg“: the person does not say which."""
        pairs = pairwise(mentions)
        return any(self.doc[one.last : other.first].text.strip().lower() == "oder" for one, other in pairs)

    def result(self, mentions: list[_Mention], lands: tuple[str, ...]) -> Residence:
        # The most telling name: a town before a code before a Land, the one that fits the result.
        fitting = [m for m in mentions if set(m.lands) & set(lands)] or mentions
        named = min(fitting, key=lambda m: (m.wide, m.places[0].kind == "code", m.first))
        starts = self.doc.user_data["starts"]
        end = starts[named.last - 1] + len(self.doc[named.last - 1].text)
        options = tuple(place for m in mentions for place in m.places if place.land in lands and not m.wide and place.ags)
        return Residence(
            land=lands[0] if len(lands) == 1 else None,
            lands=lands if len(lands) > 1 else (),
            name=named.places[0].name if len(lands) == 1 else self.doc.user_data["text"][starts[named.first] : end],
            start=starts[named.first],
            end=end,
            options=options if len(lands) > 1 else (),
        )


def _abbreviates(word: str, addition: str) -> bool:
    return addition.startswith(word) or (len(addition) >= 4 and word.startswith(addition))


def _common(mentions: list[_Mention]) -> list[str]:
    """The Länder that all mentions share."""
    if not mentions:
        return []
    shared = set(mentions[0].lands)
    for mention in mentions[1:]:
        shared &= set(mention.lands)
    return sorted(shared)
