"""The nouns of the domain, as frozen dataclasses. Plain data: what they mean together is said in routing and advice.

Land codes are ISO 3166-2:DE (`DE-NW`), country codes ISO 3166-1 (`SY`), `ags` is the official municipality key.
`as_of` is the date that a source gives for itself, or the month in which an undated page was read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

ASKERS = ("migrant", "counsellor", "employer", "authority", "other")


class Certainty(str, Enum):
    """How well a record is founded; decides whether and how it may be said to a person."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    DERIVED = "derived"
    BACKGROUND = "background"
    OLD = "old"
    CONFLICT = "conflict"

    @property
    def may_be_said(self) -> bool:
        return self in (Certainty.CONFIRMED, Certainty.REPORTED, Certainty.DERIVED)


class Role(str, Enum):
    """What a contact is to the person who asks."""

    LANDESNETZWERK = "landesnetzwerk"
    FACHSTELLE = "fachstelle"
    MUT_IQ = "mut_iq"
    PORTAL = "portal"
    NETZWERK_HEUTE = "netzwerk_heute"
    FACHSTELLE_HEUTE = "fachstelle_heute"
    SERVICE = "service"
    NOTRUF = "notruf"


class Regulation(str, Enum):
    """Whether an occupation may be done without recognition. `UNKNOWN` = we have no record, so we say nothing."""

    YES = "yes"
    NO = "no"
    DEPENDS_ON_LAND = "depends_on_land"
    TITLE_ONLY = "title_only"
    SELF_EMPLOYED_ONLY = "self_employed_only"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read: the title for people, the address or None, the date."""

    title: str
    url: str | None
    as_of: str


@dataclass(frozen=True)
class Contact:
    """A body that a person can be sent to. `also` = further names that people use for it; `carrier` None = not read;
    `follows` = id of the earlier edition's body whose work it does today."""

    id: str
    role: Role
    name: str
    carrier: str | None
    also: tuple[str, ...]
    about: str
    land: str | None
    url: str | None
    phone: str | None
    source: Source
    certainty: Certainty
    follows: str | None = None


@dataclass(frozen=True)
class Subject:
    """What a body on federal level is for: the topics that belong to it, and word stems (folded) that name it."""

    contact: str
    topics: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Handlungsschwerpunkt:
    number: int
    name: str
    addresses: tuple[str, ...]
    examples: tuple[str, ...]
    aim: str
    funding: str
    source: Source


@dataclass(frozen=True)
class Statement:
    """One sentence of the programme document (structure, funding, partners, figures, goals)."""

    id: str
    text: str
    source: Source


@dataclass(frozen=True)
class Programme:
    """The programme as the document describes it."""

    name: str
    running_since: int
    website: str
    handlungsschwerpunkte: tuple[Handlungsschwerpunkt, ...]
    structure: tuple[Statement, ...]
    funding: tuple[Statement, ...]
    partners: tuple[Statement, ...]
    figures: tuple[Statement, ...]
    goals: tuple[Statement, ...]


@dataclass(frozen=True)
class Edition:
    """One layer of the programme, with the bodies of that time. Layers are shown side by side and never mixed. `since` is
    the year in which it began, where that is known."""

    id: str
    name: str
    networks: tuple[Contact, ...]
    fachstellen: tuple[Contact, ...]
    federal: tuple[Contact, ...]
    programme: Programme | None
    since: str = ""

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return (*self.networks, *self.fachstellen, *self.federal)

    def networks_of(self, land: str) -> tuple[Contact, ...]:
        """The networks of a Land; more than one is possible in today's layer."""
        return tuple(contact for contact in self.networks if contact.land == land)

    def contact(self, id: str) -> Contact:
        return next(contact for contact in self.contacts if contact.id == id)


@dataclass(frozen=True)
class Fact:
    """A piece of evidence behind an answer text. `fact` is for editors, in English. `membership` = third where it is about
    people from outside EU, EEA and Switzerland only."""

    id: str
    fact: str
    source: Source
    certainty: Certainty
    membership: str | None = None


@dataclass(frozen=True)
class Topic:
    """What a person may want to know. `kind` decides the routing, `needs` the facts asked for, `next` the buttons.

    `before` and `after` say what of an occupation stands before and behind the answer: status, body, hint.
    `of_person`: it is about somebody's own qualification, so that others ask for a person.
    """

    id: str
    label: str
    kind: str
    needs: tuple[str, ...]
    next: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    of_person: bool


@dataclass(frozen=True)
class Answer:
    """A text for a topic, and the conditions under which it is the right one (empty = always).

    `mentions` (word beginnings) and `concepts` are one condition: one of either must be in the message.
    `occupations` are ids of occupations or of their groups.
    """

    id: str
    topic: str
    askers: tuple[str, ...]
    regulated: tuple[Regulation, ...]
    occupations: frozenset[str]
    membership: str | None
    mentions: tuple[str, ...]
    concepts: frozenset[str]
    answer: str
    next: str
    facts: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True)
class Warning:
    """What is said beside an answer, whatever the topic, when the message speaks of it: a fake site, for instance."""

    id: str
    mentions: tuple[str, ...]
    concepts: frozenset[str]
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A technical word and what it means. `topic` is where more about it is said."""

    id: str
    term: str
    also: tuple[str, ...]
    topic: str
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Greeting:
    """The first words to somebody who writes in another language, and the labels of buttons in it, by topic.

    `dir` is ltr or rtl; `asks` are our questions, by what they ask for (land, profession, topic).
    """

    language: str
    dir: str
    text: str
    topics: dict[str, str]
    yes: str
    no: str
    asks: dict[str, str]


@dataclass(frozen=True)
class Stage:
    """Where somebody stands in the procedure; `mentions` are word beginnings that tell it, `topic` is what is meant then."""

    id: str
    label: str
    mentions: tuple[str, ...]
    topic: str | None


@dataclass(frozen=True)
class Land:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, district, Kreis, region or Land. `population` counts people, `lat`/`lon` are WGS 84 degrees or None.

    `lands` has more than one entry for regions that cross a border, and for postal codes that do.
    `caution` = what else the name is: an ordinary word (`wort`), a person's name, a country, a Land.
    `additions` are the folded words of the official name behind the usual one: („saale“,) for Halle (Saale).
    """

    name: str
    kind: str
    lands: tuple[str, ...]
    kreis: str = ""
    ags: str = ""
    population: int = 0
    lat: float | None = None
    lon: float | None = None
    caution: str = ""
    additions: tuple[str, ...] = field(default=(), compare=False)

    @property
    def land(self) -> str | None:
        return self.lands[0] if len(self.lands) == 1 else None


@dataclass(frozen=True, slots=True)
class Country:
    """`membership` is EU, EEA, CH, or empty for a third country."""

    iso2: str
    name: str
    membership: str

    @property
    def is_third_country(self) -> bool:
        return not self.membership


@dataclass(frozen=True, slots=True)
class Profession:
    """An occupation. `body` is the KIND of office that decides, None where we have no record; `hint` what is typical.
    `group` is its kind (professions.yml), empty where we have no record that may be said. `certain`: read first-hand, so
    that it is said without „in der Regel“."""

    id: str
    name_m: str
    name_f: str
    group: str
    regulated: Regulation
    body: str | None
    hint: str | None
    source: Source | None
    certain: bool = False

    @property
    def name(self) -> str:
        return self.name_m if self.name_m == self.name_f else f"{self.name_f}/{self.name_m}"


@dataclass(frozen=True)
class Ambiguity:
    """A word that may mean several occupations: ask, with these as the choices."""

    word: str
    candidates: tuple[Profession, ...]
    ask: str


@dataclass(frozen=True)
class Enquiry:
    """All that is known about what a person wants. The one input of `advise`.

    `topics` are ranked, the first is answered; none where nothing was understood. `second` is the topic of another
    question in the same message. `lands` are the possible Länder when the place is ambiguous (`options` are the places to
    choose from). `organisations` are ids of contacts that the person named. `term` is a technical word whose meaning is
    asked for. `text` is the folded message, for variants of an answer; `concepts` are the notions seen in it
    (concepts.yml). `declined` are facts that the person cannot or will not give, so they are not asked for again.
    """

    topics: tuple[str, ...] = ()
    sure: bool = True
    second: str | None = None
    asker: str = "migrant"
    language: str = "de"
    land: str | None = None
    lands: tuple[str, ...] = ()
    place: str | None = None
    options: tuple[Place, ...] = ()
    unknown_place: str | None = None
    profession: Profession | None = None
    ambiguity: Ambiguity | None = None
    country: Country | None = None
    organisations: tuple[str, ...] = ()
    term: Term | None = None
    text: str = ""
    concepts: frozenset[str] = frozenset()
    declined: tuple[str, ...] = ()

    @property
    def topic(self) -> str | None:
        return self.topics[0] if self.topics else None

    @property
    def for_office(self) -> bool:
        """Asked for an office, a firm or the public, not for one's own recognition."""
        return self.asker != "migrant"

    @property
    def urgent(self) -> bool:
        return self.topic == "crisis"


@dataclass(frozen=True)
class Referral:
    """A contact and the reason why it is the right one for this enquiry. `closed`: in the rule it no longer exists; it is
    named as the programme document has it, behind those that help today."""

    contact: Contact
    why: str
    closed: bool = False


@dataclass(frozen=True)
class Button:
    """A choice. `id` is a `kind:value` pair that actions/turn.py understands, e.g. `land:DE-NW`; `also` is the title in
    the language of the person."""

    title: str
    id: str
    also: str | None = None


@dataclass(frozen=True)
class Advice:
    """What the assistant has to say. Rendered into messages by `knowledge.message`.

    `before` and `after` are what the occupation means for the answer, `warning` what is said whatever the topic, `second`
    the answer to another question of the message. `said` is the id of the answer.
    `asks` names the one fact asked for next: land, profession, country, topic, consent, contact, or None.
    """

    enquiry: Enquiry
    before: str
    answer: str
    after: str
    next: str
    warning: str
    second: str
    referrals: tuple[Referral, ...]
    asks: str | None
    question: str
    buttons: tuple[Button, ...]
    sources: tuple[Source, ...]
    said: str = ""
