"""A message cut into tokens, with what the context of a name can be read from: clauses, cues, the words before it."""

from __future__ import annotations

from functools import cached_property

from spacy.tokens import Doc

from bot.nlu import german


class Utterance:
    """`tokens` are the indices of the words in `doc`, `folded` their folded forms."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.tokens = [token.i for token in doc if german.is_word(token)]
        self.folded = [doc[i].norm_ for i in self.tokens]

    @cached_property
    def cues(self) -> dict[int, set[str]]:
        """Token index → what the token says of a place near it; most messages name none, so it is looked for on demand."""
        return german.cues(self.doc)

    def before(self, i: int, words: int = 1) -> set[str]:
        """The folded words straight before token `i`, without punctuation between."""
        found = set()
        for j in range(i - 1, max(-1, i - 1 - words), -1):
            if not german.is_word(self.doc[j]):
                break
            found.add(self.doc[j].norm_)
        return found

    def in_clause(self, first: int, last: int, label: str) -> list[int]:
        """Tokens with the cue `label` in the clause of the tokens `first` to `last` (excluded)."""
        while first > 0 and not german.starts_clause(self.doc[first]) and not self.doc[first].is_sent_start:
            first -= 1
        while last < len(self.doc) and not german.starts_clause(self.doc[last]) and not self.doc[last].is_sent_start:
            last += 1
        return [i for i in range(first, last) if label in self.cues.get(i, ())]

    def written(self, first: int, last: int) -> str:
        """The folded words of the tokens `first` to `last` (excluded)."""
        return " ".join(self.doc[i].norm_ for i in range(first, last) if german.is_word(self.doc[i]))

    def original(self, first: int, last: int) -> tuple[int, int, str]:
        """Start and end of the tokens `first` to `last` (excluded) in the original text, and that text."""
        starts = self.doc.user_data["starts"]
        start, end = starts[first], starts[last - 1] + len(self.doc[last - 1].text)
        return start, end, self.doc.user_data["text"][start:end]
