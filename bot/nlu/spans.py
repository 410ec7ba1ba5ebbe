"""What a text speaks of, apart from its topic: residence, occupation, country, organisations, who asks.

Finds the spans; what they mean is said by the vocabularies of `knowledge`. One reader for chat, desk and batch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from bot.nlu import german, residence
from bot.nlu.residence import Residence
from knowledge.case import Case
from knowledge.countries import Naming
from knowledge.loader import Knowledge
from knowledge.model import Ambiguity, Country, Profession
from knowledge.professions import Found
from knowledge.text import fold, key, words
from knowledge.vocabulary import Vocabulary

# Concepts that tell who asks, the strongest first.
_ASKERS = (
    ("counsellor", "COUNSELLOR_SELF"),
    ("authority", "ASKS_AS_AUTHORITY"),
    ("employer", "WE_AS_EMPLOYER"),
    ("other", "ASKS_AS_PUBLIC"),
)
# Concepts of the subject „sport“: there a Land is a club.
_SPORT = "SPORT"
_CONTACT_WORDS = frozenset(("iq", "netzwerk", "landesnetzwerk", "foerderprogramm", "projekt", "fachstelle"))
# A word that only goes with an occupation („Labor“) names it in a message of so few words, or beside these.
_FEW = 5
_WORKS = ("arbeit", "gearbeit", "gelernt", "beruf", "ausbildung", "job", "studiert")
# Behind these an occupation is the one that is not meant.
_NOT = ("nicht", "kein", "keine", "statt", "ausser")
# „Ich bin Lehrerin“, „ich arbeite als Anwalt“, „Als Sozialarbeiterin …“: the words before the occupation of who writes.
_OWN = re.compile(r"\b(ich bin|bin ich|wir sind|sind wir|arbeite( ich)?( hier)? als)( (eine?|selbst|selber|auch))*$|^als$")
# Somebody for whom they ask, and the sign that they ask for themselves all the same.
_CLIENT = re.compile(
    r"\b((mein|unser|ein|dies)\w* (klient|mandant|ratsuchend|kund|schueler|teilnehmer)"
    r"|(berate|betreue|begleite|vertrete)n?( ich| wir)?( gerade)? (eine|einen|ihn|jemand))"
)
_MINE = re.compile(r"\bmein\w* (\w+ )?(abschluss|diplom|zeugnis|ausbildung|studium|beruf|examen|anerkennung|qualifikation)")
# „Wir … einstellen“: who hires is a firm, also one that does not call itself so.
_HIRES = "HIRE_STAFF"
# Names of organisations that are also ordinary words need a sign that the organisation is meant.
_ORDINARY_NAMES = frozenset((("minor",), ("passage",), ("via",), ("mut",), ("ism",)))


@dataclass(frozen=True)
class Span:
    """A stretch of the text: `start` and `end` are offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Spans:
    """What was found; None or empty where nothing was named."""

    residence: Residence
    profession: Profession | None
    profession_span: Span | None
    ambiguity: Ambiguity | None
    country: Country | None
    country_span: Span | None
    organisations: tuple[str, ...]
    asker: str | None
    concepts: frozenset[str]
    only_facts: bool

    def case(self) -> Case:
        """The same as plain ids, ready to be stored and merged."""
        home = self.residence
        return Case(
            place=home.name,
            land=home.land,
            lands=home.lands,
            options=tuple(dict.fromkeys(place.ags for place in home.options)),
            unknown_place=home.unknown,
            profession=self.profession.id if self.profession else None,
            ambiguous=self.ambiguity.word if self.ambiguity else None,
            country=self.country.iso2 if self.country else None,
            organisations=self.organisations,
            asker=self.asker,
        )


class SpanReader:
    """Reads spans with one state of the knowledge. Building it takes some milliseconds; reading one message under one."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._nlp = german.language()
        self._organisations: Vocabulary[str] = Vocabulary()
        for edition in knowledge.editions.values():
            if edition.programme is None:
                continue
            for contact in edition.contacts:
                for name in (contact.name, *contact.also, *_short_names(contact.carrier or "")):
                    self._organisations.add(name, contact.id)

    def read(self, text: str, asked: str | None = None) -> Spans:
        """`asked` is the fact that the assistant has just asked for (land, profession …), which makes bare words count."""
        return self.read_doc(self._nlp(text), asked)

    def read_doc(self, doc: Doc, asked: str | None = None) -> Spans:
        """`read` for a text that `german.language` has cut."""
        tokens = [token.i for token in doc if german.is_word(token)]
        folded = [doc[i].norm_ for i in tokens]
        lexical = words(doc.user_data["text"])
        mentions = self._knowledge.lexicon.find(lexical)
        concepts = frozenset(mention.concept for mention in mentions)
        organisations, taken = self._named(folded, concepts)
        country, country_at = self._country(folded)
        if _SPORT in concepts:
            home = Residence()
        else:
            blocked = frozenset(tokens[i] for i in taken | self._foreign(folded))
            home = residence.read(doc, self._knowledge.places, blocked, asked == "land")
        found, profession_at = self._profession(folded, taken, asked == "profession", _for_client(" ".join(folded)))
        used = {i for at in (country_at, profession_at) if at for i in range(*at)} | taken
        used |= {position for position, i in enumerate(tokens) if i in home.tokens}
        return Spans(
            residence=home,
            profession=found.profession if found else None,
            profession_span=_span(doc, tokens, profession_at, found.letters if found else None),
            ambiguity=found.ambiguity if found else None,
            country=country,
            country_span=_span(doc, tokens, country_at),
            organisations=organisations,
            asker=self._asker(concepts, folded),
            concepts=concepts,
            only_facts=bool(used) and all(i in used or word in _FILLERS for i, word in enumerate(folded)),
        )

    def _named(self, folded: Sequence[str], concepts: frozenset[str]) -> tuple[tuple[str, ...], set[int]]:
        """Organisations of the programme that are named, and the words their names take up."""
        found: dict[str, None] = {}
        taken: set[int] = set()
        position = 0
        while position < len(folded):
            length, ids = self._organisations.find(folded, position)
            if ids and self._meant(tuple(folded[position : position + length]), folded, concepts):
                # „Netzwerk Bayern“ names a Land as well: its words stay readable as a place.
                if not all(id.startswith("landesnetzwerk") and folded[position] == "netzwerk" for id in ids):
                    taken |= set(range(position, position + length))
                    taken |= self._seat(folded, position + length, ids)
                found |= dict.fromkeys(ids)
            position += max(length, 1)
        return tuple(found), taken

    def _seat(self, folded: Sequence[str], after: int, ids: Sequence[str]) -> set[int]:
        """Words that say where an organisation is, not the person: „Minor in Berlin“, „ism Mainz“, „VIA Bayern … in Bayern“."""
        own = {word for id in ids for word in key(self._knowledge.contacts[id].carrier or "")}
        seat = {after + 1} if after + 1 < len(folded) and folded[after] == "in" else set()
        lives = any(word.startswith(("wohn", "leb", "zuhause", "gemeldet")) for word in folded)
        if not lives:
            seat |= {i for i in range(after, len(folded)) if folded[i] in own}
        return seat

    def _meant(self, name: tuple[str, ...], folded: Sequence[str], concepts: frozenset[str]) -> bool:
        if name not in _ORDINARY_NAMES:
            return True
        return bool(_CONTACT_WORDS & set(folded)) or "FACHSTELLE" in concepts or len(folded) <= 4

    def _country(self, folded: Sequence[str]) -> tuple[Country | None, tuple[int, int] | None]:
        """The country of the training: one that is named or implied by a word for its people, behind „aus“ first."""
        best: tuple[int, Naming, tuple[int, int]] | None = None
        for position in range(len(folded)):
            length, namings = self._knowledge.countries.find(folded, position)
            for naming in namings[:1]:
                before = folded[position - 1] if position else ""
                order = {"name": 1, "people": 2, "adjective": 3}[naming.kind] - (
                    before in ("aus", "from", "in") and naming.kind == "name"
                )
                if best is None or order < best[0]:
                    best = (order, naming, (position, position + length))
        return (best[1].country, best[2]) if best else (None, None)

    def _foreign(self, folded: Sequence[str]) -> set[int]:
        """Words that name a country, and a town straight before „in <country>“."""
        found: set[int] = set()
        for position in range(len(folded)):
            length, namings = self._knowledge.countries.find(folded, position)
            if namings and not self._is_big_place(folded[position : position + length]):
                found |= set(range(position, position + length))
                if position > 1 and folded[position - 1] == "in":
                    found.add(position - 2)
        return found

    def _is_big_place(self, name: Sequence[str]) -> bool:
        return any(
            place.kind == "land" or place.population > 100_000 for place in self._knowledge.places.names.get(tuple(name))
        )

    def _profession(
        self, folded: Sequence[str], taken: set[int], asked: bool, for_client: bool
    ) -> tuple[Found | None, tuple[int, int] | None]:
        """The first occupation of our own records, else of the lists, else a title of ESCO, else a hint, and its words.
        `for_client`: somebody asks for another person, so that their own occupation is not the one that is meant."""
        best: tuple[int, Found, tuple[int, int]] | None = None
        hints = asked or len(folded) <= _FEW or any(word.startswith(_WORKS) for word in folded)
        following = 0
        for position in range(len(folded)):
            if position in taken or position < following:
                continue
            found = self._knowledge.professions.find(folded, position)
            as_one = position > 0 and folded[position - 1] == "als"
            if found is None or (found.hint and not (hints or as_one)):
                continue
            following = position + found.length
            if position > 0 and folded[position - 1] in _NOT:
                continue  # „Nicht Koch. Ich bin Bäcker.“
            if for_client and _OWN.search(" ".join(folded[max(position - 5, 0) : position])):
                continue
            layer = 3 if found.hint else 0 if found.profession.source else 1 if found.profession.id.startswith("liste") else 2
            if best is None or layer < best[0]:
                best = (layer, found, (position, position + found.length))
        return (best[1], best[2]) if best else (None, None)

    def _asker(self, concepts: frozenset[str], folded: Sequence[str]) -> str | None:
        if _HIRES in concepts and "wir" in folded and not concepts & {"COUNSELLOR_SELF", "ASKS_AS_AUTHORITY"}:
            return "employer"
        return next((asker for asker, concept in _ASKERS if concept in concepts), None)


def _for_client(text: str) -> bool:
    return bool(_CLIENT.search(text)) and not _MINE.search(text)


# Words that may stand around bare facts („ich bin in Kiel“, „Diplom aus Polen, wo?“) and ask nothing but „who helps me“.
_FILLERS = frozenset(
    key(
        "ich bin in aus wohne lebe und im am der die das dem den bei nach ja nein also bitte hier komme wir sind mein meine "
        "beruf ort land von wo wohin wer genau stadt landeshauptstadt plz hab habe gelernt studiert diplom abschluss zeugnis "
        "ausbildung als"
    )
)
_LEGAL_FORMS = re.compile(r"\s*\b(gGmbH|mbH|GmbH|e\.\s?V\.)")


def _short_names(carrier: str) -> list[str]:
    """How people call a carrier: without article, legal form, what stands in brackets and behind a dash."""
    plain = _LEGAL_FORMS.sub("", carrier).split(" (")[0]
    plain = re.sub(r"^(Das|Der|Die) ", "", plain)
    return [carrier, plain, re.split(r" – |, ", plain)[0]]


def _span(doc: Doc, tokens: Sequence[int], at: tuple[int, int] | None, letters: int | None = None) -> Span | None:
    """The words `at[0]` to `at[1]` (excluded) as a stretch of the text, or only the first `letters` of it (about that
    many: folding makes two letters of an umlaut)."""
    if at is None:
        return None
    starts = doc.user_data["starts"]
    last = tokens[at[1] - 1]
    start, end = starts[tokens[at[0]]], starts[last] + len(doc[last].text)
    if letters is not None:
        word = doc.user_data["text"][start:end]
        end = start + next(i for i in range(1, len(word) + 1) if len(fold(word[:i])) >= letters)
    return Span(doc.user_data["text"][start:end], start, end)
