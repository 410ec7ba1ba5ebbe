"""Takes personal data out of a text before it is read, stored or shown. Places, occupations and sums of money stay.

What is replaced: e-mail and web addresses with a name, telephone numbers, IBAN, dates (of birth, of letters), numbers of
files and papers, streets with a number, names behind „ich heiße“ and titles. Postal codes and § numbers stay.
"""

from __future__ import annotations

import re

_NAME = r"[A-ZÄÖÜ][\wäöüß'’-]+(?:\s+(?:von|van|al|el|de)?\s*[A-ZÄÖÜ][\wäöüß'’-]+){0,2}"
# In this order: the longer and more certain patterns first, so that a part of them is not taken for something else.
_RULES = (
    ("E-Mail", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b")),
    ("Datum", re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])\s?[./]\s?(?:0?[1-9]|1[0-2])\s?[./]\s?(?:19|20)?\d{2}\b")),
    (
        "Nummer",
        re.compile(
            r"(?i:\b(?:az|aktenzeichen|azr|pass(?:nummer|nr)?|ausweis(?:nummer|nr)?|kundennummer|bg-nummer)\b[.:]?\s*(?:nr\.?)?\s*)"
            r"[A-Z0-9][A-Z0-9./-]*\d[A-Z0-9./-]*"
        ),
    ),
    ("Telefon", re.compile(r"(?<![\w§])(?:\+|00)\d[\d ()/.-]{6,}\d\b")),
    ("Telefon", re.compile(r"(?<![\w§.,])0\d{1,4}[ /-]?\(?\d[\d /-]{4,}\d\b")),
    ("Nummer", re.compile(r"(?<!\w)\d{8,}(?!\w)")),
    (
        "Straße",
        re.compile(r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer)\s*\d+\s?[a-z]?\b"),
    ),
    ("Name", re.compile(rf"(?<=\bheiße )(?:{_NAME})|(?<=\bheisse )(?:{_NAME})|(?<=\bName ist )(?:{_NAME})")),
    ("Name", re.compile(rf"(?<=\bFrau )(?:Dr\. )?{_NAME}|(?<=\bHerr )(?:Dr\. )?{_NAME}|(?<=\bHerrn )(?:Dr\. )?{_NAME}")),
)


def redact(text: str) -> str:
    """`text` with personal data replaced by what it was, in brackets. Doing it twice changes nothing more.

    >>> redact("Ich heiße Lina Haddad, Tel. 0151 2345678")
    'Ich heiße [Name], Tel. [Telefon]'
    """
    for kind, pattern in _RULES:
        text = pattern.sub(f"[{kind}]", text)
    return text
