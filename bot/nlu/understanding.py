"""Text → what it asks for and what it says of the person. The one road of chat, `ask` and pre-screening."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from bot.nlu import german, language, questions
from bot.nlu.questions import CRISIS, Asked
from bot.nlu.spans import SpanReader, Spans
from bot.nlu.topics import Guess, TopicModel
from knowledge.case import Case
from knowledge.loader import Knowledge
from knowledge.model import Enquiry

# Both name the counselling at the place.
_PEOPLE = {"contact_region", "appointment_handover"}
# Below this probability the assistant asks instead of answering; read off the curve of `./wegweiser eval`.
SURE = 0.7
# Signs of a crisis that are believed even when the model ranks another topic first, if it sees one at all.
CRISIS_SIGNS = frozenset(("SUICIDE", "PASSPORT_TAKEN", "VIOLENCE", "DANGER", "THREAT"))
CRISIS_FLOOR = 0.12
CRISIS_ALONE = 0.25
# With such a sign, one part of a long message is enough if it alone is so surely about a crisis.
CRISIS_IN_PART = 0.6
# Topics without an office: a named place is a stronger sign than a guess of one of these that is weaker than this, or than
# that in a message which only tells something.
_SMALLTALK, _OUT_OF_SCOPE = "smalltalk", "out_of_scope"
_WEAK, _TOLD = 0.9, 0.97
# Who asks for a firm says so: without a word of it, „Pflegekraft aus Syrien“ is the person, not somebody to be hired.
_EMPLOYER = "employer_enquiry"
_EMPLOYER_SIGNS = frozenset(("WE_AS_EMPLOYER", "HIRE_STAFF", "SKILLED_WORKER_SHORTAGE", "TRAINING_FOR_STAFF"))
_EMPLOYER_SURE = 0.5
# Concepts of what lies outside our subject: with one of them, a named place changes nothing.
OUT_OF_REMIT = frozenset(
    "WEATHER FOOD_RECIPE SPORT TAX DRIVING_LICENCE SCHOOL_REPORT TENANCY MEDICAL_ADVICE SHOPPING TRANSPORT_TRAVEL TECH_SUPPORT "
    "ENTERTAINMENT RELIGION_GENERAL POLITICS MATHS_KNOWLEDGE GIBBERISH RECOG_HEALTH_INSURANCE RECOG_PATERNITY RECOG_MILITARY "
    "RECOG_PRAISE RECOG_STATE_OTHER RECOG_ABROAD NATURALISATION ASYLUM FAMILY_REUNION".split()
)
# Who decides and who advises are one question to most people; with a place, and less sure than this, counselling is safe.
_DECIDES = 0.6


@dataclass(frozen=True)
class Understanding:
    """`topics` are ranked, with probabilities; `sure` says whether the first may be answered without asking. `second` is
    the topic of another question in the message, which then stands second in `topics`, or None."""

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


def decide(asked: Asked, spans: Spans) -> tuple[list[Guess], bool]:
    """The ranking with what the model cannot see, and whether the first may be answered: crises, bare facts, places."""
    ranking = asked.ranking
    crisis = next((guess.confidence for guess in ranking if guess.topic == CRISIS), 0.0)
    signs = bool(spans.concepts & CRISIS_SIGNS)
    if crisis >= (CRISIS_FLOOR if signs else CRISIS_ALONE) or (signs and asked.alarm >= CRISIS_IN_PART):
        return _first(CRISIS, ranking), True
    if not spans.concepts & _EMPLOYER_SIGNS and spans.asker in (None, "migrant") and (spans.profession or spans.country):
        ranking = _demoted(ranking, (_EMPLOYER,), _EMPLOYER_SURE)
    bare = spans.case().bare_topic() if spans.only_facts else None
    if bare:
        return _first(bare, ranking), True
    if spans.residence.land or spans.residence.lands or spans.organisations:
        ranking = _placed(ranking, spans, asked.asks)
    return ranking, ranking[0].confidence + _same_help(ranking) >= SURE


def _same_help(ranking: list[Guess]) -> float:
    """The probability of a second topic that leads to the same people: which of both is meant need not be asked."""
    return ranking[1].confidence if {guess.topic for guess in ranking[:2]} == _PEOPLE else 0.0


def _placed(ranking: list[Guess], spans: Spans, asks: bool) -> list[Guess]:
    """The ranking of a message that names a place or an organisation."""
    if not spans.concepts & OUT_OF_REMIT:
        ranking = _demoted(ranking, (_SMALLTALK, _OUT_OF_SCOPE), _WEAK)
    elif not asks:
        # Who tells where they live and asks nothing wants to know who is there („Wohnung in Spandau, Arbeit in Potsdam“).
        ranking = _demoted(ranking, (_SMALLTALK, _OUT_OF_SCOPE), _TOLD)
    else:
        ranking = _demoted(ranking, (_SMALLTALK,), _WEAK)
    if [guess.topic for guess in ranking[:2]] == ["competent_body", "contact_region"] and ranking[0].confidence < _DECIDES:
        return [ranking[1], ranking[0], *ranking[2:]]
    return ranking


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


def judge(model: TopicModel, doc: Doc, spans: Spans, explain: int = 0) -> tuple[list[Guess], bool, str | None]:
    """What a message asks: all topics in order, whether the first may be answered, and the topic of a second question
    (which then stands second). Explains the first `explain` topics of the model."""
    asked = questions.rank(model, doc, explain)
    topics, sure = decide(asked, spans)
    second = asked.second if asked.second != topics[0].topic else None
    return [topics[0], *sorted(topics[1:], key=lambda guess: guess.topic != second)], sure, second


class Understander:
    """The model and the vocabularies, ready to read messages."""

    def __init__(self, model: TopicModel, knowledge: Knowledge) -> None:
        self._model = model
        self._reader = SpanReader(knowledge)
        self._languages = knowledge.languages

    @property
    def held_out(self) -> dict[str, float]:
        """How often the model was right on training sentences kept aside (see `TopicModel`)."""
        return self._model.held_out

    def understand(self, text: str) -> Understanding:
        """Read one message; any string, also an empty one."""
        doc = german.language()(text)
        spans = self._reader.read_doc(doc)
        topics, sure, second = judge(self._model, doc, spans, explain=6)
        return Understanding(text, language.detect(text, self._languages), tuple(topics), sure, second, spans)
