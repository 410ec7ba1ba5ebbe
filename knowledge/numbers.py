"""Personal data that is made of digits or signs: addresses, numbers, dates of birth. See knowledge/redaction.py."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from knowledge.editions import DATA

Search = Callable[[str], Iterator[tuple[int, int]]]

_MONTHS = (
    "Jan(?:uar)?|Jän(?:ner)?|Feb(?:ruar)?|März|Maerz|Mrz|Apr(?:il)?|Mai|Juni?|Juli?|Aug(?:ust)?|Sept?(?:ember)?|"
    "O[kc]t(?:ober)?|Nov(?:ember)?|De[zc](?:ember)?|January|February|March|May|June|July|October|December"
)
_DATE = (
    rf"(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:19|20)?\d{{2}}\b|(?:19|20)\d\d[-./]\d{{1,2}}[-./]\d{{1,2}}\b"
    rf"|\d{{1,2}}\.?\s?(?:{_MONTHS})\.?\s?(?:19|20)\d\d\b|(?:{_MONTHS})\s\d{{1,2}},?\s(?:19|20)\d\d\b)"
)
_BORN = (
    r"geb(?:oren)?\b\.?(?:\s?dat(?:um|\.)?)?|geburtsdatum|geburtstag|geburts-?\s?dat\w*|geb\.?-dat\w*|birth\s?date|birthday"
    r"|date of birth|born|dob|n[ée]+ le|doğum tarih\w*|dogum tarih\w*|рожден\w*|народжен\w*|народил\w*|родил\w*|\*"
    r"|urodz\w*|n[ăa]scut\w*|nacid\w*|nat[oa] il|تاريخ الميلاد|متولد"
)
_MONTH = re.compile(r"\d{1,2}\s?[./-]\s?\d{4}|\d{4}\s?[/–-]\s?\d{2,4}")
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)
_BIRTH = re.compile(
    rf"(?:(?<!\w)(?:{_BORN})\s*(?:[:=–-]|ist|is|war|was|am|on|el|w dniu|der|den|\s)*)({_DATE})|({_DATE})(?=\s*(?:geb\b"
    rf"|geboren|born))",
    re.IGNORECASE,
)
# A full date of that age without a word that says what happened then is, in a letter, the person's own.
_OLD = re.compile(r"\d{1,2}\s?[./]\s?\d{1,2}\s?[./]\s?(?:19[3-9]\d|200\d)\b")
_HAPPENED = re.compile(
    r"\b(?:am|vom|seit|bis|zum|den|dem|ab|von|datum|stand|since|from|until|on|the|der|und|zwischen|[-–])\s*:?\s*$",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.+-])[\w.+-]+\s?[\[({]\s?(?:at|ät|@)\s?[\])}]\s?[\w-]+"
    r"(?:(?:\.|\s?[\[({]\s?(?:dot|punkt)\s?[\])}]\s?)[\w-]+)+"
    r"|(?<![\w.+-])[\w+-]+(?:(?:\.|\s(?:dot|punkt)\s)[\w+-]+)*\s(?:at|ät|et)\s[\w-]+(?:\s(?:dot|punkt)\s[\w-]+)+"
    r"|(?<![\w.+-])[\w.+-]+\s@\s?[\w-]+(?:\s?\.\s?(?:com|de|org|net|ru|ua|at|ch|eu|pl))\b"
    r"|(?<![\w.+-])[\w.+-]+\s(?:at|ät)\s(?:gmail|gmx|web|yahoo|outlook|hotmail|icloud|t-online|mail)\.\w+",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:https?://)?(?:www\.)?(?:facebook|instagram|linkedin|tiktok|xing|vk|t)\.(?:com|me)/[\w./?=%-]+"
    r"|(?<![\w@.])@[a-zA-Z_][\w.]{2,}"
)
_IBAN = re.compile(
    r"\b[A-Z]{2}\s?\d{2}(?:[ -]?[A-Z0-9]{4}){3,7}(?:[ -]?[A-Z0-9]{1,3})?\b|\bde\s?\d{2}(?:[ -]?\d{4}){4}[ -]?\d{2}\b"
)
_LABEL = (
    r"(?:\b(?:akten-?\s?zeichen|az|gz|geschäfts-?\s?zeichen|geschaeftszeichen|unser zeichen|ihr zeichen|mein zeichen)\b\.?"
    r"|\b(?:kunden|kd|bg|bedarfsgemeinschafts|pass|reisepass|ausweis|personalausweis|führerschein|aufenthaltstitel|azr|steuer"
    r"|identifikations|sozialversicherungs|sozialvers|sv|rentenversicherungs|rv|versicherten|versicherungs"
    r"|krankenversicherungs"
    r"|vorgangs|antrags|mitglieds|matrikel|personal|referenz|fall|vers|konto|depot|akten|bescheid|ticket|id|visum"
    r"|visa)[.-]?\s?"
    r"(?:nummer|nr\b\.?|id\b|no\b\.?|number)"
    r"|\b(?:steuer-?id|steueridentifikationsnummer|kto\b\.?|blz|pesel|passport|file (?:no|number)|case (?:no|number)|id card"
    r"|bedarfsgemeinschaft|numer paszportu|номер паспорт\w*|паспорт|pasaport\w*|passeport)\b)"
)
_PIECE = r"(?:[A-Za-z]{0,5}\d[\dA-Za-z]*|[A-Z]{1,4}\b)"
_RUN = rf"{_PIECE}(?:\s?[./\-–_]/?\s?{_PIECE}|\s(?!\d{{5}}\s[A-ZÄÖÜ][a-zäöüß])(?![ABC][12]\b){_PIECE})*"
_LABELLED = re.compile(
    rf"(?i:{_LABEL}\s*(?:\(?(?:nummer|nr\.?|no\.?|number|№|n°)\)?)?\s*(?:[:=#]|ist|lautet|is|war)?\s*(?:die\s)?)({_RUN})"
)
# The paper itself, with its number straight behind: „Ausweis L01X00T471“, „Antrag AN-2025-00417“.
_PAPER = re.compile(
    rf"(?i:\b(?:reisepass|pass|ausweis|personalausweis|führerschein|antrag|bescheid|vorgang|fall|ticket|akte|bg)\b\s*[:#]?\s*)({_RUN})"
)
# Numbers whose form alone tells what they are: Bedarfsgemeinschaft, customer of the Arbeitsagentur, social insurance, papers.
_FORMED = re.compile(
    r"\b(?:\d{5}//?\d{7}|\d{5}\s?BG\s?\d{7}|\d{3}[A-Z]\d{6}|\d{2}\s?\d{6}\s?[A-Z]\s?\d{3}|[A-Z]{1,2}\d{6,9}|[A-Z]{2}\s\d{6,7}"
    r"|(?=(?:[A-Z]*\d){3})[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}|(?:\d{4}[ -]){3}\d{4}|\d{8,40})\b"
)
_CALL = (
    r"(?:tel(?:efon)?(?:nummer|nr|-nr)?|handy(?:nummer|nr)?|mobil(?:nummer|funk)?|whats\s?app|fax|phone|mobile|festnetz"
    r"|rufnummer|viber|telegram|тел\w*|rückruf)"
)
_DIGITS = r"\(?\d[\d\s()/.\-–]{4,24}\d"
_PHONE = re.compile(r"(?<![\w§.,+])(?:(?:\+|00)\s?\(?\d[\d\s()/.\-–]{5,24}\d|\(?0\)?\s?[\d(][\d\s()/.\-–]{4,24}\d)(?![\w])")
_CALLED = re.compile(rf"\b{_CALL}\b\.?\s*(?:[:=]|ist|is|unter|meine|nummer|\s)*\s*({_DIGITS})(?!\w)", re.IGNORECASE)
_SPOKEN_DIGIT = (
    r"(?:null|eins?|zwei|zwo|drei|vier|fünf|fuenf|funf|sechs|sieben|acht|neun|zero|oh|one|two|three|four|five|six|seven"
    r"|eight|nine|\d{1,4})"
)
_SPOKEN = re.compile(
    rf"\b(?:plus\s)?(?:(?:doppel|double)[\s-]?)?{_SPOKEN_DIGIT}(?:[\s,./-]+(?:(?:doppel"
    rf"|double)[\s-]?)?{_SPOKEN_DIGIT}){{6,}}\b",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(r"[^\W\d]{3,}")
_FIVES = re.compile(r"\d{5}(?:\D+\d{5})*")
_HOURS = re.compile(r"\d{1,2}[.:]\d{2}\s?(?:Uhr)?\s?(?:-|–|bis)\s?\d{1,2}[.:]\d{2}")
_MONEY = re.compile(r"(?:€|Euro|EUR)\s?\d[\d.,' ]{0,14}|\d[\d.,' ]{0,14}\s?(?:,-\s?)?(?:€|Euro|EUR|Dollar|\$)", re.IGNORECASE)


def _all(pattern: re.Pattern[str]) -> Search:
    def search(text: str) -> Iterator[tuple[int, int]]:
        return (match.span() for match in pattern.finditer(text))

    return search


def _labelled(text: str) -> Iterator[tuple[int, int]]:
    for match in _LABELLED.finditer(text):
        if sum(c.isdigit() for c in match.group(1)) >= 3 and not _ANY_DATE.fullmatch(match.group(1)):
            yield match.span(1)
    for match in _PAPER.finditer(text):
        number = match.group(1)
        mixed = any(c.isalpha() or c in "-/" for c in number) and not _MONTH.fullmatch(number)
        if (
            mixed
            and sum(c.isdigit() for c in number) >= 4
            and not _ANY_DATE.fullmatch(number)
            and not _LABELLED.match(match.group())
        ):
            yield match.span(1)


def _formed(text: str) -> Iterator[tuple[int, int]]:
    money = [match.span() for match in _MONEY.finditer(text)]
    for match in _FORMED.finditer(text):
        before = text[match.start() - 1 : match.start()]
        # A number with a plus or in the middle of a longer one belongs to a telephone; sums of money stay.
        office = _key(match.group()) in _offices()
        if (
            before not in ("+", "/", "-", "(")
            and not office
            and not match.group().startswith("0")
            and not _inside(match, money)
        ):
            yield match.span()


def _birth(text: str) -> Iterator[tuple[int, int]]:
    known = []
    for match in _BIRTH.finditer(text):
        known.append(match.span(1) if match.group(1) else match.span(2))
        yield known[-1]
    for match in _OLD.finditer(text):
        after = text[match.end() : match.end() + 12].lstrip().lower()
        told = _HAPPENED.search(text[: match.start()]) or after.startswith(("-", "–", "bis "))
        if not told and not any(start <= match.start() < end for start, end in known):
            yield match.span()


def _phone(text: str) -> Iterator[tuple[int, int]]:
    fixed = [match.span() for pattern in (_ANY_DATE, _HOURS, _MONEY) for match in pattern.finditer(text)]
    ends = 0
    for match in sorted((*_PHONE.finditer(text), *_CALLED.finditer(text)), key=lambda found: found.start()):
        start, end = match.span(match.lastindex or 0)
        end = start + len(_without_postal_code(text[start:end]))
        number = text[start:end]
        digits = sum(c.isdigit() for c in number)
        dated = any(first <= start < last for first, last in fixed)
        if (
            start >= ends
            and 6 <= digits <= 17
            and not dated
            and not _FIVES.fullmatch(number)
            and _key(number) not in _offices()
        ):
            ends = end
            yield start, end


def _without_postal_code(number: str) -> str:
    """`0151 2345678 33330` and a line that begins with a postal code: the code is no part of the number."""
    lines = number.split("\n")
    if len(lines) > 1 and sum(c.isdigit() for c in lines[0]) >= 6:
        return lines[0].rstrip(" (/.-–")
    match = re.fullmatch(r"((?:\+|00?)[\d/()-]*[\s/-]?\d{5,})\s\d{5}", number)
    return match.group(1) if match else number


def _spoken(text: str) -> Iterator[tuple[int, int]]:
    for match in _SPOKEN.finditer(text):
        if len(_IN_WORDS.findall(match.group())) >= 3:
            yield match.span()


def _inside(match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(start <= match.start() < end for start, end in spans)


def _key(number: str) -> str:
    """The digits of a number as one dials it inside Germany."""
    digits = "".join(str(unicodedata.digit(c)) for c in number if c.isdigit())
    if number.lstrip().startswith("+49") or digits.startswith("0049"):
        return "0" + digits.split("49", 1)[1].lstrip("0")
    return digits


@lru_cache(maxsize=1)
def _offices() -> frozenset[str]:
    """Numbers that stand in our own texts and lists: offices, hotlines, emergency."""
    found = set()
    # Telephone numbers of the data, and no words: read as text, so that this needs no knowledge to be loaded.
    for path in [*DATA.glob("*.yml"), *DATA.glob("answers/*.yml"), *DATA.glob("editions/*/*.yml")]:
        if path.name != "concepts.yml":
            text = path.read_text(encoding="utf-8")
            found |= {_key(match.group()) for match in re.finditer(r"(?<![\w./-])\+?\d[\d ()/–-]{1,18}\d(?![\w.])", text)}
    return frozenset(number for number in found if 3 <= len(number) <= 15)


SEARCHES: tuple[tuple[str, Search], ...] = (
    ("E-Mail", _all(_EMAIL)),
    ("E-Mail", _all(_ACCOUNT)),
    ("IBAN", _all(_IBAN)),
    ("Datum", _birth),
    ("Nummer", _labelled),
    ("Telefon", _phone),
    ("Telefon", _spoken),
    ("Nummer", _formed),
)
