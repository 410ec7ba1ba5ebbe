"""Names of persons: found by the words around them, since a list of all names does not exist.

See knowledge/redaction.py. A name is read from the word that introduces it („ich heiße“, „Frau“, „Mit freundlichen
Grüßen“) word by word, up to the first one that cannot be part of a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from knowledge.editions import DATA
from knowledge.text import fold

Search = Callable[[str], Iterator[tuple[int, int]]]


_WORD = re.compile(r"[^\W\d_][^\W\d_'’ʼ]*(?:['’ʼ-][^\W\d_]+)*\.?")
_GAP = re.compile(r"[ \t\u00a0]{1,3}")
_PARTICLES = frozenset("da do dos von van vom de da do dos der den del di el al bin ibn abu ben zu la le ter".split())
# Those with which a name may begin.
_FIRST_PARTICLES = frozenset("al el abu van von da dos di de".split())
# Longest name that is believed, in words without particles.
_LONGEST = 3
# An occupation or a degree behind „ich bin“ or „Frau“ is what the answer needs.
_WORK = re.compile(
    r"(?:schwester|pfleg\w*|lehrer(?:in)?|erzieher(?:in)?|ingenieur(?:in)?|arzt|aerztin|mediziner(?:in)?"
    r"|mechaniker(?:in)?|mechatroniker(?:in)?"
    r"|techniker(?:in)?|elektriker(?:in)?|therapeut(?:in)?|assistent(?:in)?|helfer(?:in)?|berater(?:in)?"
    r"|informatiker(?:in)?|meister(?:in)?"
    r"|koch|koechin|baecker(?:in)?|friseur(?:in)?|fahrer(?:in)?|apotheker(?:in)?|anwalt|anwaeltin|jurist(?:in)?"
    r"|oekonom(?:in)?|betriebswirt(?:in)?"
    r"|kauffrau|kaufmann|fachkraft|fachfrau|fachmann|architekt(?:in)?|psycholog(?:e|in)|paedagog(?:e|in)|hebamme"
    r"|entwickler(?:in)?|designer(?:in)?"
    r"|arbeiter(?:in)?|leiter(?:in)?|lotsin|lotse|mentor(?:in)?|student(?:in)?|azubi|bachelor|master|magister|diplom\w*"
    r"|staatlich\w*|gelernte[rn]?"
    r"|gepruefte[rn]?|ausgebildete[rn]?|neu\w*|engineer|nurse|doctor|teacher|physician|dentist|accountant|lawyer"
    r"|pharmacist|developer|migrant(?:in)?"
    r"|\w*isch(?:e|er|en)?|\w+er(?:in)? (?:aus)|syrer(?:in)?|ukrainer(?:in)?|iraner(?:in)?|afghane|afghanin"
    r"|iraker(?:in)?|tuerke|tuerkin|pole|polin"
    r"|\w*amt|\w*stelle|\w*schule|\w*zentrum|\w*dienst|\w*abteilung|\w*team|\w*kammer|\w*netzwerk\w*|\w*haus)$"
)

_RELATED = (
    r"mann|frau|sohn|tochter|bruder|schwester|vater|mutter|freund(?:in)?|kolleg(?:e|in)|klient(?:in)?|bekannte[rn]?|nichte|neffe"
    r"|cousine?|nachbar(?:in)?|schüler(?:in)?|partner(?:in)?|kind|teilnehmer(?:in)?|bewerber(?:in)?|azubi|patient(?:in)?"
    r"|mitarbeiter(?:in)?|chef(?:in)?|kund(?:e|in)|person"
)
_INTRODUCED = re.compile(
    r"(?<!\w)(?:ich\s+hei(?:ß|ss|s)e|hei(?:ß|ss)e\s+ich|ich\s+werde|(?:mein|sein|ihr|my|his|her)\s+(?:voller\s+"
    r"|ganzer\s+|full\s+)?name(?:\s+ist|\s+lautet|\s+is|\s*:|'s)"
    r"|name\s+ist|(?:vor|nach|familien|geburts|voller |full |last |first )?name\s*(?:des\s+\w+|der\s+\w+)?\s*:"
    r"|nachname\s+ist|vorname\s+ist|nombre\s*:|nom\s*:|imię\s*:|имя\s*:"
    rf"|i\s+am\s+called|(?:sie|er)\s+hei(?:ß|ss)t|(?:{_RELATED})\s+hei(?:ß|ss)t"
    r"|je\s+m['’]appelle|me\s+llamo|mi\s+nombre\s+es|mi\s+chiamo|benim\s+ad[ıi]m|ad[ıi]m|mam\s+na\s+imi[ęe]"
    r"|nazywam\s+si[ęe]|m[ăa]\s+numesc|numele\s+meu\s+este"
    r"|ma\s+numesc|zovem\s+se|quhem|meu\s+nome\s+[ée]|меня\s+зовут|мене\s+звати|мо[єе]\s+ім['’]?я|мо[ёе]\s+имя|اسمي|اسمى"
    r"|نام\s+من|hier\s+schreibt|hier\s+spricht"
    r"|es\s+schreibt\s+ihnen|kontoinhaber(?:in)?\s*:?|(?:^|(?<=\n))(?:von|from)\s*:|bewerber(?:in)?\s*:|klient(?:in)?\s*:|patient(?:in)?\s*:|kund(?:e|in)\s*:|gezeichnet|gez\."
    r"|unterschrift\s*:?|ansprechpartner(?:in)?\s*:)\s*(?:(?:dr|prof|dipl|ing)\.[-\s]*(?:med\.\s*)?)*(?=\w)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?<!\w)(?:(?:Frau|Herrn?|Hr\.|Fr\.|Hrn\.|Mrs?\.?|Ms\.?|Madame|Monsieur|Señora?|Familie|Fam\.)\s+(?:(?:Dr|Prof"
    r"|Dipl)\.\s*(?:med\.\s*)?)*|(?:Dr|Prof)\.\s+(?:med\.\s+)?)(?=\w)"
)
_GREETED = re.compile(r"(?:^|\n)[ \t]*(?:Hallo|Liebe[rs]?|Hi|Hey|Moin|Dear|Hello|Guten Tag|Servus|Salam)[ ,]+(?=\w)")
_CLOSED = re.compile(
    r"(?<!\w)(?:(?:mit\s+)?(?:\w+en\s+)?(?:freundlich|best|lieb|herzlich|viel|schön|schoen|kollegial|sonnig)\w*\s+gr(?:ü"
    r"|ue|u)(?:ß|ss|s)en?|mfg|lg|vg|bg|gruß|gruss|grüße|gruesse|hochachtungsvoll"
    r"|(?:mit\s+)?freundlichem\s+gru(?:ß|ss)|(?:best|kind|warm)\s+regards|regards|yours\s+\w+|best\s+wishes|all\s+the\s+best|many\s+thanks|cheers|sincerely|cordialement"
    r"|saludos|un saludo|cordiali saluti|saygılarımla|pozdrawiam|z poważaniem|cu stimă|"
    r"з\s+повагою|с\s+уважением|(?:vielen\s+|herzlichen\s+|besten\s+)?dank(?:e)?(?:\s+(?:im\s+voraus|und\s+gru(?:ß|ss)"
    r"|schön))?(?=\s*[,.!]?\s*\n)|thanks?(?:\s+you)?(?=\s*[,.!]?\s*\n)|ihre?(?=\s*\n))"
    r"(?:\s+(?:aus|nach|von|vom)\s+[^\s,]+(?:\s[^\s,]+)?(?=[ \t]*[,.!]?\n))?"
    r"[ \t]*[,.!]?\s*(?:(?:ihre?|i\.\s?a\.|im auftrag|eure?|your|dein)\s+)?(?=\w)",
    re.IGNORECASE,
)
_BEING = re.compile(
    r"(?<!\w)(?:ich\s+bin|bin|i\s+am|i['’]m|je\s+suis|soy|sono|jestem|я|this\s+is|hier\s+ist)\s+(?:die\s+|der\s+)?(?=\w)",
    re.IGNORECASE,
)

# What follows a name that was written in small letters.
_AFTER_SMALL = re.compile(r"\s*(?:[,.;!?\n]|$|(?:und|and|y|e|et|ich|i|aus|from|komme|bin|wohne|habe|am|\d+)\b)", re.IGNORECASE)
_LINE = re.compile(r"(?:^|\n)[ \t]*(?=\w)")
_ADDRESSED = re.compile(r"\s*,?\s*(?:\ufffc|\*|geb\b|tel\b|mobil\b|e-?mail\b|\d{5}\s\w)", re.IGNORECASE)
_RELATION = re.compile(rf"(?<!\w)(?:{_RELATED})\s+(?=\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _first_names() -> frozenset[str]:
    return _listed("first_names.txt")


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    return _listed("no_names.txt")


def _listed(name: str) -> frozenset[str]:
    """The folded words of a list of the data."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


def is_name(word: str, anycase: bool = False) -> bool:
    """Whether `word` can be part of a person's name: no common word, no occupation; with a capital, or `anycase`."""
    folded = fold(word.rstrip("."))
    if len(folded) < 2 and not word.endswith("."):
        return False
    if folded in _no_names() or _WORK.search(folded):
        return False
    return anycase or word[0].isupper() or not (word[0].isupper() or word[0].islower())


def _read(text: str, start: int, anycase: bool = False, longest: int = _LONGEST) -> int:
    """Where the name that begins at `start` ends; `start` itself where none begins. With `anycase` also in small letters."""
    end = position = start
    count = 0
    small = False
    while count < longest and (match := _WORD.match(text, position)):
        word = match.group()
        particle = word in _PARTICLES and (count or word in _FIRST_PARTICLES)
        if not particle:
            # In small letters nobody knows where a name ends: two words at most, and only names we know or the first.
            allowed = anycase and (count == 0 or (small and count < 2))
            # Arabic writes „and“ into the next word; a name begins with و only where it stands first.
            if not is_name(word, allowed) or (count and word.startswith("و")):
                break
            small = word[0].islower()
            count += 1
            end = match.end() - (word.endswith(".") and len(word) > 2)
        gap = _GAP.match(text, match.end())
        if not gap or (word.endswith(".") and len(word) > 2):
            break
        position = gap.end()
    return end


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    for match in _INTRODUCED.finditer(text):
        label = match.group().rstrip().endswith(":")
        start = match.end()
        word = _WORD.match(text, start)
        if match.group().lower().startswith("ich werde") and not text[start : start + 40].lower().count("genannt"):
            continue
        end = _read(text, start, anycase=bool(word) and not label)
        if text[start].islower():
            end = _small(text, start, end)
        # „Name: Haddad, Lina“
        more = re.compile(r",[ ]").match(text, end) if label and end > start else None
        if more and _read(text, more.end(), longest=2) > more.end():
            end = _read(text, more.end(), longest=2)
        yield start, end


def _small(text: str, start: int, end: int) -> int:
    """The end of a name in small letters: where such words go on otherwise („my name is different on …“), there is none."""
    first = _WORD.match(text, start)
    assert first is not None
    known = fold(first.group()) in _first_names()
    for stop in (end, first.end()):
        if _AFTER_SMALL.match(text, stop):
            return stop
    return first.end() if known else start


def _titled(text: str) -> Iterator[tuple[int, int]]:
    for match in _TITLE.finditer(text):
        yield match.end(), _read(text, match.end())


def _greeted(text: str) -> Iterator[tuple[int, int]]:
    for match in _GREETED.finditer(text):
        end = _read(text, match.end(), longest=2)
        known = fold(text[match.end() : end].split(" ")[0]) in _first_names()
        if re.compile(r"\s*[,!\n]").match(text, end) or known:
            yield match.end(), end


def _closed(text: str) -> Iterator[tuple[int, int]]:
    for match in _CLOSED.finditer(text):
        start = match.end()
        end = _read(text, start)
        if end == start:
            end = _read(text, start, anycase=True, longest=2)
            # In small letters only a name that we know, or that is all there is.
            alone = not text[end:].strip(" .!") or text[end:].lstrip(" .!").startswith("\n")
            known = fold(text[start:end].split(" ")[0]) in _first_names()
            end = end if known or alone else start
        yield start, end


def _being(text: str) -> Iterator[tuple[int, int]]:
    for match in _BEING.finditer(text):
        word = _WORD.match(text, match.end())
        if word and fold(word.group()) in _first_names():
            yield match.end(), _read(text, match.end(), anycase=word.group()[0].islower())
            continue
        end = _read(text, match.end())
        parts = text[match.end() : end].split()
        follows = re.compile(r"\s*(?:[,.;!\n]|und\b|and\b|aus\b|from\b|$)").match(text, end)
        if len(parts) == 2 and follows and all(len(part) > 2 for part in parts) and match.group().lower() != "я ":
            yield match.end(), end


def _heading(text: str) -> Iterator[tuple[int, int]]:
    """A line that is nothing but a name, above an address, a number or a date of birth (found before: \ufffc)."""
    for match in _LINE.finditer(text):
        end = _read(text, match.end())
        if len(text[match.end() : end].split()) > 1 and _ADDRESSED.match(text, end):
            yield match.end(), end


def _related(text: str) -> Iterator[tuple[int, int]]:
    """„mein Sohn Daniel“: only first names that we know, since „meine Frau Ärztin“ is the same to the eye."""
    for match in _RELATION.finditer(text):
        word = _WORD.match(text, match.end())
        if word and word.group()[0].isupper() and fold(word.group()) in _first_names():
            yield match.end(), _read(text, match.end())


SEARCHES: tuple[tuple[str, Search], ...] = (
    ("Name", _closed),
    ("Name", _introduced),
    ("Name", _titled),
    ("Name", _greeted),
    ("Name", _being),
    ("Name", _related),
    ("Name", _heading),
)
