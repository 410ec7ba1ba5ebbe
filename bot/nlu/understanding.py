"""Text → what it asks for and what it says of the person. The one road of chat, `ask` and pre-screening."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu import language, questions
from bot.nlu.spans import SpanReader, Spans
from bot.nlu.topics import Guess, TopicModel
from knowledge.case import Case
from knowledge.loader import Knowledge
from knowledge.model import Enquiry

# Below this probability the assistant asks instead of answering; read off the curve of `./wegweiser eval`.
SURE = 0.3
# Signs of a crisis that are believed even when the model ranks another topic first, if it sees one at all.
CRISIS_SIGNS = frozenset(("SUICIDE", "PASSPORT_TAKEN", "VIOLENCE", "DANGER", "THREAT"))
CRISIS_FLOOR = 0.12
CRISIS_ALONE = 0.25
CRISIS = "crisis"
# Signs that an employer asks. Without any, „Pflegekraft aus Syrien“ is the person, not somebody whom a firm wants to hire.
EMPLOYER = "employer_enquiry"
EMPLOYER_SIGNS = frozenset(("WE_AS_EMPLOYER", "HIRE_STAFF", "SKILLED_WORKER_SHORTAGE", "TRAINING_FOR_STAFF"))
# Topics without an office: a named place is a stronger sign than a weak guess of one of these.
_WITHOUT_OFFICE = ("smalltalk", "out_of_scope", "data_privacy")
_WEAK = 0.8
# With so weak a guess about the topic, the place is all that was understood.
_LOST = 0.22
# Concepts of our own subject and of what lies outside it: with the first and without the second, „out of scope“ needs to
# be more than a weak guess.
IN_REMIT = frozenset(
    (
        "RECOGNITION DIPLOMA CERTIFICATE COUNSELLING COMPETENT_BODY NEW_APPLICATION NOTICE_LETTER DEFICIT "
        "REGULATED LICENCE_MEDICAL APPRENTICESHIP_DONE REGIONAL_NETWORK FACHSTELLE PROGRAMME_IQ PORTAL COURSE_SEEK "
        "DISCRIMINATION WORK_PERMIT VISA"
    ).split()
)
OUT_OF_REMIT = frozenset(
    "WEATHER FOOD_RECIPE SPORT TAX DRIVING_LICENCE SCHOOL_REPORT TENANCY MEDICAL_ADVICE SHOPPING TRANSPORT_TRAVEL TECH_SUPPORT "
    "ENTERTAINMENT RELIGION_GENERAL POLITICS MATHS_KNOWLEDGE GIBBERISH RECOG_HEALTH_INSURANCE RECOG_PATERNITY RECOG_MILITARY "
    "RECOG_PRAISE RECOG_STATE_OTHER RECOG_ABROAD NATURALISATION ASYLUM FAMILY_REUNION".split()
)
_WEAK_OUT = 0.45


@dataclass(frozen=True)
class Understanding:
    """`topics` are ranked, with probabilities; `sure` says whether the first may be answered without asking. `second` is
    the topic of another question in the message, or None."""

    text: str
    language: str
    topics: tuple[Guess, ...]
    sure: bool
    second: str | None
    spans: Spans

    @property
    def case(self) -> Case:
        return self.spans.case()

    def enquiry(self, knowledge: Knowledge) -> Enquiry:
        """The enquiry of a message that stands alone."""
        topics = tuple(guess.topic for guess in self.topics[:3])
        more = {"sure": self.sure, "second": self.second, "language": self.language}
        return self.case.enquiry(topics, self.text, knowledge, **more)


def decide(ranking: list[Guess], spans: Spans) -> tuple[list[Guess], bool]:
    """The ranking with what the model cannot see, and whether the first may be answered: crises, bare facts, places."""
    chances = {guess.topic: guess.confidence for guess in ranking}
    if chances.get(CRISIS, 0.0) >= (CRISIS_FLOOR if spans.concepts & CRISIS_SIGNS else CRISIS_ALONE):
        return _first(CRISIS, ranking), True
    if spans.concepts & IN_REMIT and not spans.concepts & OUT_OF_REMIT:
        ranking = _demoted(ranking, ("out_of_scope",), _WEAK_OUT)
    first = ranking[0]
    if first.topic == EMPLOYER and not spans.concepts & EMPLOYER_SIGNS and spans.asker in (None, "migrant"):
        own = "recognition_procedure" if spans.concepts & {"Q_HOW_TO", "Q_MUST"} else "recognition_possible"
        if spans.profession or spans.country:
            ranking = _first(own, ranking[1:], first.confidence)
            first = ranking[0]
    bare = spans.case().bare_topic() if spans.only_facts else None
    if bare:
        return _first(bare, ranking), True
    home = spans.residence
    named = home.land or home.lands or spans.organisations
    if named:
        ranking = _demoted(ranking, _WITHOUT_OFFICE, _WEAK)
        if ranking[0].confidence < _LOST:
            ranking = _first("contact_region", ranking, ranking[0].confidence)
    if (
        named
        and ranking[0].topic == "competent_body"
        and ranking[0].confidence < _WEAK
        and ranking[1].topic == "contact_region"
    ):
        # Who decides and who advises are one question to most people; with a place and a weak guess, counselling is safe.
        ranking = [ranking[1], ranking[0], *ranking[2:]]
    return ranking, ranking[0].confidence >= SURE


def _demoted(ranking: list[Guess], topics: tuple[str, ...], below: float) -> list[Guess]:
    """`ranking` with `topics` at its end, if one of them leads with less than `below`."""
    if ranking[0].topic not in topics or ranking[0].confidence >= below:
        return ranking
    return [g for g in ranking if g.topic not in topics] + [g for g in ranking if g.topic in topics]


def _first(topic: str, ranking: list[Guess], confidence: float = SURE) -> list[Guess]:
    """`ranking` with `topic` at its head, at least that sure."""
    chosen = next((guess for guess in ranking if guess.topic == topic), Guess(topic, 0.0, ()))
    chosen = Guess(topic, max(chosen.confidence, confidence), chosen.because)
    return [chosen, *(guess for guess in ranking if guess.topic != topic)]


class Understander:
    """The model and the vocabularies, ready to read messages."""

    def __init__(self, model: TopicModel, knowledge: Knowledge) -> None:
        self._model = model
        self._reader = SpanReader(knowledge)

    def understand(self, text: str) -> Understanding:
        return self.understand_all([text])[0]

    def understand_all(self, texts: list[str]) -> list[Understanding]:
        """Many messages at once; the same results as one by one, several times faster."""
        found = []
        for text, asked in zip(texts, questions.rank_all(self._model, texts, explain=6)):
            spans = self._reader.read(text)
            topics, sure = decide(asked.ranking, spans)
            second = asked.second if asked.second != topics[0].topic else None
            found.append(Understanding(text, language.detect(text), tuple(topics), sure, second, spans))
        return found
