"""Places in Germany: names and postal codes → what they may be, and which of several is meant.

Rules: see docs/PLACES.md. Source of the data and its licences: NOTICE.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from math import cos, hypot, radians
from typing import Any

from rapidfuzz.distance import OSA

from knowledge import compact
from knowledge.model import Land, Place
from knowledge.text import fold, key
from knowledge.vocabulary import Vocabulary

# A town this many times larger than the next of its name in another Land is meant without a question (Essen 61, Oldenburg
# 18, but not Halle 11 or Frankfurt 13): measured on places.csv, names where people in fact think of one town only.
DOMINANT = 16
# From this size on, a town is meant rather than a village or district of the same name elsewhere.
TOWN = 10_000
# Towns that typing errors are compared with: smaller ones would match too many ordinary words.
KNOWN_TOWN = 20_000
NEAR_KM = 45.0
NO_PLACE = "kein_ort"
# In cautions.csv: people mean the largest of this name, though the others are not that much smaller.
LARGEST = "groesster"
_SMALL = ("ort", "ortsteil", "stadtteil")
# Letters of half a double name that may stand for the whole: shorter ones are words (Rot, Aue).
_HALF = 5
# Around a city that is a Land, the next village already lies in another one.
CITY_LANDS = {"DE-BE": ("DE-BB",), "DE-HB": ("DE-NI",), "DE-HH": ("DE-NI", "DE-SH")}
# Words between a name and its addition: „Frankfurt an der Oder“, „Neustadt i. H.“
CONNECTORS = frozenset(fold(word) for word in ("an am a in im i bei b ob der den dem d der bei").split())
_KREIS_WORDS = ("landkreis", "kreis", "lk", "lkr", "kr")
_ABBREVIATIONS = {"sankt": "st", "st": "sankt", "bad": "b"}


class Places:
    """The gazetteer, of what `prepare` made; all methods are pure."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        few = json.loads(parts["few.json"])
        self.lands = {code: Land(code, name) for code, name in few["lands"]}
        self._places = compact.Records(parts["places"], _place)
        self._codes = compact.Records(parts["codes"], _code)
        self.names = compact.Names(parts["names"], self._places.__getitem__)
        self._by_code = compact.Names(parts["codes.names"], self._codes.__getitem__)
        self._largest = frozenset(map(tuple, few["largest"]))
        self._towns: dict[str, int] = few["towns"]
        self._by_key: dict[str, int] = few["keys"]
        # The folded words that tell towns of one name apart: rivers, seas, hills.
        self.waters = frozenset(few["waters"])

    def code(self, code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The Länder and the places of a postal code; nothing of both where it does not exist."""
        found = self._by_code.get((code,))
        return found[0] if found else ((), ())

    @property
    def municipalities(self) -> list[Place]:
        """Every municipality that has a key of its own."""
        return [self._places[number] for number in self._by_key.values()]

    def by_key(self, ags: str) -> list[Place]:
        """The municipality with this official key, as a list of one; empty when there is none."""
        return [self._places[self._by_key[ags]]] if ags in self._by_key else []

    # --- which of several is meant -----------------------------------------------------------------------------------

    def additions(self, place: Place) -> tuple[str, ...]:
        """The folded words of the official name behind the usual one: („saale“,) for Halle (Saale)."""
        return place.additions

    def settle(self, candidates: Sequence[Place], written: str = "") -> list[Place]:
        """Leave out candidates that nobody means: villages beside a town, small towns beside a dominant city.

        `written` is the folded name as the person wrote it: a town spelt exactly so (Munster) stays beside a city that
        is only spelt so without its dots (Münster).
        """
        lands = [place for place in candidates if place.kind == "land"]
        if lands:
            return lands
        kept = list(candidates)
        towns = [place for place in kept if place.population >= TOWN]
        if towns:
            kept = [place for place in kept if place.kind not in _SMALL or place.lands[0] == towns[0].lands[0]] or kept
        ranked = sorted(kept, key=lambda place: -place.population)
        first = ranked[0]
        rivals = [place.population for place in ranked[1:] if place.lands != first.lands]
        exact = [place for place in kept if " ".join(key(place.name)).startswith(written)]
        if exact and first not in exact:
            return ranked
        dominant = first.population >= KNOWN_TOWN and all(first.population >= DOMINANT * rival for rival in rivals)
        if dominant or key(written) in self._largest:
            return [place for place in ranked if place.lands == first.lands]
        return ranked

    def in_lands(self, candidates: Iterable[Place], lands: Iterable[str]) -> list[Place]:
        """The candidates that lie in one of `lands`."""
        wanted = set(lands)
        return [place for place in candidates if wanted & set(place.lands)]

    def near(self, candidates: Iterable[Place], others: Iterable[Place]) -> list[Place]:
        """The candidates within NEAR_KM of any of `others`, nearest first; places without coordinates never are."""
        found = []
        for place in candidates:
            distances = [km(place, other) for other in others if other.lat is not None and place.lat is not None]
            if distances and min(distances) <= NEAR_KM:
                found.append((min(distances), place))
        return [place for _, place in sorted(found, key=lambda pair: pair[0])]

    # --- spelling ----------------------------------------------------------------------------------------------------

    def misspelt(self, word: str, least: int = 0) -> list[Place]:
        """Länder, and towns of `least` inhabitants, whose name differs from the folded `word` by one slip (letter more,
        less, other, swapped)."""
        if len(word) < 5:
            return []
        known = [
            *(name for name, people in self._towns.items() if people >= least),
            *(key(land.name)[0] for land in self.lands.values() if len(key(land.name)) == 1),
        ]
        hits = {name for name in known if name[0] == word[0] and OSA.distance(name, word, score_cutoff=1) <= 1}
        return [place for name in sorted(hits) for place in self.names.get((name,)) if place.caution != NO_PLACE]


def prepare(tables: dict[str, list[dict[str, Any]]]) -> dict[str, bytes]:
    """What `Places` takes, of the rows of regions.csv, kreise.csv, places.csv, plz.csv, cautions.csv and exonyms.csv."""
    read = _Gazetteer(tables)
    names, places = read.names.numbered()
    numbers = {place: number for number, place in enumerate(places)}
    few = {
        "lands": [(row["land"], row["name"]) for row in tables["regions.csv"] if row["kind"] == "land"],
        "largest": read.largest,
        "towns": read.towns,
        "keys": {ags: numbers[place] for ags, place in read.by_key.items()},
        "waters": sorted(read.waters),
    }
    codes = tables["plz.csv"]
    return {
        "few.json": json.dumps(few, ensure_ascii=False).encode(),
        "names": compact.names(names),
        "places": compact.rows(map(_values, places)),
        "codes": compact.rows((row["land"].split("|"), [name for name in row["places"].split("|") if name]) for row in codes),
        "codes.names": compact.names({row["plz"]: [number] for number, row in enumerate(codes)}),
    }


def _values(place: Place) -> tuple[Any, ...]:
    return tuple(getattr(place, field.name) for field in fields(place))


def _place(name: str, kind: str, lands: list[str], *more: Any) -> Place:
    kreis, ags, population, lat, lon, caution, additions = more
    return Place(name, kind, tuple(lands), kreis, ags, population, lat, lon, caution, tuple(additions))


def _code(lands: list[str], places: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(lands), tuple(places)


class _Gazetteer:
    """Reads the tables."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self.names: Vocabulary[Place] = Vocabulary()
        self.largest = [key(row["name"]) for row in tables["cautions.csv"] if row["caution"] == LARGEST]
        self.waters: set[str] = set()
        self.towns: dict[str, int] = {}
        self.by_key: dict[str, Place] = {}
        self._kreise: list[Place] = []
        cautions = {key(row["name"]): row["caution"] for row in tables["cautions.csv"] if row["caution"] != LARGEST}
        for row in tables["regions.csv"]:
            self._add_region(row, cautions)
        for row in tables["kreise.csv"]:
            self._add_kreis(row)
        for row in tables["places.csv"]:
            self._add_place(row, cautions)
        for name, caution in cautions.items():
            if caution == NO_PLACE:
                self.names.add(" ".join(name), Place(" ".join(name), NO_PLACE, (), caution=NO_PLACE))
        for kreis in self._kreise:
            # „Uckermark“ is known without „Landkreis“; „Ansbach“ is the town.
            if not self.names.get(key(kreis.kreis)):
                self.names.add(kreis.kreis, kreis)
        self._add_halves()
        for row in tables["exonyms.csv"]:
            self._add_exonym(row)

    def _add_halves(self) -> None:
        """People live in Dessau, Villingen or Garmisch, whatever the town is called since it was joined with its neighbour."""
        for town in self.by_key.values():
            if town.population < TOWN or "-" not in town.name:
                continue
            for half in town.name.split("-"):
                known = self.names.get(key(half))
                if len(half) >= _HALF and all(place.kind in _SMALL for place in known):
                    self.names.add(half, town)

    def _add_exonym(self, row: dict[str, Any]) -> None:
        """A name in another language („Мюнхен“) means the Land or else the largest place with the German name."""
        meant = sorted(self.names.get(key(row["name"])), key=lambda place: (place.kind != "land", -place.population))
        if meant and not self.names.get(key(row["form"])):
            self.names.add_exact(row["form"], replace(meant[0], caution=""))

    def _add_region(self, row: dict[str, Any], cautions: dict[tuple[str, ...], str]) -> None:
        for name in filter(None, (row["name"], *row["aliases"].split("|"))):
            caution = cautions.get(key(name), "")
            self.names.add(name, Place(row["name"], row["kind"], tuple(row["land"].split("|")), caution=caution))

    def _add_kreis(self, row: dict[str, Any]) -> None:
        kreis = Place(row["full_name"], "kreis", (row["land"],), row["name"], row["ags"], int(row["population"] or 0))
        self.names.add(row["full_name"], kreis)
        self._kreise.append(kreis)
        for word in _KREIS_WORDS:
            self.names.add(f"{word} {row['name']}", kreis)

    def _add_place(self, row: dict[str, Any], cautions: dict[tuple[str, ...], str]) -> None:
        full = row["name"]
        short = row["short"] or full
        additions = tuple(word for word in key(full)[len(key(short)) :] if word not in CONNECTORS)
        self.waters |= set(additions)
        plain = Place(
            name=full,
            kind=row["kind"],
            lands=(row["land"],),
            kreis=row["kreis"],
            ags=row["ags"],
            population=int(row["population"] or 0),
            lat=float(row["lat"]) if row["lat"] else None,
            lon=float(row["lon"]) if row["lon"] else None,
            additions=additions,
        )
        entry = replace(plain, caution=cautions.get(key(short)) or row["caution"])
        # The full name is unmistakable where it says more than the short one („Stein an der Traun“).
        long = plain if key(full) != key(short) else entry
        # Without its dots a small place is too often an ordinary word (Wört, Füßen).
        add = self.names.add if entry.population >= TOWN else self.names.add_exact
        for name in {full, *_spellings(full)}:
            add(name, long)
        for name in {short, *_spellings(short)}:
            add(name, entry)
        if row["kind"] == "gemeinde":
            self.by_key[entry.ags] = entry
        if entry.population >= KNOWN_TOWN and len(key(short)) == 1:
            self.towns[key(short)[0]] = entry.population


def km(one: Place, other: Place) -> float:
    """Distance in kilometres, flat-earth; good to 1 % inside Germany. Both need coordinates."""
    assert one.lat is not None and one.lon is not None and other.lat is not None and other.lon is not None
    east = (one.lon - other.lon) * cos(radians((one.lat + other.lat) / 2))
    return 111.2 * hypot(one.lat - other.lat, east)


def _spellings(name: str) -> list[str]:
    """Other ways to write an official name: Sankt/St., a.d. written out, what stands before a slash or a comma."""
    found = []
    words = key(name)
    if words and words[0] in ("sankt", "st"):
        found.append(" ".join((_ABBREVIATIONS[words[0]], *words[1:])))
    if "/" in name:
        found.append(name.split("/")[0])
    return found
