"""A message cut into parts: sentences, and the questions that stand in one sentence behind each other."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from bot.nlu import german
from knowledge.text import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_WHAT = _folded(
    "was wie wo wohin woher womit wofür wer wen wem welche welcher welches welchen welchem wann warum wieso wieviel "
    "how what where who when which quien cuanto cuanta cuando donde como cual hay qui combien quand comment quel quelle "
    "сколько кто где когда как скільки хто де коли як чи "
    "ile kto gdzie kiedy jak czy kac nasil nerede kim cat cine unde cand cum"
)
# Verbs that begin a question, or stand behind the word that does: „…, was muss ich tun?“, but not „…, was er gesagt hat“.
_VERBS = _folded(
    "darf dürfen kann kannst können könnt könnte muss müssen musst soll sollen brauche brauch brauchen braucht gibt gibts ist "
    "sind habt bekomme bekommt bekommen wird werden geht gehen reicht zählt kostet dauert macht hilft "
    "spricht erfährt gilt gelten zahlt zahle zahlen heißt meldet liest lohnt can do does is should could"
)
_BEFORE_WHAT = _folded("bei ab bis in mit von für aus zu an auf nach seit über unter")
_JOINS = _folded("und oder aber sowie and y et и і та i ve si")
# A sentence that begins so goes on asking, in whatever form: „Und geben Sie mir die Nummer von der Beraterin.“
_GOES_ON = _folded("und außerdem zudem and")
# Who begins with these tells something, even in a sentence that ends in a question.
_TELLS = _folded("ich wir mein meine meinen er sie es unser unsere das die der ein eine bin")
# „Ich möchte meinen Antrag zurückziehen“ asks as well.
_WISHES = _folded("möchte möcht will wollen würde brauche brauch suche suchen hätte")


@dataclass(frozen=True)
class Part:
    """A stretch of a message of two words or more; `asks` whether it looks like a question."""

    text: str
    asks: bool


def parts(doc: Doc) -> list[Part]:
    """The parts of a message that `german.language` has cut, in order."""
    starts = [0, *(token.i for token in doc if token.i and (token.is_sent_start or _begins(token)))]
    found = []
    for first, last in zip(starts, [*starts[1:], len(doc)]):
        told = [token for token in doc[first:last] if german.is_word(token)]
        while told and told[-1].norm_ in _JOINS:
            told.pop()
        if len(told) >= 2:
            found.append(Part(_written(doc, first, told[-1].i, last), _asks(told)))
    return found


def _written(doc: Doc, first: int, last_word: int, end: int) -> str:
    """The original text from token `first` to the last word, with the punctuation behind it."""
    last = end - 1 if not german.is_word(doc[end - 1]) else last_word
    text: str = doc.user_data["text"]
    return text[doc.user_data["starts"][first] : doc.user_data["starts"][last] + len(doc[last].text)]


def _begins(token: Token) -> bool:
    """Whether a new question begins inside a sentence: at „…, und wer …“, „… und kostet …“, „…, muss ich …“."""
    before = token.nbor(-1)
    if before.norm_ in _JOINS:
        return _opens(token) or (before.i > 0 and before.nbor(-1).text == ",")
    if before.text not in (",", ";", "–", "-"):
        return False
    following = {token.doc[i].norm_ for i in (token.i + 1, token.i + 2) if i < len(token.doc)}
    return token.norm_ in _VERBS or _behind_preposition(token) or (token.norm_ in _WHAT and bool(following & _VERBS))


def _opens(token: Token) -> bool:
    return token.norm_ in _WHAT or token.norm_ in _VERBS or _behind_preposition(token)


def _behind_preposition(token: Token) -> bool:
    """„ab wann“, „bei welcher Stelle“."""
    return token.norm_ in _BEFORE_WHAT and token.i + 1 < len(token.doc) and token.nbor(1).norm_ in _WHAT


def _asks(told: list[Token]) -> bool:
    if _opens(told[0]) or told[0].norm_ in _GOES_ON:
        return True
    if told[0].norm_ in _TELLS:
        return told[1].norm_ in _WISHES
    return told[1].norm_ in _WHAT or any(token.text in "?؟" for token in told[0].sent)
