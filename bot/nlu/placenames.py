"""Names of places in a message: finds them, and tells whether a name is a place at all where it stands.

The rules and their reasons stand in docs/PLACES.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.nlu.utterance import Utterance
from knowledge.model import Place
from knowledge.places import CONNECTORS, NO_PLACE, Places
from knowledge.text import fold

# What a name is to the person, the strongest first.
RANKS = ("residence", "code", "plain", "work", "near", "left", "authority")
_LOCATIVE = frozenset(
    fold(w) for w in ("in aus nach raum stadt gemeinde wohnort ort wohne wohn wohnen lebe region plz gebiet w en à").split()
)
_TITLES = frozenset(("frau", "herr", "herrn", "dr", "familie", "strasse", "str"))
_ARTICLES = frozenset(("der", "die", "das", "dem", "den", "im", "am", "zum", "zur", "beim", "vom"))
# Behind these a name belongs to an organisation and says nothing about the person.
_ORGANISATIONS = frozenset(
    fold(w)
    for w in "uni universität hochschule fachhochschule caritas diakonie awo drk rkw via fc klinikum flüchtlingsrat".split()
)
# Those that decide for a region: whoever deals with them most probably lives there, if nothing else is said.
AUTHORITIES = frozenset(
    fold(w)
    for w in (
        "handwerkskammer hwk ihk ärztekammer kammer ingenieurkammer architektenkammer apothekerkammer regierungspräsidium "
        "bezirksregierung landratsamt jobcenter ausländerbehörde bürgeramt arbeitsagentur"
    ).split()
)
_MONEY = frozenset(("euro", "eur", "€", "brutto", "netto", "$"))
# A town's name never follows an article („auf der Elbe“); those of regions, districts and Kreise may.
_DETERMINERS = (_ARTICLES - {"im", "am"}) | frozenset("mein meine meiner ein eine einer keine welche diese dieser".split())
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
_CITY = 100_000


@dataclass
class Mention:
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


class PlaceNames:
    """Looks for names in `text`. `taken` are tokens of organisations and countries; `asked`: the assistant has just asked
    for the place, so that a bare word may be one. After `find`, `unknown` is a postal code that nobody has."""

    def __init__(self, text: Utterance, places: Places, taken: frozenset[int], asked: bool) -> None:
        self.text = text
        self.places = places
        self.taken = taken
        self.asked = asked
        self.unknown: str | None = None
        self.codes_seen: set[int] = set()

    def find(self) -> list[Mention]:
        """The names that are places here, in the order of the text; a misspelt one only where no other is."""
        named = self.names()
        named = [mention for mention in named if self.counts(mention, named)]
        return named or self.misspelt()

    def names(self) -> list[Mention]:
        found: list[Mention] = []
        position = 0
        while position < len(self.text.tokens) and len(found) < _MOST:
            length, mention = self.at(position)
            if mention:
                found.append(mention)
            position += max(length, 1)
        return found

    def at(self, position: int) -> tuple[int, Mention | None]:
        """The mention that begins at a word: (words used, mention). A name that is no place uses up its words."""
        token = self.text.doc[self.text.tokens[position]]
        if token.i in self.taken:
            return 1, None
        if len(token.text) == 5 and token.text.isdigit():
            return 1, self.code(position)
        length, entries = self.places.names.find(self.text.folded, position)
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
        return length, Mention(self.text.tokens[position], self.text.tokens[position + length - 1] + 1, list(entries))

    def code(self, position: int) -> Mention | None:
        token = self.text.doc[self.text.tokens[position]]
        after = self.text.doc[token.i + 1].norm_ if token.i + 1 < len(self.text.doc) else ""
        if after in _MONEY:
            return None
        lands, names = self.places.code(token.text)
        if not lands:
            told = self.text.before(token.i) & _LOCATIVE or {"plz", "postleitzahl"} & set(self.text.folded)
            if self.asked or len(self.text.tokens) == 1 or told:
                self.unknown = token.text
                self.codes_seen.add(token.i)
            return None
        name = names[0] if names else token.text
        mention = Mention(token.i, token.i + 1, [Place(name, "code", lands)], rank=RANKS.index("code"))
        mention.lands = lands
        return mention

    def abbreviation(self, position: int) -> list[Place]:
        """Two-letter codes of Länder: as the whole answer, in capitals where they are common, or before a district."""
        token = self.text.doc[self.text.tokens[position]]
        land = self.places.lands.get(f"DE-{token.text.upper()}")
        if land is None or len(token.text) != 2:
            return []
        alone = len(self.text.tokens) == 1
        following = self.places.names.find(self.text.folded, position + 1)[1] if position + 1 < len(self.text.tokens) else []
        joined = bool(self.places.in_lands(following, (land.code,)))
        told = token.text in _TOLD_LANDS or (bool(self.text.before(token.i) & {"in", "aus", "land"}) or joined)
        if alone or (token.text.isupper() and told):
            return [Place(land.name, "land", (land.code,))]
        return []

    def with_addition(self, position: int, length: int, entries: list[Place]) -> tuple[int, list[Place]]:
        """Take in what follows a name to tell it from others: „an der Oder“, „(Saale)“, „Westf.“, „am Main“."""
        end, connected = position + length, False
        while end < len(self.text.folded) and self.text.folded[end] in CONNECTORS and end < position + length + 3:
            end, connected = end + 1, True
        if end >= len(self.text.folded):
            return length, entries
        word = self.text.folded[end]
        if word == "oder" and not connected and self.text.doc[self.text.tokens[end] - 1].text not in "(/-":
            return length, entries
        fitting = [place for place in entries if any(_abbreviates(word, a) for a in self.places.additions(place))]
        if not fitting:
            return length, entries
        return end + 1 - position, [replace(place, caution="") for place in fitting]

    def misspelt(self) -> list[Mention]:
        """A town with a slip of the keyboard: as the answer to our question, in a few words, or behind „wohne in“."""
        for i in self.text.tokens:
            told = self.asked or self.text.before(i) & {"in", "wohne", "lebe", "stadt", "raum"}
            lives = self.asked or (told and self.text.in_clause(i, i + 1, "RESIDENCE"))
            here = lives if len(self.text.doc[i].text) < _LONG else (told or len(self.text.tokens) <= _SHORT)
            if i not in self.taken and here and len(self.text.tokens) <= (_SHORT if self.asked else len(self.text.tokens)):
                # A short word is too often another word with one letter changed, unless it is nearly a city.
                short = len(self.text.doc[i].text) < _LONG and not self.asked
                found = self.places.misspelt(self.text.doc[i].norm_, _CITY if short else 0)
                if found:
                    return [Mention(i, i + 1, found)]
        return []

    def counts(self, mention: Mention, mentions: list[Mention]) -> bool:
        """Whether a name is a place at all here: ordinary words, persons and districts need context."""
        before = self.text.before(mention.first)
        if before & _TITLES or before & _ORGANISATIONS:
            return False
        if before & _DETERMINERS and all(place.kind in _WITHOUT_ARTICLE for place in mention.places):
            return False
        after = self.text.doc[mention.last].norm_ if mention.last < len(self.text.doc) else ""
        if after in ("strasse", "str", "platz", "allee", "weg"):
            return False
        foreign = all(place.caution == "staat" for place in mention.places)
        if foreign:
            return bool(self.text.in_clause(mention.first, mention.last, "RESIDENCE")) or (
                self.asked and len(self.text.tokens) <= _SHORT
            )
        district = all(place.kind in ("ort", "ortsteil", "stadtteil") for place in mention.places)
        long = len(self.text.doc[mention.first].text) > _SHORT_NAME
        quarter = district and long and all(place.kind == "stadtteil" for place in mention.places)
        unknown_village = district and not quarter and mention.last - mention.first == 1
        careful = any(place.caution for place in mention.places) or unknown_village
        if not careful or mention.lands:
            return True
        if self.asked and len(self.text.tokens) <= _SHORT and mention.last - mention.first >= len(self.text.tokens) - 1:
            return True
        if any(place.caution == "satzwort" for place in mention.places):
            return self.lives_in(mention) or self.confirmed(mention, mentions) or self.has_river(mention)
        if before & _LOCATIVE:
            return True
        return len(self.text.tokens) == 1 or self.has_river(mention) or self.confirmed(mention, mentions)

    def confirmed(self, mention: Mention, mentions: list[Mention]) -> bool:
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

    def lives_in(self, mention: Mention) -> bool:
        """„wohne in …“ straight before the name: the one context in which even „Wissen“ is a town."""
        return bool(
            self.text.before(mention.first) & {"in", "wohnort", "ort", "stadt", "gemeinde"}
            and self.text.in_clause(mention.first, mention.last, "RESIDENCE")
        )

    def has_river(self, mention: Mention) -> bool:
        """„Hof an der Saale“, „Wissen an der Sieg“: the shape of a town's name, in a message that says little else."""
        after = [self.text.doc[i].norm_ for i in range(mention.last, min(mention.last + 3, len(self.text.doc)))]
        return (
            len(self.text.tokens) <= _SHORT + 2
            and after[:1] in (["an"], ["am"], ["ob"])
            and any(word in self.places.waters for word in after[1:])
        )


def _abbreviates(word: str, addition: str) -> bool:
    return addition.startswith(word) or (len(addition) >= 4 and word.startswith(addition))
