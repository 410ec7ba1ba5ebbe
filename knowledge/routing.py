"""Who is responsible, and why. A pure function of the enquiry and the two layers of contacts; no text understanding here.

Order of checks: what was named, topic and who asks, Land. The table of rules stands in docs/ROUTING.md. Crises and topics
outside the programme have no office here: their answers name the help themselves (see knowledge/advice.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.editions import BOTH, TODAY
from knowledge.loader import Knowledge
from knowledge.model import Certainty, Contact, Edition, Enquiry, Referral, Role, Topic

DOCUMENT = "2015-2018"
# What people may be told is current: only what was read first-hand.
_CURRENT = (Certainty.CONFIRMED,)
# Words that show what kind of body is asked for, whatever the topic.
_FACHSTELLE = (" fachstelle",)
_NETWORK = (" landesnetzwerk", " landeskoordination", " regionales netzwerk")
# „Liste aller Landesnetzwerke“: a word of each kind.
_ALL = (" alle ", " aller ", " allen ", " saemtliche", " liste", " uebersicht", " 16 ", " sechzehn ")
_NETWORKS = (" landesnetzwerk", " netzwerke")


@dataclass(frozen=True)
class Route:
    """`referrals`: the primary one first. `asks`: the fact that is needed for a better answer, or None."""

    referrals: tuple[Referral, ...]
    asks: str | None


def route(enquiry: Enquiry, knowledge: Knowledge, edition: str = BOTH) -> Route:
    """Whom to send the person to. `edition` is 2015-2018, today or both (see the setting WEGWEISER_EDITION)."""
    return _Router(enquiry, knowledge, edition).route()


class _Router:
    def __init__(self, enquiry: Enquiry, knowledge: Knowledge, edition: str) -> None:
        self.enquiry = enquiry
        self.knowledge = knowledge
        # A further edition of the programme is a folder under editions/, and is shown by its name.
        self.document: Edition = knowledge.editions[DOCUMENT if edition in (BOTH, TODAY) else edition]
        self.today: Edition | None = knowledge.editions[TODAY] if edition in (BOTH, TODAY) else None
        self.only_today = edition == TODAY
        self.text = f" {enquiry.text} "
        self.asks_fachstelle = any(word in self.text for word in _FACHSTELLE)
        self.asks_network = any(word in self.text for word in _NETWORK)

    def route(self) -> Route:
        enquiry = self.enquiry
        if enquiry.topic is None:
            return Route((), None)
        topic = self.knowledge.topics[enquiry.topic]
        if topic.kind in ("crisis", "none"):
            return Route((), None)
        named = self.named() or self.all_networks()
        if named:
            return Route(named, None)
        referrals = {
            "counsel": self.counsel,
            "portal": self.finder,
            "subject": self.of_subject,
            "training": self.training,
            "fachstelle": self.fachstelle,
            "programme": self.programme,
        }[topic.kind]()
        return Route(referrals, self.asks(topic, referrals))

    # --- the rules, one per kind of topic ----------------------------------------------------------------------------

    def named(self) -> tuple[Referral, ...]:
        """What the person asks for by name or, with the word Fachstelle, by subject. A place of residence goes before."""
        if self.enquiry.land:
            return ()
        contacts = [contact for id in self.enquiry.organisations for contact in self.document.contacts if contact.id == id]
        if self.enquiry.lands:
            # „EXIS: Sachsen oder Sachsen-Anhalt?“ asks for the Land of the organisation, and says nothing else of a place.
            contacts = [contact for contact in contacts if contact.land in self.enquiry.lands]
        if not contacts:
            return ()
        subject = self.subject()
        # One carrier may have two roles: the subject or the word Fachstelle decides, else the network goes first.
        fachstelle = Role.FACHSTELLE if self.asks_fachstelle else None
        contacts.sort(key=lambda contact: (contact.id != subject, contact.role is not fachstelle))
        if fachstelle and contacts[0].role is fachstelle and not self.asks_network:
            contacts = [contact for contact in contacts if contact.role is fachstelle]
        why = self.say("why_named")
        return tuple(self.referral(contact, f"{why} {self.why(contact)}") for contact in contacts)

    def all_networks(self) -> tuple[Referral, ...]:
        """All Landesnetzwerke, for somebody who asks for the list."""
        asked = any(word in self.text for word in _ALL) and any(word in self.text for word in _NETWORKS)
        if not asked or self.enquiry.land:
            return ()
        names = self.knowledge.places.lands
        networks = sorted(self.document.networks, key=lambda contact: names[contact.land or ""].name)
        return tuple(Referral(contact, self.why(contact)) for contact in networks)

    def counsel(self) -> tuple[Referral, ...]:
        """Counselling: the Landesnetzwerk of the Land, the portal beside it."""
        if self.enquiry.for_office and not self.enquiry.land and self.subject() == "fachstelle-beratung-qualifizierung":
            return self.refer(self.subject())
        if self.asks_fachstelle and self.subject():
            return self.refer(self.subject())
        networks = self.networks()
        if not networks and self.enquiry.topic in ("contact_region", "appointment_handover"):
            return ()
        return (*networks, *self.refer("portal"))

    def finder(self) -> tuple[Referral, ...]:
        """Questions that the Anerkennungs-Finder answers: the portal; for migrants the Landesnetzwerk beside it.

        A migrant who asks „who is in charge“ for a place, without an occupation, cannot use the finder: counselling first."""
        if self.enquiry.for_office:
            return self.refer("portal")
        if self.enquiry.topic == "competent_body" and self.enquiry.profession is None and self.enquiry.land:
            return (*self.networks(), *self.refer("portal"))
        return (*self.refer("portal"), *self.networks())

    def of_subject(self) -> tuple[Referral, ...]:
        """A topic with a Fachstelle: migrants get the Landesnetzwerk first, offices and firms the Fachstelle."""
        fachstelle = self.refer(self.subject(of_topic=True))
        if self.enquiry.for_office or self.asks_fachstelle:
            return fachstelle
        return (*self.networks(), *fachstelle)

    def training(self) -> tuple[Referral, ...]:
        """Training for offices and firms: the Landesnetzwerk of the place (third focus), the Fachstelle beside it."""
        fachstelle = self.refer(self.subject(of_topic=True))
        if self.asks_fachstelle:
            return fachstelle
        return (*self.networks("why_landesnetzwerk_office"), *fachstelle)

    def fachstelle(self) -> tuple[Referral, ...]:
        """A Fachstelle by subject; a Land without a subject means its network; neither: all five."""
        subject = self.subject()
        if self.enquiry.land and (subject is None or not self.asks_fachstelle):
            return self.networks()
        if subject:
            return self.refer(subject)
        return tuple(referral for contact in self.document.fachstellen for referral in self.refer(contact.id))

    def programme(self) -> tuple[Referral, ...]:
        """The programme: the network of a Land that is named, else MUT IQ; the portal where it is meant."""
        subject = self.subject()
        if subject == "portal":
            return self.refer("portal")
        if self.enquiry.land and subject != "mut-iq":
            return self.networks()
        return self.refer("mut-iq")

    # --- parts ---------------------------------------------------------------------------------------------------------

    def asks(self, topic: Topic, referrals: tuple[Referral, ...]) -> str | None:
        enquiry = self.enquiry
        known = {
            "land": bool(enquiry.land) and not enquiry.lands,
            "profession": enquiry.profession is not None and enquiry.ambiguity is None,
            "country": enquiry.country is not None,
        }
        if enquiry.lands or enquiry.unknown_place:
            return "land"
        if topic.kind == "fachstelle" and not self.subject():
            return "topic"
        fachstelle_named = bool(referrals) and referrals[0].contact.role in (Role.FACHSTELLE, Role.MUT_IQ)
        needs = [need for need in topic.needs if not (enquiry.for_office and need == "profession")]
        if enquiry.for_office and fachstelle_named and topic.kind != "training":
            needs = []
        if self.asks_fachstelle and fachstelle_named:
            needs = []
        return next((need for need in needs if not known[need] and need not in enquiry.declined), None)

    def networks(self, why: str = "why_landesnetzwerk") -> tuple[Referral, ...]:
        land = self.enquiry.land
        if land is None:
            return ()
        name = self.knowledge.places.lands[land].name
        place = self.enquiry.place
        if why == "why_landesnetzwerk" and place and place != name:
            reason = self.say("why_landesnetzwerk_place", land=name, place=place)
        else:
            reason = self.say(why, land=name)
        document = tuple(Referral(contact, reason) for contact in self.document.networks_of(land))
        now = tuple(
            Referral(contact, f"{reason} {self.say('why_today')}")
            for contact in (self.today.networks_of(land) if self.today else ())
            if contact.certainty in _CURRENT
        )
        if self.only_today and now:
            return now
        if self.today and all(referral.contact.source.as_of < self.today.since for referral in now):
            document = tuple(Referral(referral.contact, f"{reason} {self.say('why_changed')}") for referral in document)
        return (*document, *now)

    def subject(self, of_topic: bool = False) -> str | None:
        """The contact whose subject the message names. With `of_topic`, the one that the topic belongs to."""
        if of_topic:
            return next((s.contact for s in self.knowledge.subjects if self.enquiry.topic in s.topics), None)
        subjects = self.knowledge.subjects
        if self.asks_fachstelle:
            subjects = tuple(s for s in subjects if s.contact.startswith("fachstelle"))
        named = (s for s in subjects if any(f" {stem}" in self.text for stem in s.stems))
        found = next((subject.contact for subject in named), None)
        return found or next((s.contact for s in self.knowledge.subjects if set(self.enquiry.topics[:2]) & set(s.topics)), None)

    def refer(self, id: str | None) -> tuple[Referral, ...]:
        """The contact, where this edition has it, and who does its work today."""
        contact = next((contact for contact in self.document.contacts if contact.id == id), None)
        if contact is None:
            return ()
        now = tuple(self.referral(other) for other in self.successors(contact))
        return now if self.only_today and now else (self.referral(contact), *now)

    def successors(self, contact: Contact) -> tuple[Contact, ...]:
        """Bodies of today that do the work of `contact`; none where that was not read."""
        bodies = self.today.fachstellen if self.today else ()
        return tuple(body for body in bodies if body.follows == contact.id and body.certainty in _CURRENT)

    def why(self, contact: Contact) -> str:
        if contact.role is Role.LANDESNETZWERK and contact.land:
            return self.say("why_landesnetzwerk", land=self.knowledge.places.lands[contact.land].name)
        texts = {
            Role.FACHSTELLE: "why_fachstelle",
            Role.FACHSTELLE_HEUTE: "why_fachstelle",
            Role.MUT_IQ: "why_mut_iq",
            Role.PORTAL: "why_portal",
        }
        why = self.say(texts[contact.role], subject=contact.about)
        return f"{why} {self.say('why_fachstelle_closed')}" if self.closed(contact) else why

    def closed(self, contact: Contact) -> bool:
        """Whether nobody does the work of a Fachstelle any more, as far as was read."""
        return contact.role is Role.FACHSTELLE and self.today is not None and not self.successors(contact)

    def referral(self, contact: Contact, why: str | None = None) -> Referral:
        return Referral(contact, why or self.why(contact), self.closed(contact))

    def say(self, name: str, **values: str) -> str:
        return self.knowledge.texts[name].format(**values)
