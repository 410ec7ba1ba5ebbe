"""What is known of a person's case: plain ids and names, so that it can be stored, sent and merged, then made an Enquiry."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from knowledge.loader import Knowledge
from knowledge.model import Enquiry
from knowledge.text import words

# The key under which a case travels with a message (see bot/nlu/entities.py and actions/turn.py).
CARRIED = "case"
# What is wanted by somebody who only says where, or what they are: the first fact that is named decides.
_BARE_FACT_TOPICS = (("land", "contact_region"), ("profession", "recognition_possible"), ("country", "recognition_possible"))


@dataclass(frozen=True)
class Case:
    """Facts about one person. `options` are the keys (AGS) of the places to choose from when `lands` are several;
    `ambiguous` is the word for an occupation that may mean several; `asker` None = nothing was said about it; `stage` is
    where the person stands in the procedure (stages.yml)."""

    place: str | None = None
    land: str | None = None
    lands: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    unknown_place: str | None = None
    profession: str | None = None
    ambiguous: str | None = None
    country: str | None = None
    organisations: tuple[str, ...] = ()
    asker: str | None = None
    stage: str | None = None

    @classmethod
    def from_slots(cls, slots: dict[str, Any]) -> Case:
        """Read stored slots; what is missing or has the wrong type counts as unknown."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            value = slots.get(field.name)
            if field.name in _LISTS:
                if isinstance(value, (list, tuple)):
                    values[field.name] = tuple(str(item) for item in value)
            elif isinstance(value, str):
                values[field.name] = value
        return cls(**values)

    def slots(self) -> dict[str, Any]:
        """The case as JSON-friendly values, lists for tuples."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def updated(self, new: Case) -> Case:
        """This case with what `new` says; a new place replaces all of the old one, and so does a new occupation."""
        changes: dict[str, Any] = {}
        if new.land or new.lands or new.unknown_place:
            changes |= {name: getattr(new, name) for name in ("place", "land", "lands", "options", "unknown_place")}
        if new.profession:
            changes |= {"profession": new.profession, "ambiguous": new.ambiguous}
        changes |= {name: getattr(new, name) for name in ("country", "asker", "stage") if getattr(new, name)}
        return replace(self, **changes, organisations=new.organisations)

    def enquiry(self, topics: tuple[str, ...], text: str, knowledge: Knowledge, **more: Any) -> Enquiry:
        """The enquiry about `topics` in this case. Ids that the knowledge does not know (any more) count as unknown."""
        found = words(text)
        places = knowledge.places
        profession = knowledge.professions.by_id.get(self.profession or "")
        ambiguity = knowledge.professions.ambiguity(self.ambiguous) if self.ambiguous else None
        return Enquiry(
            topics=tuple(topic for topic in topics if topic in knowledge.topics),
            asker=self.asker or "migrant",
            land=self.land if self.land in places.lands else None,
            lands=tuple(land for land in self.lands if land in places.lands),
            place=self.place,
            options=tuple(place for key in self.options for place in places.by_key(key)),
            unknown_place=self.unknown_place,
            profession=profession,
            ambiguity=ambiguity,
            country=knowledge.countries.by_code.get(self.country or ""),
            organisations=tuple(id for id in self.organisations if id in knowledge.contacts),
            term=knowledge.glossary.asked([word.fold for word in found]),
            text=" ".join(word.fold for word in found),
            concepts=knowledge.lexicon.speaks_of(found),
            **more,
        )

    def bare_topic(self) -> str | None:
        """What somebody most probably wants who says nothing but these facts."""
        if self.organisations:
            fachstelle = self.organisations[0].startswith("fachstelle")
            return "contact_fachstelle" if fachstelle else "contact_region"
        named = {"land": self.land or self.lands or self.unknown_place, "profession": self.profession, "country": self.country}
        return next((topic for fact, topic in _BARE_FACT_TOPICS if named[fact]), None)


_LISTS = ("lands", "options", "organisations")
