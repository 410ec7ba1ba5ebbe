"""Enquiry → Advice: the text that fits, what the occupation means for it, who helps, and what to ask next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge import audience, occupation
from knowledge.editions import BOTH
from knowledge.loader import Knowledge
from knowledge.model import Advice, Answer, Button, Contact, Enquiry, Place, Referral, Role, Source, Term, Topic, Warning
from knowledge.routing import route
from knowledge.text import sentences

# Buttons that a phone still shows without scrolling.
_MOST_BUTTONS = 8
# The id of what was said, where it was a word of the glossary.
TERM = "term:"
# Nobody is asked whether they mean one of these.
_NO_CHOICE = ("crisis", "smalltalk", "out_of_scope")


def advise(enquiry: Enquiry, knowledge: Knowledge, edition: str = BOTH) -> Advice:
    """What to say to `enquiry`. Never fails and never returns an empty answer, whatever is unknown."""
    if enquiry.topic is None or not (enquiry.sure or enquiry.term):
        return _ask_topic(enquiry, knowledge, edition)
    if enquiry.term and not enquiry.urgent and not _on_programme(enquiry, knowledge):
        return _explain(enquiry.term, enquiry, knowledge, edition)
    answer = best_answer(enquiry, knowledge)
    way = route(enquiry, knowledge, edition)
    services = [knowledge.services[id] for id in answer.services]
    referrals = (*way.referrals, *(service(contact, knowledge) for contact in services))
    second = _second(enquiry, knowledge, edition)
    asks, question, buttons = _question(way.asks, enquiry, knowledge)
    before, after = occupation.about(enquiry, answer, knowledge)
    warning = _warning(enquiry, knowledge)
    more = [enquiry.profession.source] if enquiry.profession and enquiry.profession.source and before + after else []
    return Advice(
        enquiry=enquiry,
        before=audience.introduced(before, enquiry, answer, knowledge),
        answer=answer.answer,
        after=" ".join(filter(None, (after, audience.limits(enquiry, answer, knowledge)))),
        next=answer.next,
        warning=warning.text if warning else "",
        second=second.answer if second else "",
        referrals=_once((*referrals, *(second.referrals if second else ()))),
        asks=asks,
        question=question,
        buttons=buttons or _next_topics(knowledge.topics[answer.topic], knowledge, enquiry.second),
        sources=tuple(
            dict.fromkeys(
                (
                    *_sources((*(warning.facts if warning else ()), *answer.facts), more, referrals, knowledge),
                    *(second.sources if second else ()),
                )
            )
        ),
        said=answer.id,
    )


def _on_programme(enquiry: Enquiry, knowledge: Knowledge) -> bool:
    """„Was ist MUT IQ?“ is answered by the programme's own texts, which say more than a glossary."""
    return enquiry.sure and enquiry.topic is not None and knowledge.topics[enquiry.topic].kind == "programme"


def say(text: str, enquiry: Enquiry, **more: Any) -> Advice:
    """Words of our own that answer no question: no contact, no source. `more` are further fields of Advice."""
    empty: dict[str, Any] = {field: "" for field in ("before", "after", "next", "warning", "second", "question")} | {
        field: () for field in ("referrals", "buttons", "sources")
    }
    return Advice(**(empty | {"enquiry": enquiry, "answer": text, "asks": None} | more))


def more(enquiry: Enquiry, said: tuple[str, ...], knowledge: Knowledge, edition: str = BOTH) -> Advice | None:
    """Another answer to the same topic that was not said yet; None when there is no more."""
    assert enquiry.topic is not None
    left = [
        a
        for a in knowledge.answers[enquiry.topic]
        if a.id not in said and _fits(replace(a, mentions=(), concepts=frozenset()), enquiry)
    ]
    if not left:
        return None
    # First the one that is for everybody, then those for a special case, as they stand.
    answer = next((a for a in left if not (a.mentions or a.concepts)), left[0])
    referrals = tuple(service(knowledge.services[id], knowledge) for id in answer.services)
    return say(
        answer.answer,
        enquiry,
        next=answer.next,
        referrals=referrals,
        buttons=_next_topics(knowledge.topics[answer.topic], knowledge),
        sources=_sources(answer.facts, [], referrals, knowledge),
        said=answer.id,
    )


def simpler(enquiry: Enquiry, said: str, knowledge: Knowledge) -> str:
    """The answer `said` in its two first sentences, and its technical words explained, at most three."""
    if said.startswith(TERM):
        return knowledge.texts["simplest"]
    answers = [answer for answers in knowledge.answers.values() for answer in answers if answer.id == said]
    answer = answers[0] if answers else best_answer(enquiry, knowledge)
    short = " ".join(sentences(answer.answer)[:2])
    terms = knowledge.glossary.terms_in(f"{answer.answer} {answer.next}")[:3]
    explained = [knowledge.texts["word"].format(term=term.term, text=term.text) for term in terms]
    return "\n".join([knowledge.texts["short"].format(text=short), *explained])


def ask(advice: Advice, fact: str, knowledge: Knowledge) -> Advice:
    """The advice, with the question for `fact` behind it."""
    asks, question, buttons = _question(fact, advice.enquiry, knowledge)
    return replace(advice, asks=asks, question=question, buttons=buttons or advice.buttons)


def open_questions(enquiry: Enquiry, knowledge: Knowledge, edition: str = BOTH) -> tuple[tuple[str, str], ...]:
    """All facts that a good answer still needs, in the order in which the chat would ask, each with its question."""
    found: dict[str, str] = {}
    while enquiry.sure and (asks := route(enquiry, knowledge, edition).asks) and asks not in found:
        found[asks] = _question(asks, enquiry, knowledge)[1]
        # As if it had been answered: the places to choose from are done with, and the next fact comes up.
        enquiry = replace(enquiry, declined=(*enquiry.declined, asks), lands=(), unknown_place=None)
    return tuple(found.items())


def best_answer(enquiry: Enquiry, knowledge: Knowledge) -> Answer:
    """The answer whose conditions all hold; among several one that the message speaks of, then the most specific, then the
    one that stands first."""
    assert enquiry.topic is not None
    fitting = [answer for answer in knowledge.answers[enquiry.topic] if _fits(answer, enquiry)]
    return max(fitting, key=_specific)


def _fits(answer: Answer, enquiry: Enquiry) -> bool:
    if answer.askers and enquiry.asker not in answer.askers:
        return False
    if answer.regulated and occupation.status(enquiry) not in answer.regulated:
        return False
    if answer.membership and audience.membership(enquiry) != answer.membership:
        return False
    if answer.occupations and not answer.occupations & occupation.kinds(enquiry):
        return False
    return _speaks_of(answer, enquiry) or not (answer.mentions or answer.concepts)


def _speaks_of(record: Answer | Warning, enquiry: Enquiry) -> bool:
    text = f" {enquiry.text} "
    return any(f" {stem}" in text for stem in record.mentions) or bool(record.concepts & enquiry.concepts)


def _specific(answer: Answer) -> tuple[bool, int]:
    """What was asked about comes before who asks and for which occupation."""
    asked = bool(answer.mentions or answer.concepts)
    return asked, sum(map(bool, (answer.askers, answer.regulated, answer.occupations, answer.membership)))


def service(contact: Contact, knowledge: Knowledge) -> Referral:
    """An offer beside the programme, with what it is for."""
    text = "why_notruf" if contact.role is Role.NOTRUF else "why_service"
    return Referral(contact, knowledge.texts[text].format(about=contact.about))


def _once(referrals: tuple[Referral, ...]) -> tuple[Referral, ...]:
    """Without those whose name stands already: the portal is both part of the programme and a service of today."""
    seen: set[str] = set()
    kept = []
    for referral in referrals:
        if referral.contact.name not in seen:
            kept.append(referral)
        seen.add(referral.contact.name)
    return tuple(kept)


def _second(enquiry: Enquiry, knowledge: Knowledge, edition: str) -> Advice | None:
    """The short answer to the second question of the message; none where the first one is a crisis or smalltalk."""
    topic = enquiry.second
    if topic is None or topic == enquiry.topic or {topic, enquiry.topic} & {"smalltalk", "crisis"}:
        return None
    other = replace(enquiry, topics=(topic,), second=None, term=None)
    answer = best_answer(other, knowledge)
    text = knowledge.texts["second"].format(topic=knowledge.topics[topic].label, answer=answer.answer)
    referrals = route(other, knowledge, edition).referrals
    return say(text, other, referrals=referrals, sources=_sources(answer.facts, [], referrals, knowledge))


def _warning(enquiry: Enquiry, knowledge: Knowledge) -> Warning | None:
    return next((warning for warning in knowledge.warnings if _speaks_of(warning, enquiry)), None)


def _explain(term: Term, enquiry: Enquiry, knowledge: Knowledge, edition: str) -> Advice:
    """„Was heißt …?“: the word in plain words; whom to ask only where the place is known; no question back."""
    referrals = route(enquiry, knowledge, edition).referrals if enquiry.land else ()
    about = knowledge.topics[term.topic]
    others = [button for button in _next_topics(about, knowledge) if button.id != f"topic:{about.id}"]
    return say(
        term.text,
        enquiry,
        referrals=referrals,
        buttons=(Button(about.label, f"topic:{about.id}"), *others[:2]),
        sources=_sources(term.facts, [], referrals, knowledge),
        said=f"{TERM}{term.id}",
    )


# --- what to ask next -----------------------------------------------------------------------------------------------------


def _ask_topic(enquiry: Enquiry, knowledge: Knowledge, edition: str) -> Advice:
    """„Meinen Sie …?“ with the best topics; without any, the request for other words and a human contact."""
    topics = [knowledge.topics[topic] for topic in enquiry.topics if topic not in _NO_CHOICE][:3]
    texts = knowledge.texts
    # Whatever is meant: for a place that was understood, there is somebody to ask.
    nearby = replace(enquiry, topics=("contact_region",)) if enquiry.land else None
    return say(
        texts["unsure"] if topics else texts["not_understood"],
        enquiry,
        referrals=route(nearby, knowledge, edition).referrals if nearby else (),
        asks="topic",
        question=texts["ask_topic"] if topics else "",
        buttons=tuple(Button(topic.label, f"topic:{topic.id}") for topic in topics),
    )


def _question(asks: str | None, enquiry: Enquiry, knowledge: Knowledge) -> tuple[str | None, str, tuple[Button, ...]]:
    texts = knowledge.texts
    if asks == "land" and enquiry.unknown_place:
        return asks, texts["ask_unknown_place"].format(place=enquiry.unknown_place), ()
    if asks == "land" and enquiry.lands:
        return asks, _which_place(enquiry, knowledge), _place_buttons(enquiry, knowledge)
    if asks == "land":
        return asks, texts["ask_land_office" if enquiry.for_office else "ask_land"], ()
    if asks == "profession" and enquiry.ambiguity:
        buttons = tuple(Button(p.name, f"profession:{p.id}") for p in enquiry.ambiguity.candidates)
        return asks, enquiry.ambiguity.ask, buttons
    if asks == "profession":
        return asks, texts["ask_profession"], ()
    if asks == "topic":
        fachstellen = knowledge.editions["2015-2018"].fachstellen
        return asks, texts["ask_subject"], tuple(Button(contact.about, f"contact:{contact.id}") for contact in fachstellen)
    return None, "", ()


def _which_place(enquiry: Enquiry, knowledge: Knowledge) -> str:
    if enquiry.place:
        return knowledge.texts["ask_which_place"].format(place=enquiry.place)
    return knowledge.texts["ask_which_land"]


def _place_buttons(enquiry: Enquiry, knowledge: Knowledge) -> tuple[Button, ...]:
    """One button a place, the largest first; the Länder where the places are too many or have no key."""
    buttons = [Button(_place_title(place, knowledge), f"place:{place.ags}") for place in enquiry.options if place.ags]
    if not buttons or len(buttons) > _MOST_BUTTONS or len(buttons) < len(enquiry.options):
        buttons = [Button(knowledge.places.lands[land].name, f"land:{land}") for land in enquiry.lands]
    return tuple(buttons)


def _place_title(place: Place, knowledge: Knowledge) -> str:
    land = knowledge.places.lands[place.lands[0]].name
    return f"{place.name}, {place.kreis}, {land}" if place.kreis != place.name else f"{place.name}, {land}"


def _next_topics(topic: Topic, knowledge: Knowledge, answered: str | None = None) -> tuple[Button, ...]:
    following = [knowledge.topics[id] for id in topic.next if id != answered]
    return tuple(Button(topic.label, f"topic:{topic.id}") for topic in following)


def _sources(
    facts: tuple[str, ...], more: list[Source], referrals: tuple[Referral, ...], knowledge: Knowledge
) -> tuple[Source, ...]:
    """Where the text and the contacts come from, each title and date once."""
    sources = [knowledge.facts[id].source for id in facts if id in knowledge.facts]
    sources += [*more, *(referral.contact.source for referral in referrals)]
    if "flyer" in facts:
        sources.append(knowledge.editions["2015-2018"].contacts[0].source)
    return tuple({(source.title, source.as_of): source for source in sources}.values())
