"""spaCy for German: tokens, sentences, clauses and the cue phrases that tell what a named place is to the person.

No trained model exists here; spaCy's German gets our own tokenizer, which cuts as `knowledge.text` does, so that a
word in a sentence and a name in a vocabulary are always cut alike.
"""

from __future__ import annotations

import re
from functools import lru_cache

from spacy.lang.de import German
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from knowledge.text import fold

_TOKEN = re.compile(r"(?:[^\W_\u02bc]|[\u0300-\u036f\u064b-\u065f])+|[^\w\s]|[_\u02bc]")
# Words that begin a clause of their own, like a comma does.
_CLAUSE_WORDS = frozenset(fold(w) for w in ("und sondern oder denn weil dass wenn and but y e et i ve и а но или و").split())


class _Words:
    """Tokenizer: runs of letters and digits, and each other sign by itself. The norm of a token is its folded form."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        found = list(_TOKEN.finditer(text))
        words = [match.group() for match in found]
        starts = [match.start() for match in found]
        ends = [match.end() for match in found]
        spaces = [i + 1 < len(found) and starts[i + 1] > ends[i] for i in range(len(found))]
        doc = Doc(self.vocab, words=words, spaces=spaces)
        # spaCy rebuilds the text with single blanks, so the original and its offsets are kept beside.
        doc.user_data["starts"] = starts
        doc.user_data["text"] = text
        for token, word in zip(doc, words):
            token.norm_ = fold(word)
        return doc


@lru_cache(maxsize=1)
def language() -> Language:
    """The pipeline: our tokenizer and spaCy's sentence splitter."""
    # Not `spacy.blank("de")`: that makes its own tokenizer first, with all its rules, which takes longer than all the rest.
    nlp = German(create_tokenizer=lambda nlp: _Words(nlp.vocab))
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "…", "؟", ";"]})
    return nlp


def is_word(token: Token) -> bool:
    return bool(token.text[0].isalnum())


def starts_clause(token: Token) -> bool:
    """Whether a new clause begins at `token`: behind a comma or a dash, at „und“, „aber“ and the like."""
    if token.norm_ in _CLAUSE_WORDS:
        return True
    before = token.nbor(-1) if token.i else None
    if before is None or is_word(before):
        return False
    if before.text in "-–—":
        return before.i > 0 and bool(before.nbor(-1).whitespace_)
    return before.text in ",;:!?" or (before.text == "." and bool(before.whitespace_))


def _any(*norms: str) -> dict[str, dict[str, list[str]]]:
    return {"NORM": {"IN": [fold(norm) for norm in norms]}}


_KIN = ("bruder", "schwester", "cousin", "cousine", "freund", "freundin", "onkel", "tante", "kollege", "kollegin", "bekannter")
# What a place in the same clause is to the person. The order of importance is kept in residence.py.
_CUES = {
    "RESIDENCE": [
        [
            _any(
                *(
                    "wohne wohn wohnen wohnt wohnet wone wonen wont wonne wohnhaft wohnort wohnsitz wohnung wohnend "
                    "lebe leb leben lebt lebend zuhause"
                ).split()
            )
        ],
        [
            _any(
                *(
                    "bett schlafe daheim gemeldet untergebracht ansässig adresse anschrift umgezogen gezogen ziehe ziehen "
                    "umziehen hinziehen ziehst"
                ).split()
            )
        ],
        [_any("zu"), _any("hause")],
        [_any(*("mieszkam live living vivo habite locuiesc oturuyorum yaşıyorum живу проживаю мешкаю أسكن اسكن اعيش").split())],
        [_any("bin"), _any("in", "im")],
    ],
    "WORK": [
        [
            _any(
                *(
                    "schaffe schaff schaffen jobbe büro "
                    "arbeite arbeiten arbeitet arbeitsplatz arbeitsvertrag arbeit job firma betrieb schicht "
                    "jobangebot pendle pendeln"
                ).split()
            )
        ],
        [
            _any(
                *(
                    "kurs deutschkurs sprachkurs bahn zug bus fahre universität uni studiert studium studiere "
                    "ausbildung gelernt"
                ).split()
            )
        ],
        [_any("work", "praca", "pracuję", "trabajo", "travaille")],
    ],
    "PAST": [[_any("früher", "vorher", "damals", "ehemals", "geboren", "heimat", "urlaub", "besuch")]],
    "NEGATION": [[_any("nicht", "kein", "keine", "statt", "weder", "not")]],
    "NEAR": [
        [
            _any(
                "neben",
                "nahe",
                "drüben",
                "nebenan",
                "hinter",
                "vor",
                "bei",
                "richtung",
                "nähe",
                "umgebung",
                "gegend",
                "grenze",
                "unweit",
            )
        ],
        [_any("nicht"), _any("weit"), _any("von")],
    ],
    "KIN": [
        [_any("mein", "meine", "unser", "unsere"), _any(*_KIN), _any("wohnt", "lebt", "arbeitet", "ist")],
    ],
}


@lru_cache(maxsize=1)
def _matcher() -> Matcher:
    matcher = Matcher(language().vocab)
    for label, patterns in _CUES.items():
        matcher.add(label, patterns)
    return matcher


def cues(doc: Doc) -> dict[int, set[str]]:
    """Token index → labels of the cues that the token is part of."""
    found: dict[int, set[str]] = {}
    for label, start, end in _matcher()(doc):
        for i in range(start, end):
            found.setdefault(i, set()).add(doc.vocab.strings[label])
    return found
